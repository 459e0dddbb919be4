/** Owns the runs that were imported, and the two names by which a run is asked for. */
import type { ExpressionBuilder, Selectable } from 'kysely'
import type { Reading } from './open.ts'
import type { Tables } from './tables.ts'

export type RunRow = Selectable<Tables['runs']>

export async function listRuns(db: Reading): Promise<RunRow[]> {
  return db.selectFrom('runs').selectAll().execute()
}

/** The ids behind a name: the run of that id, else all runs read from a directory of that name, else none. */
export async function findRunIds(db: Reading, name: string): Promise<string[]> {
  const byId = await db.selectFrom('runs').select('run_id').where('run_id', '=', name).execute()
  const rows =
    byId.length > 0
      ? byId
      : await db.selectFrom('run_directories').select('run_id').where('directory', '=', name).execute()
  return rows.map(({ run_id }) => run_id)
}

/** Runs whose last import never came to its end: a killed process, or one that is still at it. */
export async function findUnfinishedRunIds(db: Reading): Promise<Set<string>> {
  const rows = await db
    .selectFrom('import_files')
    .innerJoin('imports', 'imports.seq', 'import_files.import_seq')
    .innerJoin('run_directories', 'run_directories.directory', 'import_files.directory')
    .select('run_directories.run_id')
    .where('imports.finished_at', 'is', null)
    .where((eb) => eb.not(eb.exists(laterReading(eb))))
    .execute()
  return new Set(rows.map(({ run_id }) => run_id))
}

function laterReading(eb: ExpressionBuilder<Tables, 'import_files'>) {
  return eb
    .selectFrom('import_files as later')
    .select('later.seq')
    .whereRef('later.path', '=', 'import_files.path')
    .whereRef('later.seq', '>', 'import_files.seq')
}

/** The files from which runs of this directory name were read, newest import first. */
export async function findImportedPaths(db: Reading, runId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('import_files')
    .innerJoin('run_directories', 'run_directories.directory', 'import_files.directory')
    .select('import_files.path')
    .where('run_directories.run_id', '=', runId)
    .orderBy('import_files.seq', 'desc')
    .execute()
  return [...new Set(rows.map(({ path }) => path))]
}
