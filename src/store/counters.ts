/** Owns the totals: one row per run, model, task type, category and status, changed with what they count. */
import { sql } from 'kysely'
import { type Status, UNKNOWN } from '../domain/candidate.ts'
import type { FailureCategory } from '../domain/failure-category.ts'
import type { Reading, Writing } from './open.ts'
import { portionsOf } from './portions.ts'
import type { Tables } from './tables.ts'

export type CounterKey = Omit<Tables['counters'], 'n'>

/** What decides in which counter a candidate stands. */
export type Counted = {
  run_id: string
  model_name: string | null
  task_type: string | null
  failure_category: FailureCategory | null
  status: Status
  decided_elsewhere: number
  teachable: number
}

export function counterOf(candidate: Counted): CounterKey {
  return {
    run_id: candidate.run_id,
    model_name: candidate.model_name ?? '',
    task_type: candidate.task_type ?? '',
    failure_category: candidate.failure_category ?? '',
    status: candidate.status,
    export_ready:
      candidate.status === 'approved' && candidate.teachable && !candidate.decided_elsewhere ? 1 : 0,
  }
}

/** Adds up changes, so that a batch touches each counter once. */
export function createTally(): { add(candidate: Counted, n: number): void; rows(): Tables['counters'][] } {
  const rows = new Map<string, Tables['counters']>()
  return {
    add(candidate, n) {
      const key = counterOf(candidate)
      const name = JSON.stringify(Object.values(key))
      const row = rows.get(name) ?? { ...key, n: 0 }
      row.n += n
      rows.set(name, row)
    },
    // In one order for everybody, so that two writers never wait for each other in a circle.
    rows: () => [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row),
  }
}

/** Each counter at most once. */
export async function addToCounters(trx: Writing, rows: Tables['counters'][]): Promise<void> {
  for (const changed of portionsOf(rows.filter(({ n }) => n !== 0))) {
    await trx
      .insertInto('counters')
      .values(changed)
      .onConflict((conflict) =>
        conflict
          .columns(['run_id', 'model_name', 'task_type', 'failure_category', 'status', 'export_ready'])
          .doUpdateSet({ n: sql`counters.n + excluded.n` }),
      )
      .execute()
  }
}

function keysOf(name: string): string[] {
  return name === UNKNOWN ? ['', name] : [name]
}

export type CounterFilter = {
  run_ids?: string[] | undefined
  model_name?: string | undefined
  task_type?: string | undefined
}

/** Every counter that is not zero. */
export async function listCounters(db: Reading, filter: CounterFilter = {}): Promise<Tables['counters'][]> {
  let query = db.selectFrom('counters').selectAll().where('n', '<>', 0)
  if (filter.run_ids) query = query.where('run_id', 'in', filter.run_ids)
  if (filter.model_name !== undefined) query = query.where('model_name', 'in', keysOf(filter.model_name))
  if (filter.task_type !== undefined) query = query.where('task_type', 'in', keysOf(filter.task_type))
  return query.execute()
}
