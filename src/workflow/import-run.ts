/** Owns an import from its first file to its last word in the ledger. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { AvocetError } from '../domain/error.ts'
import { addCounts, addIgnored, type Ignored, type LineCounts, noLines } from '../domain/import-report.ts'
import { type FoundFile, findFiles, type RefusedPath } from '../sources/find-files.ts'
import type { Source } from '../sources/source.ts'
import {
  beginImport,
  beginImportFile,
  countsOf,
  emptyLedger,
  endImport,
  listImportFiles,
  noteImport,
} from '../store/imports.ts'
import { write } from '../store/open.ts'
import type { ImportState } from '../store/tables.ts'
import type { Deps } from './deps.ts'
import { type FileWork, importFile, readerName } from './import-file.ts'
import { type Reader, readHere, readInThread } from './import-read.ts'
import { createTransactions, type Transactions } from './import-transactions.ts'

/** A path to be searched, or a file that is called otherwise than it lies on the disk. */
export type ImportTarget = string | FoundFile

export type ImportOptions = {
  source: Source
  reviewer: string
  /** Its number in the ledger, when it was begun there already. */
  importSeq?: number | undefined
  /** Nobody else needs this process: reading gets a thread of its own, transactions may be large. */
  alone?: boolean | undefined
  /** For a harness that is still writing: a last line without its end is left for the next time. */
  leaveTail?: boolean | undefined
  signal?: AbortSignal | undefined
  onProgress?: ((progress: { path: string; lines: number }) => void) | undefined
}

export type EndedImport = {
  import_id: number
  state: Exclude<ImportState, 'running'>
  totals: LineCounts
  files: number
  refused: number
}

/** Why an import is stopped from outside: the reason of its signal. */
export const CANCELLED = 'cancelled'
export const STOPPED = 'stopped'

export const WORDS = {
  cancelled: 'It was cancelled. What was imported before stays; import again to go on.',
  interrupted: 'Avocet was stopped. What was imported before stays; import again to go on.',
} as const

/** Trouble in the data is in the ledger. Throws when the store fails, and never loses what was committed before. */
export async function importRun(
  deps: Deps,
  targets: ImportTarget[],
  options: ImportOptions,
): Promise<EndedImport> {
  const begun = { source: options.source.name, reviewer: options.reviewer, now: deps.now() }
  // First of all: a thread takes its time to start.
  const reader = options.alone ? readInThread() : readHere(options.source)
  try {
    const importSeq = options.importSeq ?? (await write(deps.store, (trx) => beginImport(trx, begun)))
    return await importAll(deps, targets, options, importSeq, reader)
  } finally {
    await reader.close()
  }
}

/** To its last word in the ledger, whatever happens. */
async function importAll(
  deps: Deps,
  targets: ImportTarget[],
  options: ImportOptions,
  importSeq: number,
  reader: Reader,
): Promise<EndedImport> {
  try {
    await importTargets(deps, targets, options, importSeq, reader)
    return await end(deps, importSeq, 'finished', null)
  } catch (error) {
    const state = options.signal?.reason === CANCELLED ? 'cancelled' : 'interrupted'
    if (options.signal?.aborted) return await end(deps, importSeq, state, WORDS[state])
    await end(deps, importSeq, 'failed', wordsFor(error)).catch(() => {})
    throw error
  }
}

function wordsFor(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error)
  return error instanceof AvocetError
    ? `${words} What was imported before stays; import again to go on.`
    : words
}

async function end(
  deps: Deps,
  importSeq: number,
  state: EndedImport['state'],
  trouble: string | null,
): Promise<EndedImport> {
  await write(deps.store, (trx) => endImport(trx, importSeq, { state, trouble, now: deps.now() }))
  const totals = noLines()
  const rows = await listImportFiles(deps.store.db, [importSeq])
  for (const row of rows) addCounts(totals, countsOf(row))
  const refused = rows.filter(({ refused_code }) => refused_code !== null).length
  return { import_id: importSeq, state, totals, files: rows.length, refused }
}

async function importTargets(
  deps: Deps,
  targets: ImportTarget[],
  options: ImportOptions,
  importSeq: number,
  reader: Reader,
): Promise<void> {
  const found = await findTargets(targets, options.source)
  const transactions = createTransactions(deps.store, options.alone ?? false)
  const note = { now: deps.now(), size: found.size, ignored: found.ignored }
  const progress = followed(deps, transactions, importSeq, options.onProgress)
  const work: FileWork = {
    ...{ deps, transactions, reader, importSeq, source: options.source.name, signal: options.signal },
    leaveTail: options.leaveTail ?? false,
    onLines: progress,
  }
  try {
    await transactions.add({ value: null }, 0, (trx) => noteImport(trx, importSeq, note))
    for (const finding of found.findings) {
      options.signal?.throwIfAborted()
      if (finding.kind === 'file') await importFile(work, finding)
      else await keepRefused(work, finding)
    }
    await transactions.flush()
  } catch (error) {
    // What was read so far is right, whoever stopped us.
    if (options.signal?.aborted) await transactions.flush()
    else await transactions.drop()
    throw error
  } finally {
    transactions.end()
  }
}

type Targets = {
  /** In the order in which they are read. */
  findings: (({ kind: 'file' } & FoundFile) | ({ kind: 'refused' } & RefusedPath))[]
  ignored: Ignored
  /** Bytes of all the files. */
  size: number
}

/** All of them ahead of the first line: how much there is to read tells how long it takes. */
async function findTargets(targets: ImportTarget[], source: Source): Promise<Targets> {
  const found: Targets = { findings: [], ignored: { count: 0, paths: [] }, size: 0 }
  for (const target of targets) {
    for await (const finding of typeof target === 'string' ? findFiles(target, source) : [asFound(target)]) {
      // Whole, because the next process may stand elsewhere.
      const path = typeof target === 'string' ? resolve(finding.path) : finding.path
      if (finding.kind === 'ignored') addIgnored(found.ignored, path)
      else found.findings.push({ ...finding, path })
      if (finding.kind === 'file') found.size += await sizeOf(finding)
    }
  }
  return found
}

function asFound(file: FoundFile): { kind: 'file' } & FoundFile {
  return { kind: 'file', ...file }
}

/** A file that has gone meanwhile says so when it is opened. */
async function sizeOf({ location }: FoundFile): Promise<number> {
  const name = typeof location === 'string' ? location : Buffer.from(location)
  return stat(name).then(
    ({ size }) => size,
    () => 0,
  )
}

/** A path that could not even be opened has its row all the same. */
async function keepRefused(work: FileWork, { path, code, reason }: RefusedPath): Promise<void> {
  await work.transactions.add({ value: null }, 0, async (trx, books) => {
    const file = { path, directory: '', reader: readerName(work.source) }
    const seq = await beginImportFile(trx, work.importSeq, file)
    books.keepLedger(seq, { ...emptyLedger(), refused: { code, reason } })
  })
}

/** In ms. */
const SIGN_OF_LIFE_EVERY = 5000

/** Tells how many lines were read, and lets the ledger know now and then that somebody is at it. */
function followed(
  deps: Deps,
  transactions: Transactions,
  importSeq: number,
  onProgress: ImportOptions['onProgress'],
): FileWork['onLines'] {
  let lines = 0
  let lastSign = performance.now()
  return async (path, more) => {
    lines += more
    onProgress?.({ path, lines })
    if (performance.now() - lastSign < SIGN_OF_LIFE_EVERY) return
    lastSign = performance.now()
    await transactions.add({ value: null }, 0, (trx) => noteImport(trx, importSeq, { now: deps.now() }))
  }
}
