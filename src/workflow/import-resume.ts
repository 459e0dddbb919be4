/** Owns recognising a file that was read before: unchanged, or grown behind a beginning that is the same. */
import type { LineCounts } from '../domain/import-report.ts'
import {
  countsOf,
  emptyLedger,
  type FileLedger,
  findEarlier,
  type StoredFile,
  wasReadFurther,
} from '../store/imports.ts'
import type { Fingerprint } from './fingerprint.ts'
import { type FileWork, readerName } from './import-file.ts'

export type Start = { ledger: FileLedger; isWhole: boolean }

type Mark = { bytes: number; crc32: number; row: StoredFile; isWhole: boolean }

/** What is known of the file; an empty ledger when it is new. The fingerprint then stands where reading begins. */
export async function recognise(
  work: FileWork,
  path: string,
  fingerprint: Fingerprint,
  onlyWhole: boolean,
): Promise<Start> {
  const rows = await work.transactions.read((db) => findEarlier(db, path, readerName(work.source)))
  const marks = rows
    .flatMap((row) => marksOf(row, fingerprint.size))
    .filter(({ isWhole }) => isWhole || !onlyWhole)
  const mark = await furthest(marks, fingerprint)
  if (mark?.isWhole) return { ledger: unchanged(mark.row), isWhole: true }
  if (mark && !(await wasAbandoned(work, mark))) return { ledger: beginningOf(mark.row), isWhole: false }
  fingerprint.restart()
  return { ledger: emptyLedger(), isWhole: false }
}

/**
 * Whether an import went on from there and read something else: what it could not take stands under the same first
 * reading, and would be told of this file as well. Then all of it is read again.
 */
function wasAbandoned({ transactions }: FileWork, { row, bytes }: Mark): Promise<boolean> {
  return transactions.read((db) => wasReadFurther(db, row.first_seq ?? row.seq, bytes))
}

function marksOf(row: StoredFile, size: number): Mark[] {
  const { taken_bytes, taken_crc32, whole_crc32 } = row
  const marks: Mark[] = []
  if (whole_crc32 !== null && row.size === size)
    marks.push({ bytes: size, crc32: whole_crc32, row, isWhole: true })
  if (taken_crc32 !== null && taken_bytes > 0 && taken_bytes <= size) {
    marks.push({ bytes: taken_bytes, crc32: taken_crc32, row, isWhole: false })
  }
  return marks
}

/** The last of them up to which the file is the same; one that is the whole file wins over its own last line. */
async function furthest(marks: Mark[], fingerprint: Fingerprint): Promise<Mark | undefined> {
  const inOrder = marks.sort((a, b) => a.bytes - b.bytes || Number(a.isWhole) - Number(b.isWhole))
  let found: Mark | undefined
  for (const mark of inOrder) {
    if (!(await fingerprint.advance(mark.bytes))) break
    if (mark.crc32 === fingerprint.crc32()) found = mark
  }
  if (found && found.bytes !== inOrder.at(-1)?.bytes) {
    fingerprint.restart()
    await fingerprint.advance(found.bytes)
  }
  return found
}

/** What was imported then is known now. */
function unchanged(row: StoredFile): FileLedger {
  const { taken_bytes, taken_lines, taken_crc32, tail, whole_crc32, first_seq, size } = row
  return {
    ...{ counts: known(countsOf(row)), warnings: JSON.parse(row.warnings) as Record<string, number> },
    ...{ size, bytes_read: size, first_seq, taken_bytes, taken_lines, taken_crc32, whole_crc32 },
    tail: tail === 'imported' ? 'duplicate' : tail,
  }
}

/** A last line without its end is read again: it may have got one, and more. */
function beginningOf(row: StoredFile): FileLedger {
  const counts = countsOf(row)
  if (row.tail) {
    counts[row.tail] -= 1
    counts.lines -= 1
  }
  return {
    ...unchanged(row),
    ...{ counts: known(counts), bytes_read: row.taken_bytes, tail: null, whole_crc32: null },
  }
}

function known(counts: LineCounts): LineCounts {
  return { ...counts, imported: 0, duplicate: counts.duplicate + counts.imported }
}
