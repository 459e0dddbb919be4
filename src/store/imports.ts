/** Owns the ledger of imports: each act, each file, and every line that could not be taken, with its bytes. */

import { resolve } from 'node:path'
import type { Selectable } from 'kysely'
import type { FileReport, ImportProblem, LineCounts } from '../domain/import-report.ts'
import { noLines } from '../domain/import-report.ts'
import { cleanText } from '../domain/record.ts'
import type { Reading, Writing } from './open.ts'
import type { Tables } from './tables.ts'

export async function beginImport(
  trx: Writing,
  begun: { source: string; reviewer: string; now: string },
): Promise<number> {
  const { seq } = await trx
    .insertInto('imports')
    .values({ source: begun.source, reviewer: begun.reviewer, started_at: begun.now, finished_at: null })
    .returning('seq')
    .executeTakeFirstOrThrow()
  return seq
}

export async function finishImport(trx: Writing, importSeq: number, now: string): Promise<void> {
  await trx.updateTable('imports').set({ finished_at: now }).where('seq', '=', importSeq).execute()
}

export async function beginImportFile(
  trx: Writing,
  importSeq: number,
  file: { path: string; directory: string },
): Promise<number> {
  const { seq } = await trx
    .insertInto('import_files')
    .values({
      import_seq: importSeq,
      // Whole, because the next process may stand elsewhere.
      path: cleanText(resolve(file.path)),
      directory: cleanText(file.directory),
      ...noLines(),
      size: 0,
      bytes_read: 0,
      warnings: '{}',
    })
    .returning('seq')
    .executeTakeFirstOrThrow()
  return seq
}

/** A path that could not even be opened has its row all the same. */
export async function keepRefusedFile(
  trx: Writing,
  importSeq: number,
  { path, ...refused }: { path: string; code: string; reason: string },
): Promise<void> {
  const seq = await beginImportFile(trx, importSeq, { path, directory: '' })
  await updateImportFile(trx, seq, noLines(), {}, { size: 0, bytesRead: 0, refused })
}

/** What the file's lines came to so far; written with the lines themselves, so that a crash leaves a true ledger. */
export async function updateImportFile(
  trx: Writing,
  fileSeq: number,
  counts: LineCounts,
  warnings: Record<string, number>,
  { size, bytesRead, refused }: { size: number; bytesRead: number; refused?: FileReport['refused'] },
): Promise<void> {
  const { lines, imported, duplicate, conflict, rejected, skipped, blank } = counts
  await trx
    .updateTable('import_files')
    .set({
      ...{ lines, imported, duplicate, conflict, rejected, skipped, blank },
      size,
      bytes_read: bytesRead,
      warnings: JSON.stringify(warnings),
      refused_code: refused?.code ?? null,
      refused_reason: refused ? cleanText(refused.reason) : null,
    })
    .where('seq', '=', fileSeq)
    .execute()
}

export type KeptProblem = Omit<ImportProblem, 'path'> & {
  kind: 'rejected' | 'conflict'
  raw: Uint8Array | null
}

const PROBLEMS_AT_ONCE = 500

export async function keepProblems(trx: Writing, fileSeq: number, problems: KeptProblem[]): Promise<void> {
  for (let start = 0; start < problems.length; start += PROBLEMS_AT_ONCE) {
    const rows = problems.slice(start, start + PROBLEMS_AT_ONCE).map((problem) => ({
      import_file_seq: fileSeq,
      kind: problem.kind,
      line: problem.line,
      code: problem.code,
      reason: cleanText(problem.reason),
      raw: problem.raw,
    }))
    await trx.insertInto('import_problems').values(rows).execute()
  }
}

export type StoredImport = Selectable<Tables['imports']>

/** Newest first; with `seq` only that one. */
export async function listImports(db: Reading, limit: number, seq?: number): Promise<StoredImport[]> {
  const query = db.selectFrom('imports').selectAll().orderBy('seq', 'desc').limit(limit)
  return (seq === undefined ? query : query.where('seq', '=', seq)).execute()
}

/** In the order in which they were read. */
export async function listImportFiles(
  db: Reading,
  importSeqs: number[],
): Promise<Selectable<Tables['import_files']>[]> {
  if (importSeqs.length === 0) return []
  return db
    .selectFrom('import_files')
    .selectAll()
    .where('import_seq', 'in', importSeqs)
    .orderBy('seq')
    .execute()
}

/** In the order of files and lines, without their bytes. */
export async function listProblems(db: Reading, importSeq: number) {
  return problemsOf(db, importSeq)
    .select(['import_files.path', 'kind', 'line', 'code', 'reason'])
    .orderBy('import_problems.seq')
    .execute()
}

const REJECTED_AT_ONCE = 50

/** A line may have megabytes: a few at a time. */
export async function* pageRejectedLines(db: Reading, importSeq: number): AsyncGenerator<Uint8Array> {
  let after = 0
  while (true) {
    const rows = await problemsOf(db, importSeq)
      .select(['import_problems.seq', 'raw'])
      .where('kind', '=', 'rejected')
      .where('import_problems.seq', '>', after)
      .orderBy('import_problems.seq')
      .limit(REJECTED_AT_ONCE)
      .execute()
    const last = rows.at(-1)
    if (!last) return
    for (const { raw } of rows) if (raw) yield Buffer.concat([raw, Buffer.from('\n')])
    after = last.seq
  }
}

function problemsOf(db: Reading, importSeq: number) {
  return db
    .selectFrom('import_problems')
    .innerJoin('import_files', 'import_files.seq', 'import_problems.import_file_seq')
    .where('import_files.import_seq', '=', importSeq)
}
