/** Owns the totals that people ask for, added up from the counters. */
import { STATUSES, type Status, UNKNOWN } from '../domain/candidate.ts'
import type { FailureCategory } from '../domain/failure-category.ts'
import { listCounters } from '../store/counters.ts'
import { findRunIds } from '../store/runs.ts'
import type { Tables } from '../store/tables.ts'
import type { Deps } from './deps.ts'

export type Stats = {
  total: number
  by_status: Record<Status, number>
  by_model: Record<string, number>
  by_task_type: Record<string, number>
  by_failure_category: Record<string, number>
  export_ready: number
  breakdown: {
    model_name: string | null
    task_type: string | null
    failure_category: FailureCategory | null
    status: Status
    n: number
  }[]
}

/** Of all runs, or of the one that this id or directory name means. */
export async function readStats({ store }: Deps, run?: string): Promise<Stats> {
  const run_ids = run === undefined ? undefined : await findRunIds(store.db, run)
  const rows = run_ids?.length === 0 ? [] : await listCounters(store.db, { run_ids })
  return {
    total: sum(rows),
    by_status: countByStatus(rows),
    by_model: countBy(rows, (row) => row.model_name || UNKNOWN),
    by_task_type: countBy(rows, (row) => row.task_type || UNKNOWN),
    by_failure_category: countBy(
      rows.filter((row) => row.status !== 'needs_review'),
      (row) => row.failure_category || 'none',
    ),
    export_ready: sum(rows.filter((row) => row.export_ready === 1)),
    breakdown: breakDown(rows),
  }
}

type Counter = Tables['counters']

export function countByStatus(rows: Counter[]): Record<Status, number> {
  const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>
  for (const row of rows) counts[row.status] += row.n
  return counts
}

/** Runs and readiness added up; what is left is one row for each combination that occurs. */
function breakDown(rows: Counter[]): Stats['breakdown'] {
  const groups = Map.groupBy(rows, (row) =>
    JSON.stringify([row.model_name, row.task_type, row.failure_category, row.status]),
  )
  return [...groups.keys()].sort().map((key) => {
    const group = groups.get(key) ?? []
    const { model_name, task_type, failure_category, status } = group[0] as Counter
    return {
      model_name: model_name || null,
      task_type: task_type || null,
      failure_category: failure_category || null,
      status,
      n: sum(group),
    }
  })
}

function sum(rows: Counter[]): number {
  return rows.reduce((total, row) => total + row.n, 0)
}

function countBy(rows: Counter[], nameOf: (row: Counter) => string): Record<string, number> {
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + row.n)
  return Object.fromEntries([...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)))
}
