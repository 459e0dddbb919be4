/** Owns the import of one file: what is known of it already, the rest line by line, and the law that nothing is lost. */
import { addCounts, type LineCounts, noLines } from '../domain/import-report.ts'
import { type FoundFile, refusalOf } from '../sources/find-files.ts'
import { toPath } from '../sources/open-regular.ts'
import { type FileEnd, Refusal } from '../sources/source.ts'
import type { Books } from '../store/books.ts'
import { type KeptProblem, keepProblems } from '../store/import-problems.ts'
import { beginImportFile, emptyLedger, type FileLedger } from '../store/imports.ts'
import type { Records } from '../store/incoming.ts'
import { type Fate, insertCandidates, rawOf } from '../store/insert-candidates.ts'
import type { Writing } from '../store/open.ts'
import type { Deps } from './deps.ts'
import { type Fingerprint, type Known, openFingerprint } from './fingerprint.ts'
import { type Batch, knownBy } from './import-batch.ts'
import { isCompressed, type Reader } from './import-read.ts'
import { recognise } from './import-resume.ts'
import type { Cell, Transactions } from './import-transactions.ts'

export type FileWork = {
  deps: Deps
  transactions: Transactions
  reader: Reader
  source: string
  importSeq: number
  leaveTail: boolean
  signal: AbortSignal | undefined
  /** Called with each batch, and with what was known of a file already. */
  onLines(path: string, lines: number): Promise<void>
}

export type FileCell = Cell<{ seq: number; ledger: FileLedger }>

/** About what a file's row costs. */
const ROW_BYTES = 2048
/** Raise it when lines are judged in another way: then files that have not changed are read anew, once. */
const JUDGEMENT = 1

export function readerName(source: string): string {
  return `${source} ${JUDGEMENT}`
}

/** Trouble with the file is in its ledger; only a store that fails, or an abort, throws. */
export async function importFile(work: FileWork, file: FoundFile): Promise<void> {
  const cell: FileCell = { value: { seq: 0, ledger: emptyLedger() } }
  const reader = readerName(work.source)
  let fingerprint: Fingerprint | undefined
  try {
    refuseOwn(work.deps, file)
    fingerprint = await openFingerprint(file.location, work.signal)
    const start = await recognise(work, file.path, fingerprint, isCompressed(file.location))
    await work.transactions.add(cell, ROW_BYTES, async (trx, books) => {
      const seq = await beginImportFile(trx, work.importSeq, { ...file, reader })
      cell.value = { seq, ledger: start.ledger }
      books.keepLedger(seq, start.ledger)
    })
    await work.onLines(file.path, start.ledger.counts.lines)
    if (!start.isWhole) await readRest(work, file, cell, fingerprint, start.ledger)
  } catch (error) {
    work.signal?.throwIfAborted()
    await keepRefusal(work, file, cell, refusalOf(error))
  } finally {
    await fingerprint?.close()
  }
}

function refuseOwn({ store }: Deps, { location }: FoundFile): void {
  if (store.owns(toPath(location))) throw new Refusal('NOT_TEXT', 'it is the database of Avocet itself')
}

async function keepRefusal(
  work: FileWork,
  file: FoundFile,
  cell: FileCell,
  refused: { code: string; reason: string },
): Promise<void> {
  const reader = readerName(work.source)
  await work.transactions.add(cell, ROW_BYTES, async (trx, books) => {
    const seq = cell.value.seq || (await beginImportFile(trx, work.importSeq, { ...file, reader }))
    const ledger = { ...cell.value.ledger, refused }
    cell.value = { seq, ledger }
    books.keepLedger(seq, ledger)
  })
}

/** Where the reading is; ahead of what is written. */
type Position = { bytes: number; lines: number }

async function readRest(
  work: FileWork,
  file: FoundFile,
  cell: FileCell,
  fingerprint: Fingerprint,
  { taken_bytes, taken_lines }: FileLedger,
): Promise<void> {
  const from = { offset: taken_bytes, line: taken_lines }
  const { location, directory } = file
  const { source, leaveTail } = work
  const request = { source, location, directory, from, leaveTail, now: work.deps.now() }
  const at: Position = { bytes: from.offset, lines: from.line }
  let end: FileEnd | undefined
  for await (const part of work.reader.read(request, work.signal)) {
    if (part.kind === 'end') end = part.end
    else if (part.kind === 'pause') await work.transactions.settle()
    else if (await addBatch(work, file, cell, fingerprint, at, part)) work.reader.giveBack(part)
  }
  if (!end) throw new Error(`${file.path} was read without an end.`)
  await completeFile(work, file, cell, fingerprint, { at, end })
}

