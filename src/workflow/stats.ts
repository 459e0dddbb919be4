/** Owns the totals that people ask for, added up from the counters. */
import { STATUSES, type Status } from '../domain/candidate.ts'
import { listCounters } from '../store/counters.ts'
import type { Tables } from '../store/tables.ts'
import type { Deps } from './deps.ts'

export type Stats = {
  total: number
  by_status: Record<Status, number>
  by_model: Record<string, number>
  by_task_type: Record<string, number>
  by_failure_category: Record<string, number>
  export_ready: number
}

export async function readStats({ store }: Deps): Promise<Stats> {
  const rows = await listCounters(store.db)
  return {
    total: sum(rows),
    by_status: countByStatus(rows),
    by_model: countBy(rows, (row) => row.model_name || 'unknown'),
    by_task_type: countBy(rows, (row) => row.task_type || 'unknown'),
    by_failure_category: countBy(
      rows.filter((row) => row.status !== 'needs_review'),
      (row) => row.failure_category || 'none',
    ),
    export_ready: sum(rows.filter((row) => row.export_ready === 1)),
  }
}

type Counter = Tables['counters']

export function countByStatus(rows: Counter[]): Record<Status, number> {
  const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>
  for (const row of rows) counts[row.status] += row.n
  return counts
}

function sum(rows: Counter[]): number {
  return rows.reduce((total, row) => total + row.n, 0)
}

function countBy(rows: Counter[], nameOf: (row: Counter) => string): Record<string, number> {
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + row.n)
  return Object.fromEntries([...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)))
}
