/** Owns how a filter is written in the address, so that a link or a reload comes back to the same place. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { Query } from '../contract.ts'

export type QueueFilter = Pick<Query<'queue'>, 'run_id' | 'model_name' | 'task_type' | 'score_band'>
export type ScoreChoice = NonNullable<QueueFilter['score_band']>

export const SCORE_CHOICES: { value: ScoreChoice; label: string }[] = [
  { value: 'low', label: 'Low, below 0.4' },
  { value: 'fair', label: 'Fair, 0.4 to 0.7' },
  { value: 'high', label: 'High, from 0.7' },
  { value: 'none', label: 'Without a score' },
]

/** The names of the filters in the address, shorter than those of the API. */
export const IN_ADDRESS = {
  run_id: 'run',
  model_name: 'model',
  task_type: 'task_type',
  score_band: 'score',
} as const satisfies Record<keyof QueueFilter, string>

/** What stands there once; undefined where it is missing or empty. */
export function textOf(query: LocationQuery, name: string): string | undefined {
  const value = query[name]
  return (Array.isArray(value) ? value[0] : value) || undefined
}

/** One of the choices, or undefined: an address is typed by people. */
export function choiceOf<T extends string>(
  query: LocationQuery,
  name: string,
  choices: readonly T[],
): T | undefined {
  const text = textOf(query, name)
  return choices.find((choice) => choice === text)
}

export function filterOf(query: LocationQuery): QueueFilter {
  return withoutNothing({
    run_id: textOf(query, IN_ADDRESS.run_id),
    model_name: textOf(query, IN_ADDRESS.model_name),
    task_type: textOf(query, IN_ADDRESS.task_type),
    score_band: choiceOf(
      query,
      IN_ADDRESS.score_band,
      SCORE_CHOICES.map(({ value }) => value),
    ),
  })
}

export function addressOf(filter: QueueFilter): LocationQueryRaw {
  const names = Object.keys(filter) as (keyof QueueFilter)[]
  return withoutNothing(Object.fromEntries(names.map((name) => [IN_ADDRESS[name], filter[name]])))
}

/** The same words for the same filter, in whatever order it was put together. */
export function nameOf(filter: QueueFilter): string {
  return JSON.stringify(Object.entries(filter).sort())
}

export function withoutNothing<T extends object>(record: T): T {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined && value !== ''),
  ) as T
}
