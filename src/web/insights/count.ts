/** Owns adding up the breakdown of the statistics: by one thing, by two, by status. */
import type { Stats } from '../../contract.ts'
import { STATUSES, type Status } from '../../domain/candidate.ts'

export type Row = Stats['breakdown'][number]
export type Counts = Record<Status, number>
/** `name` null is what the record names not. */
export type Group<T> = { name: T; total: number; counts: Counts }

export function sum(rows: Row[]): number {
  return rows.reduce((total, row) => total + row.n, 0)
}

export function countStatuses(rows: Row[]): Counts {
  const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Counts
  for (const row of rows) counts[row.status] += row.n
  return counts
}

/** The largest group first, what has no name last. */
export function groupBy<T extends string>(rows: Row[], nameOf: (row: Row) => T | null): Group<T | null>[] {
  const groups = new Map<T | null, Row[]>()
  for (const row of rows) {
    const name = nameOf(row)
    const group = groups.get(name)
    if (group) group.push(row)
    else groups.set(name, [row])
  }
  return [...groups]
    .map(([name, group]) => ({ name, total: sum(group), counts: countStatuses(group) }))
    .sort((a, b) => Number(a.name === null) - Number(b.name === null) || b.total - a.total)
}

export type Matrix = {
  models: (string | null)[]
  types: (string | null)[]
  cell(model: string | null, type: string | null): number
  most: number
}

/** How often each model failed at each task type. */
export function matrixOf(rows: Row[]): Matrix {
  const cells = new Map<string, number>()
  for (const row of rows) {
    const key = JSON.stringify([row.model_name, row.task_type])
    cells.set(key, (cells.get(key) ?? 0) + row.n)
  }
  return {
    models: groupBy(rows, (row) => row.model_name).map(({ name }) => name),
    types: groupBy(rows, (row) => row.task_type).map(({ name }) => name),
    cell: (model, type) => cells.get(JSON.stringify([model, type])) ?? 0,
    most: Math.max(1, ...cells.values()),
  }
}
