/** Owns the runs that were imported, and the two names by which a run is asked for. */
import type { Selectable } from 'kysely'
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
      : await db.selectFrom('runs').select('run_id').where('directory', '=', name).execute()
  return rows.map(({ run_id }) => run_id)
}

/** The files from which runs of this directory name were read, newest import first. */
export async function findImportedPaths(db: Reading, runId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('import_files')
    .innerJoin('runs', 'runs.directory', 'import_files.directory')
    .select('import_files.path')
    .where('runs.run_id', '=', runId)
    .orderBy('import_files.seq', 'desc')
    .execute()
  return [...new Set(rows.map(({ path }) => path))]
}
