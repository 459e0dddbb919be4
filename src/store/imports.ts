/** Owns the ledger of imports: each act, each file, how far it was read, and what went on where another one ended. */
import type { Selectable } from 'kysely'
import type { FileReport, Ignored, LineCounts } from '../domain/import-report.ts'
import { noLines } from '../domain/import-report.ts'
import { cleanText } from '../domain/record.ts'
import type { Reading, Writing } from './open.ts'
import type { ImportState, Tables } from './tables.ts'

export type StoredImport = Selectable<Tables['imports']>
export type StoredFile = Selectable<Tables['import_files']>

export async function beginImport(
  trx: Writing,
  begun: { source: string; reviewer: string; now: string },
): Promise<number> {
  const { source, reviewer, now } = begun
  const { seq } = await trx
    .insertInto('imports')
    .values({
      ...{ source, reviewer, started_at: now, seen_at: now, finished_at: null },
      ...{ state: 'running', ignored: JSON.stringify({ count: 0, paths: [] }) },
    })
    .returning('seq')
    .executeTakeFirstOrThrow()
  return seq
}

/** What an import says of itself while it runs: that it lives, and how much there is to read. */
export async function noteImport(
  trx: Writing,
  importSeq: number,
  note: { now: string; size?: number; ignored?: Ignored },
): Promise<void> {
  const { now, size, ignored } = note
  await trx
    .updateTable('imports')
    .set({
      seen_at: now,
      ...(size !== undefined && { size }),
      ...(ignored && { ignored: JSON.stringify(ignored) }),
    })
    .where('seq', '=', importSeq)
    .execute()
}

export async function endImport(
  trx: Writing,
  importSeq: number,
  end: { state: Exclude<ImportState, 'running'>; trouble: string | null; now: string },
): Promise<void> {
  const { state, trouble, now } = end
  await trx
    .updateTable('imports')
    .set({ state, trouble: trouble === null ? null : cleanText(trouble), seen_at: now })
    .set(state === 'finished' ? { finished_at: now } : {})
    .where('seq', '=', importSeq)
    .execute()
}

/** How far a file was read, and what its lines came to. See `Tables['import_files']`. */
export type FileLedger = {
  counts: LineCounts
  warnings: Record<string, number>
  size: number
  bytes_read: number
  first_seq: number | null
  taken_bytes: number
  taken_lines: number
  taken_crc32: number | null
  tail: keyof LineCounts | null
  whole_crc32: number | null
  refused?: FileReport['refused']
}

export function emptyLedger(): FileLedger {
  return {
    ...{ counts: noLines(), warnings: {}, size: 0, bytes_read: 0, first_seq: null },
    ...{ taken_bytes: 0, taken_lines: 0, taken_crc32: null, tail: null, whole_crc32: null },
  }
}

/** `path`: whole, because the next process may stand elsewhere. `reader`: see `Tables['import_files']`. */
export async function beginImportFile(
  trx: Writing,
  importSeq: number,
  file: { path: string; directory: string; reader: string },
): Promise<number> {
  const { seq } = await trx
    .insertInto('import_files')
    .values({
      import_seq: importSeq,
      path: cleanText(file.path),
      directory: cleanText(file.directory),
      reader: file.reader,
      ...columnsOf(emptyLedger()),
    })
    .returning('seq')
    .executeTakeFirstOrThrow()
  return seq
}

/** Written with the lines themselves, so that a crash leaves a true ledger. */
export async function updateImportFile(trx: Writing, fileSeq: number, ledger: FileLedger): Promise<void> {
  await trx
    .updateTable('import_files')
    .set({ ...columnsOf(ledger), first_seq: ledger.first_seq ?? fileSeq })
    .where('seq', '=', fileSeq)
    .execute()
}

function columnsOf({ counts, warnings, refused, ...columns }: FileLedger) {
  const { lines, imported, duplicate, conflict, rejected, skipped, blank } = counts
  return {
    ...columns,
    ...{ lines, imported, duplicate, conflict, rejected, skipped, blank },
    warnings: JSON.stringify(warnings),
    refused_code: refused?.code ?? null,
    refused_reason: refused ? cleanText(refused.reason) : null,
  }
}

export function countsOf(row: StoredFile): LineCounts {
  const { lines, imported, duplicate, conflict, rejected, skipped, blank } = row
  return { lines, imported, duplicate, conflict, rejected, skipped, blank }
}

const EARLIER_KEPT_IN_MIND = 5

/** The last times that this reader read a file of this path, newest first. */
export async function findEarlier(db: Reading, path: string, reader: string): Promise<StoredFile[]> {
  return db
    .selectFrom('import_files')
    .selectAll()
    .where('path', '=', cleanText(path))
    .where('reader', '=', reader)
    .where((eb) => eb.or([eb('taken_crc32', 'is not', null), eb('whole_crc32', 'is not', null)]))
    .orderBy('seq', 'desc')
    .limit(EARLIER_KEPT_IN_MIND)
    .execute()
}

/** Whether one of the readings that began with `firstSeq` took more of the file than `bytes`. */
export async function wasReadFurther(db: Reading, firstSeq: number, bytes: number): Promise<boolean> {
  const further = await db
    .selectFrom('import_files')
    .select('seq')
    .where('first_seq', '=', firstSeq)
    .where('taken_bytes', '>', bytes)
    .limit(1)
    .executeTakeFirst()
  return further !== undefined
}

/** Newest first; with `seq` only that one. */
export async function listImports(db: Reading, limit: number, seq?: number): Promise<StoredImport[]> {
  const query = db.selectFrom('imports').selectAll().orderBy('seq', 'desc').limit(limit)
  return (seq === undefined ? query : query.where('seq', '=', seq)).execute()
}

/** In the order in which they were read. */
export async function listImportFiles(db: Reading, importSeqs: number[]): Promise<StoredFile[]> {
  if (importSeqs.length === 0) return []
  return db
    .selectFrom('import_files')
    .selectAll()
    .where('import_seq', 'in', importSeqs)
    .orderBy('seq')
    .execute()
}
