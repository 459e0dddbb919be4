/** Owns the import: files → items of a source → the store, every line counted, in short transactions. */
import {
  addCounts,
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

/** One transaction holds this many lines: some 10 ms, so that reviewers beside it never wait longer. */
const LINES_AT_ONCE = 250

/** Reads every path. Trouble in the data is in the report; only a store that fails throws. */
export async function importRun(deps: Deps, paths: string[], options: ImportOptions): Promise<ImportReport> {
  const report: ImportReport = { files: [], totals: noLines(), problems: [], conflicts: [], warnings: {} }
  const begun = { source: options.source.name, reviewer: options.reviewer, now: deps.now() }
  const importSeq = await write(deps.store, (trx) => beginImport(trx, begun))
  for (const path of paths) {
    const { files, refused } = await findFiles(path, options.source)
    for (const file of files) await importFile(deps, importSeq, file, options, report)
    for (const { path: refusedPath, code, reason } of refused) {
      report.files.push({ path: refusedPath, ...noLines(), refused: { code, reason } })
      deps.log(`${refusedPath} was not read: ${reason}`)
    }
  }
  await write(deps.store, (trx) => finishImport(trx, importSeq, deps.now()))
  return report
}

async function importFile(
  deps: Deps,
  importSeq: number,
  file: FoundFile,
  options: ImportOptions,
  report: ImportReport,
): Promise<void> {
  const fileReport: FileReport = { path: file.path, ...noLines() }
  const warnings: Record<string, number> = {}
  report.files.push(fileReport)
  const fileSeq = await write(deps.store, (trx) => beginImportFile(trx, importSeq, file))
  try {
    for await (const items of options.source.open(file.path, { signal: options.signal })) {
      for (let start = 0; start < items.length; start += LINES_AT_ONCE) {
        const some = items.slice(start, start + LINES_AT_ONCE)
        const outcome = await write(deps.store, (trx) =>
          takeItems(trx, deps, { fileSeq, file, some, fileReport, warnings }),
        )
        addOutcome(report, fileReport, warnings, outcome)
        options.onProgress?.({ path: file.path, totals: report.totals })
      }
    }
  } catch (error) {
    if (options.signal?.aborted) throw error
    fileReport.refused = refusalOf(error)
    await write(deps.store, (trx) => updateImportFile(trx, fileSeq, fileReport, warnings, fileReport.refused))
  }
  for (const [code, n] of Object.entries(warnings)) report.warnings[code] = (report.warnings[code] ?? 0) + n
}

type Outcome = { counts: LineCounts; problems: KeptProblem[]; warnings: string[] }
type Taking = {
  fileSeq: number
  file: FoundFile
  some: SourceItem[]
  /** So far; this transaction writes their sum with its own. */
  fileReport: FileReport
  warnings: Record<string, number>
}

async function takeItems(trx: Writing, deps: Deps, taking: Taking): Promise<Outcome> {
  const incoming: Incoming[] = []
  for (const item of taking.some) {
    if (item.kind !== 'candidate') continue
    const run_id = cleanText(item.facts.benchmark_run_id ?? taking.file.directory)
    incoming.push({ facts: item.facts, raw: item.raw, run_id, directory: cleanText(taking.file.directory) })
  }
  const outcome = sortOut(taking.some, await insertCandidates(trx, incoming, deps.now()))
  await keepProblems(trx, taking.fileSeq, outcome.problems)
  const counts: LineCounts = noLines()
  addCounts(counts, taking.fileReport)
  addCounts(counts, outcome.counts)
  await updateImportFile(trx, taking.fileSeq, counts, tallied({ ...taking.warnings }, outcome.warnings))
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

function addOutcome(
  report: ImportReport,
  fileReport: FileReport,
  warnings: Record<string, number>,
  outcome: Outcome,
): void {
  addCounts(report.totals, outcome.counts)
  addCounts(fileReport, outcome.counts)
  tallied(warnings, outcome.warnings)
  for (const { kind, line, code, reason } of outcome.problems) {
    const problem: ImportProblem = { path: fileReport.path, line, code, reason }
    ;(kind === 'rejected' ? report.problems : report.conflicts).push(problem)
  }
}