/** True when nobody needs the bytes of the batch any more. */
async function addBatch(
  work: FileWork,
  file: FoundFile,
  cell: FileCell,
  fingerprint: Fingerprint,
  at: Position,
  batch: Batch,
): Promise<boolean> {
  at.bytes += batch.bytes
  at.lines += batch.lines
  const { tailBytes } = batch
  const taken = await takenUpTo(file, fingerprint, {
    bytes: at.bytes - tailBytes,
    lines: at.lines - (tailBytes > 0 ? 1 : 0),
    known: knownBy(batch),
  })
  const isDone = await work.transactions.add(cell, batch.bytes, async (trx, books) => {
    const outcome = await takeBatch(trx, books, work, cell.value.seq, batch)
    const { ledger, seq } = cell.value
    const next = { ...added(ledger, outcome), ...taken, bytes_read: batch.read, size: batch.size }
    if (tailBytes > 0) next.tail = outcome.last
    cell.value = { seq, ledger: next }
    books.keepLedger(seq, next)
  })
  await work.onLines(file.path, batch.lines)
  return isDone
}

/** Of compressed files only the whole has a fingerprint: there is no place on the disk to go on from. */
async function takenUpTo(
  file: FoundFile,
  fingerprint: Fingerprint,
  at: Position & { known: Known | null },
): Promise<Partial<FileLedger>> {
  const isThere = !isCompressed(file.location) && (await fingerprint.advance(at.bytes, at.known))
  if (!isThere) return {}
  return { taken_bytes: at.bytes, taken_lines: at.lines, taken_crc32: fingerprint.crc32() }
}

type Outcome = { counts: LineCounts; warnings: string[]; last: keyof LineCounts }

async function takeBatch(
  trx: Writing,
  books: Books,
  work: FileWork,
  fileSeq: number,
  batch: Batch,
): Promise<Outcome> {
  const { records, recordLines, rejected, lines, blank, skipped } = batch
  const fates = await insertCandidates(work.deps.store, trx, books, records, work.deps.now())
  const counts = { ...noLines(), lines, blank, skipped, rejected: rejected.length }
  for (const fate of fates) counts[fate] += 1
  const conflicts = [...fates.keys()].filter((at) => fates[at] === 'conflict')
  await keepProblems(trx, fileSeq, [
    ...rejected.map((line) => ({ kind: 'rejected' as const, ...line })),
    ...conflicts.map((at) => conflictOf(records, at, recordLines[at] ?? 0)),
  ])
  const warnings = batch.warnings.flatMap(([at, codes]) => (fates[at] === 'imported' ? codes : []))
  const last = batch.last === 'candidate' ? (fates.at(-1) as Fate) : batch.last
  return { counts, warnings, last }
}

function conflictOf(records: Records, at: number, line: number): KeptProblem {
  const reason = `id ${JSON.stringify(records.ids[at])} is known with other content; the first one was kept`
  return { kind: 'conflict', line, code: 'ID_CONFLICT', reason, raw: rawOf(records, at) }
}

function added(ledger: FileLedger, { counts, warnings }: Outcome): FileLedger {
  const sum = { ...ledger.counts }
  addCounts(sum, counts)
  return { ...ledger, counts: sum, warnings: tallied(ledger.warnings, warnings) }
}

function tallied(tally: Record<string, number>, codes: string[]): Record<string, number> {
  const sum = { ...tally }
  for (const code of codes) sum[code] = (sum[code] ?? 0) + 1
  return sum
}

/** The last word on a file, unless something was lost on the way. */
async function completeFile(
  work: FileWork,
  file: FoundFile,
  cell: FileCell,
  fingerprint: Fingerprint,
  { at, end }: { at: Position; end: FileEnd },
): Promise<void> {
  const whole = isCompressed(file.location) ? fingerprint.size : end.bytes
  const isWhole = whole === fingerprint.size && (await fingerprint.advance(whole))
  const whole_crc32 = isWhole ? fingerprint.crc32() : null
  await work.transactions.add(cell, ROW_BYTES, async (_, books) => {
    const { seq, ledger } = cell.value
    checkNothingLost(file.path, ledger.counts, at, end)
    const { size } = fingerprint
    const warnings = tallied(ledger.warnings, end.warnings)
    const next = { ...ledger, warnings, whole_crc32, ...(isWhole && { size, bytes_read: size }) }
    cell.value = { seq, ledger: next }
    books.keepLedger(seq, next)
  })
}

/** Lines and bytes that the reader counted, items that came, and what became of them: all must be the same. */
export function checkNothingLost(path: string, counts: LineCounts, at: Position, end: FileEnd): void {
  const { lines, ...fates } = counts
  const sum = Object.values(fates).reduce((total, n) => total + n, 0)
  if (lines === sum && lines === at.lines && lines === end.lines && at.bytes === end.bytes) return
  throw new Error(
    `This is a fault of Avocet: of ${path} it read ${end.lines} lines (${end.bytes} bytes), took ${at.lines} ` +
      `(${at.bytes} bytes) and gave ${sum} of them a place. The file is not marked as imported; please report this.`,
  )
}
