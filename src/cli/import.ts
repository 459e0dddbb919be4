/** Owns `avocet import` and the report that people read after one. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImportProblem, ImportReport, LineCounts } from '../domain/import-report.ts'
import { openSqlite } from '../store/dialect.ts'
import { importRun } from '../workflow/import-run.ts'
import type { Command, Config, Terminal } from './command.ts'
import { elapsed, SOURCE_FLAG, sourceOf, withDeps } from './config.ts'
import { counted, printable, printableJson } from './terminal.ts'

const PROBLEMS_SHOWN = 20

export const importCommand: Command = {
  name: 'import',
  usage: 'import PATHS… [--source benchmark] [--dry-run] [--json]',
  summary: 'Import files, run directories, or directories of runs.',
  example: 'avocet import bench_results/2026-04-07-143022',
  flags: {
    ...SOURCE_FLAG,
    'dry-run': { type: 'boolean', explain: 'Report what would happen, and change nothing' },
  },
  positionals: { min: 1, max: Number.POSITIVE_INFINITY },
  async run(config, terminal) {
    const source = sourceOf(config.flags)
    const report = await (config.flags['dry-run'] ? onCopy : onStore)(config, terminal, (deps) =>
      importRun(deps, config.positionals, {
        source,
        reviewer: config.reviewer,
        onProgress: progressBar(terminal),
      }),
    )
    terminal.progress('')
    await terminal.out(config.json ? `${printableJson(report)}\n` : describeReport(report))
    return exitCodeOf(report)
  },
}

type Work = Parameters<typeof withDeps<ImportReport>>[2]

function onStore(config: Config, terminal: Terminal, work: Work): Promise<ImportReport> {
  return withDeps(config, terminal, work)
}

/** A dry run is a real import into a copy: it can tell nothing else than the real one would. */
async function onCopy(config: Config, terminal: Terminal, work: Work): Promise<ImportReport> {
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

export function progressBar(terminal: Terminal): (progress: { path: string; totals: LineCounts }) => void {
  const time = elapsed()
  return ({ path, totals }) => {
    const rate = Math.round(totals.lines / Math.max(time() / 1000, 0.001))
    terminal.progress(`${totals.lines} lines · ${rate}/s · ${printable(path)}`)
  }
}

/** 1 when nothing at all could be read, 3 when something was left behind. */
export function exitCodeOf(report: ImportReport): number {
  const refused = report.files.filter((file) => file.refused)
  if (report.files.length === refused.length && report.totals.lines === 0) return 1
  return refused.length + report.totals.rejected + report.totals.conflict > 0 ? 3 : 0
}

export function describeReport(report: ImportReport): string {
  const { lines, imported, duplicate, conflict, rejected, skipped, blank } = report.totals
  const counts = Object.entries({ imported, duplicate, conflict, rejected, skipped, blank })
    .filter(([name, n]) => n > 0 || name === 'imported')
    .map(([name, n]) => `${n} ${name}`)
  const text = [`${counted(lines, 'line')} in ${counted(report.files.length, 'file')}: ${counts.join(', ')}.`]
  for (const { path, refused } of report.files) {
    if (refused) text.push(`Not read: ${printable(path)}: ${printable(refused.reason)}.`)
  }
  text.push(
    ...describeProblems('Rejected', report.problems),
    ...describeProblems('Conflict', report.conflicts),
  )
  const warnings = Object.entries(report.warnings).map(([code, n]) => `${code} ${n}`)
  if (warnings.length > 0) text.push(`Warnings: ${warnings.join(', ')}.`)
  return `${text.join('\n')}\n`
}

function describeProblems(title: string, problems: ImportProblem[]): string[] {
  const shown = problems
    .slice(0, PROBLEMS_SHOWN)
    .map(
      ({ path, line, code, reason }) =>
        `${title}: ${printable(path)}:${line}: ${printable(reason)} (${code})`,
    )
  const more = problems.length - shown.length
  return more > 0 ? [...shown, `… and ${more} more; --json lists them all.`] : shown
}
