/** Owns the ledger of imports: each act, each file, and every line that could not be taken, with its bytes. */
import type { FileReport, ImportProblem, LineCounts } from '../domain/import-report.ts'
import { noLines } from '../domain/import-report.ts'
import { cleanText } from '../domain/record.ts'
import type { Writing } from './open.ts'

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
      path: cleanText(file.path),
      directory: cleanText(file.directory),
      ...noLines(),
      warnings: '{}',
    })
    .returning('seq')
    .executeTakeFirstOrThrow()
  return seq
}

/** What the file's lines came to so far; written with the lines themselves, so that a crash leaves a true ledger. */
export async function updateImportFile(
  trx: Writing,
  fileSeq: number,
  counts: LineCounts,
  warnings: Record<string, number>,
  refused?: FileReport['refused'],
): Promise<void> {
  const { lines, imported, duplicate, conflict, rejected, skipped, blank } = counts
  await trx
    .updateTable('import_files')
    .set({
      ...{ lines, imported, duplicate, conflict, rejected, skipped, blank },
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
