/** Owns the import: files → items of a source → the store, every line counted, in short transactions. */
import {
  addCounts,
  addIgnored,
  type FileReport,
  type ImportProblem,
  type ImportReport,
  type LineCounts,
  noLines,
} from '../domain/import-report.ts'
import { cleanText } from '../domain/record.ts'
import { type FoundFile, findFiles, refusalOf } from '../sources/find-files.ts'
import type { Source, SourceItem } from '../sources/source.ts'
import {
  beginImport,
  beginImportFile,
  finishImport,
  type KeptProblem,
  keepProblems,
  keepRefusedFile,
  updateImportFile,
} from '../store/imports.ts'
import { type Fate, type Incoming, insertCandidates } from '../store/insert-candidates.ts'
import { type Writing, write } from '../store/open.ts'
import type { Deps } from './deps.ts'

export type ImportOptions = {
  source: Source
  reviewer: string
  signal?: AbortSignal | undefined
  /** Called after every transaction. */
  onProgress?: ((progress: { path: string; totals: LineCounts }) => void) | undefined
}

/** `import_id`: its number in the ledger. */
export type FinishedImport = ImportReport & { import_id: number }

/** One transaction holds this many lines: some 10 ms, so that reviewers beside it never wait longer. */
const LINES_AT_ONCE = 250

/** Reads every path. Trouble in the data is in the report; only a store that fails throws. */
export async function importRun(
  deps: Deps,
  paths: string[],
  options: ImportOptions,
): Promise<FinishedImport> {
  const report: ImportReport = {
    ...{ files: [], totals: noLines(), problems: [], conflicts: [], warnings: {} },
    ignored: { count: 0, paths: [] },
  }
  const begun = { source: options.source.name, reviewer: options.reviewer, now: deps.now() }
  const importSeq = await write(deps.store, (trx) => beginImport(trx, begun))
  for (const path of paths) {
    for await (const finding of findFiles(path, options.source)) {
      if (finding.kind === 'file') await importFile(deps, importSeq, finding, options, report)
      if (finding.kind === 'ignored') addIgnored(report.ignored, finding.path)
      if (finding.kind !== 'refused') continue
      const { path: refusedPath, code, reason } = finding
      await write(deps.store, (trx) => keepRefusedFile(trx, importSeq, { path: refusedPath, code, reason }))
      report.files.push({ path: refusedPath, ...noLines(), refused: { code, reason } })
    }
  }
  await write(deps.store, (trx) => finishImport(trx, importSeq, deps.now()))
  return { ...report, import_id: importSeq }
}

/** What one file has come to so far; the ledger follows it with every transaction. */
type FileState = {
  seq: number
  file: FoundFile
  report: FileReport
  warnings: Record<string, number>
  size: number
  bytesRead: number
}

async function importFile(
  deps: Deps,
  importSeq: number,
  file: FoundFile,
  options: ImportOptions,
  report: ImportReport,
): Promise<void> {
  const seq = await write(deps.store, (trx) => beginImportFile(trx, importSeq, file))
  const state: FileState = {
    seq,
    file,
    report: { path: file.path, ...noLines() },
    warnings: {},
    size: 0,
    bytesRead: 0,
  }
  report.files.push(state.report)
  try {
    for await (const items of openFile(state, options)) {
      for (let start = 0; start < items.length; start += LINES_AT_ONCE) {
        const some = items.slice(start, start + LINES_AT_ONCE)
        const outcome = await write(deps.store, (trx) => takeItems(trx, deps, state, some))
        addOutcome(report, state, outcome)
        options.onProgress?.({ path: file.path, totals: report.totals })
      }
    }
  } catch (error) {
    if (options.signal?.aborted) throw error
    state.report.refused = refusalOf(error)
    await write(deps.store, (trx) =>
      updateImportFile(trx, seq, state.report, state.warnings, ledgerOf(state)),
    )
  }
  for (const [code, n] of Object.entries(state.warnings))
    report.warnings[code] = (report.warnings[code] ?? 0) + n
}

function openFile(state: FileState, { source, signal }: ImportOptions): AsyncIterable<SourceItem[]> {
  function onBytes(read: number, size: number): void {
    state.bytesRead = read
    state.size = size
  }
  return source.open(state.file.location, { signal, onBytes })
}

function ledgerOf({ size, bytesRead, report: { refused } }: FileState) {
  return { size, bytesRead, ...(refused && { refused }) }
}

type Outcome = { counts: LineCounts; problems: KeptProblem[]; warnings: string[] }

async function takeItems(trx: Writing, deps: Deps, state: FileState, items: SourceItem[]): Promise<Outcome> {
  const directory = cleanText(state.file.directory)
  const incoming: Incoming[] = []
  for (const item of items) {
    if (item.kind !== 'candidate') continue
    const run_id = cleanText(item.facts.benchmark_run_id ?? directory)
    incoming.push({ facts: item.facts, raw: item.raw, run_id, directory })
  }
  const outcome = sortOut(items, await insertCandidates(trx, incoming, deps.now()))
  await keepProblems(trx, state.seq, outcome.problems)
  const counts: LineCounts = noLines()
  addCounts(counts, state.report)
  addCounts(counts, outcome.counts)
  const warnings = tallied({ ...state.warnings }, outcome.warnings)
  await updateImportFile(trx, state.seq, counts, warnings, ledgerOf(state))
  return outcome
}

/** Gives every line its one place in the counts. */
function sortOut(items: SourceItem[], fates: Fate[]): Outcome {
  const outcome: Outcome = { counts: noLines(), problems: [], warnings: [] }
  let next = 0
  for (const item of items) {
    outcome.counts.lines += 1
    if (item.kind === 'blank') outcome.counts.blank += 1
    else if (item.kind === 'skip') outcome.counts.skipped += 1
    else if (item.kind === 'problem') {
      outcome.counts.rejected += 1
      const { code, reason, raw, place } = item
      outcome.problems.push({ kind: 'rejected', line: place.line, code, reason, raw })
    } else {
      const fate = fates[next++] as Fate
      outcome.counts[fate] += 1
      if (fate === 'imported') outcome.warnings.push(...item.warnings)
      if (fate === 'conflict') outcome.problems.push(conflictOf(item))
    }
  }
  return outcome
}

function conflictOf(item: SourceItem & { kind: 'candidate' }): KeptProblem {
  const reason = `id ${JSON.stringify(item.facts.id)} is known with other content; the first one was kept`
  return { kind: 'conflict', line: item.place.line, code: 'ID_CONFLICT', reason, raw: item.raw }
}

function tallied(tally: Record<string, number>, codes: string[]): Record<string, number> {
  for (const code of codes) tally[code] = (tally[code] ?? 0) + 1
  return tally
}

function addOutcome(report: ImportReport, state: FileState, outcome: Outcome): void {
  addCounts(report.totals, outcome.counts)
  addCounts(state.report, outcome.counts)
  tallied(state.warnings, outcome.warnings)
  for (const { kind, line, code, reason } of outcome.problems) {
    const problem: ImportProblem = { path: state.file.path, line, code, reason }
    const list = kind === 'rejected' ? report.problems : report.conflicts
    list.push(problem)
  }
}
