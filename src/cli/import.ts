/** Owns `avocet import` and the report that people read after one. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openSqlite } from '../store/dialect.ts'
import type { Deps } from '../workflow/deps.ts'
import { readImportReport, type ShownProblem, type StoredReport } from '../workflow/import-ledger.ts'
import { type ImportOptions, type ImportTarget, importRun, STOPPED } from '../workflow/import-run.ts'
import { createWatch } from '../workflow/import-watch.ts'
import { type Command, type Config, type Terminal, UsageError } from './command.ts'
import { elapsed, SOURCE_FLAG, sourceOf, withDeps } from './config.ts'
import { counted, printable, printableJson } from './terminal.ts'

const PROBLEMS_SHOWN = 20
/** In --json; all of them would not fit into memory. */
const PROBLEMS_LISTED = 10_000

export const WATCH_FLAG: Command['flags'] = {
  watch: { type: 'boolean', explain: 'Go on importing what is new or has grown, until Ctrl+C' },
}

export const importCommand: Command = {
  name: 'import',
  usage: 'import PATHS… [--source benchmark] [--watch] [--dry-run] [--json]',
  summary: 'Import files, run directories, or directories of runs. Again, it goes on where it ended.',
  example: 'avocet import bench_results/2026-04-07-143022',
  flags: {
    ...SOURCE_FLAG,
    ...WATCH_FLAG,
    'dry-run': { type: 'boolean', explain: 'Report what would happen, and change nothing' },
  },
  positionals: { min: 1, max: Number.POSITIVE_INFINITY },
  async run(config, terminal) {
    const { watch, 'dry-run': dryRun } = config.flags
    if (watch && dryRun) throw new UsageError('--watch and --dry-run do not go together.')
    const stopping = stopOnSignals()
    return (dryRun ? onCopy : onStore)(config, terminal, async (deps) => {
      const once = () => importOnce(deps, config, terminal, config.positionals, stopping)
      return watch ? watchAfter(once, deps, config, terminal, stopping) : once()
    })
  },
}

/** The first Ctrl+C ends it between two transactions, what was imported stays; the second one ends it at once. */
function stopOnSignals(): AbortSignal {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => stopping.abort(STOPPED))
  }
  return stopping.signal
}

async function importOnce(
  deps: Deps,
  config: Config,
  terminal: Terminal,
  targets: ImportTarget[],
  signal: AbortSignal,
): Promise<number> {
  const options: ImportOptions = {
    ...{ source: sourceOf(config.flags), reviewer: config.reviewer, signal, alone: true },
    leaveTail: config.flags.watch === true,
    onProgress: progressBar(terminal),
  }
  const { import_id } = await importRun(deps, targets, options)
  terminal.progress('')
  const report = await readReport(deps, import_id, config.json ? PROBLEMS_LISTED : PROBLEMS_SHOWN)
  await terminal.out(config.json ? `${printableJson(report)}\n` : describeReport(report))
  return exitCodeOf(report)
}

async function watchAfter(
  once: () => Promise<number>,
  deps: Deps,
  config: Config,
  terminal: Terminal,
  stopping: AbortSignal,
): Promise<number> {
  const paths = config.positionals.map((path) => resolve(path))
  const watch = createWatch(deps, {
    source: sourceOf(config.flags),
    paths: async () => paths,
    importFiles: async (files) => {
      await importOnce(deps, config, terminal, files, stopping)
      return null
    },
  })
  const learn = await watch.learn(paths)
  const code = await once()
  if (stopping.aborted) return code
  learn()
  terminal.note('Watching for new and growing runs; Ctrl+C ends it.')
  watch.switchTo(true)
  const alive = setInterval(() => {}, 60_000)
  await new Promise((resolve) => stopping.addEventListener('abort', resolve, { once: true }))
  clearInterval(alive)
  await watch.stop()
  return code
}

export async function readReport(deps: Deps, importId: number, limit: number): Promise<StoredReport> {
  return readImportReport(deps, String(importId), { offset: 0, limit }, () => null)
}

type Work = Parameters<typeof withDeps<number>>[2]

function onStore(config: Config, terminal: Terminal, work: Work): Promise<number> {
  return withDeps(config, terminal, work)
}

/** A dry run is a real import into a copy: it can tell nothing else than the real one would. */
async function onCopy(config: Config, terminal: Terminal, work: Work): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'avocet-dry-run-'))
  const db = join(directory, 'copy.db')
  try {
    if (existsSync(config.db)) {
      const original = openSqlite(config.db)
      await original.backup(db)
      await original.close()
    }
    return await withDeps({ db }, { ...terminal, note: () => {} }, work)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

export function progressBar(terminal: Terminal): NonNullable<ImportOptions['onProgress']> {
  const time = elapsed()
  return ({ path, lines }) => {
    const rate = Math.round(lines / Math.max(time() / 1000, 0.001))
    terminal.progress(`${lines} lines · ${rate}/s · ${printable(path)}`)
  }
}

/** 1 when nothing at all could be read or it stopped before the end, 3 when something was left behind. */
export function exitCodeOf({ state, files, file_count, totals }: StoredReport): number {
  const refused = files.filter((file) => file.refused).length
  if (state !== 'finished' || (file_count === refused && totals.lines === 0)) return 1
  return refused + totals.rejected + totals.conflict > 0 ? 3 : 0
}

export function describeReport(report: StoredReport): string {
  const { lines, imported, duplicate, conflict, rejected, skipped, blank } = report.totals
  const counts = Object.entries({ imported, duplicate, conflict, rejected, skipped, blank })
    .filter(([name, n]) => n > 0 || name === 'imported')
    .map(([name, n]) => `${n} ${name}`)
  const text = [`${counted(lines, 'line')} in ${counted(report.file_count, 'file')}: ${counts.join(', ')}.`]
  if (report.trouble !== null) text.push(printable(report.trouble))
  for (const file of report.files) {
    if (file.refused) text.push(`Not read: ${printable(file.path)}: ${withRemedy(file.refused)}`)
  }
  text.push(
    ...describeProblems('Rejected', report.problems, rejected),
    ...describeProblems('Conflict', report.conflicts, conflict),
  )
  const warnings = Object.entries(report.warnings).map(([code, n]) => `${code} ${n}`)
  if (warnings.length > 0) text.push(`Warnings: ${warnings.join(', ')}.`)
  if (report.ignored.count > 0) {
    text.push(`Beside them, not read: ${counted(report.ignored.count, 'file')} or directories.`)
  }
  return `${text.join('\n')}\n`
}

function withRemedy({ reason, remedy }: { reason: string; remedy: string | null }): string {
  return printable(remedy === null ? `${reason}.` : `${reason}. ${remedy}`)
}

function describeProblems(title: string, problems: ShownProblem[], all: number): string[] {
  const shown = problems
    .slice(0, PROBLEMS_SHOWN)
    .map(
      ({ path, line, code, ...problem }) =>
        `${title}: ${printable(path)}:${line}: ${withRemedy(problem)} (${code})`,
    )
  const more = all - shown.length
  return more > 0 ? [...shown, `… and ${more} more; --json lists them.`] : shown
}
