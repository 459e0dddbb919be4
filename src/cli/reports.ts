/** Owns the commands that only tell: runs, stats, verify. */
import { sources } from '../sources/index.ts'
import type { Source } from '../sources/source.ts'
import { verifyStore } from '../store/verify.ts'
import { createRunContents, listRuns, type Run } from '../workflow/list-runs.ts'
import { readStats, type Stats } from '../workflow/stats.ts'
import type { Command } from './command.ts'
import { withDeps } from './config.ts'
import { printable, printableJson, table } from './terminal.ts'

const NO_ARGUMENTS = { flags: {}, positionals: { min: 0, max: 0 } }

export const runsCommand: Command = {
  name: 'runs',
  usage: 'runs [--json]',
  summary: 'List the runs, newest first.',
  example: 'avocet runs',
  ...NO_ARGUMENTS,
  run: (config, terminal) =>
    withDeps(config, terminal, async (deps) => {
      const runs = await listRuns(deps, sources.get('benchmark') as Source, createRunContents())
      await terminal.out(config.json ? `${printableJson(runs)}\n` : describeRuns(runs))
      return 0
    }),
}

function describeRuns(runs: Run[]): string {
  if (runs.length === 0) return 'No runs yet. Import some: avocet import PATHS…\n'
  const head = ['run', 'directory', 'imported', 'candidates', 'waiting', 'approved', 'discarded', 'rejected']
  const rows = runs.map(({ run_id, directory, import_state, candidate_count, by_status }) => [
    run_id,
    directory ?? '',
    import_state,
    candidate_count,
    by_status.needs_review,
    by_status.approved,
    by_status.discarded,
    by_status.model_rejected,
  ])
  return table([head, ...rows])
}

export const statsCommand: Command = {
  name: 'stats',
  usage: 'stats [--json]',
  summary: 'Count by status, model, task type and failure category.',
  example: 'avocet stats --json',
  ...NO_ARGUMENTS,
  run: (config, terminal) =>
    withDeps(config, terminal, async (deps) => {
      const stats = await readStats(deps)
      await terminal.out(config.json ? `${printableJson(stats)}\n` : describeStats(stats))
      return 0
    }),
}

function describeStats(stats: Stats): string {
  const parts: [string, Record<string, number>][] = [
    ['status', stats.by_status],
    ['model', stats.by_model],
    ['task type', stats.by_task_type],
    ['failure category', stats.by_failure_category],
  ]
  const rows = parts.flatMap(([title, counts]) => Object.entries(counts).map(([name, n]) => [title, name, n]))
  return table([...rows, ['total', '', stats.total], ['ready to export', '', stats.export_ready]])
}

export const verifyCommand: Command = {
  name: 'verify',
  usage: 'verify [--json]',
  summary: 'Recompute every candidate and every total from the log of decisions; exit 1 on any difference.',
  example: 'avocet verify',
  ...NO_ARGUMENTS,
  run: (config, terminal) =>
    withDeps(config, terminal, async (deps) => {
      const result = await verifyStore(deps.store)
      const { candidates, decisions, differences } = result
      if (config.json) await terminal.out(`${printableJson(result)}\n`)
      else {
        for (const { what, stored, recomputed } of differences) {
          await terminal.out(`${printable(what)}: stored ${short(stored)}, recomputed ${short(recomputed)}\n`)
        }
        const verdict = differences.length === 0 ? 'no difference' : `${differences.length} differences`
        await terminal.out(`${candidates} candidates and ${decisions} decisions checked: ${verdict}.\n`)
      }
      return differences.length === 0 ? 0 : 1
    }),
}

/** A correction may have megabytes. */
function short(value: string): string {
  return printable(value.length > 80 ? `${value.slice(0, 80)}…` : value)
}
