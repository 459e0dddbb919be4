/** Owns what may be asked of an export, and its way into a filter, a file name, and the words that ask for it again. */

import { AvocetError } from '../domain/error.ts'
import { CONFLICT_RULES, CONTAINER_NAMES, type ConflictRule, type ContainerName } from '../domain/example.ts'
import { FAILURE_CATEGORIES, type FailureCategory } from '../domain/failure-category.ts'
import { containers } from '../formats/containers/index.ts'
import { containersOf, type Format } from '../formats/format.ts'
import type { ExampleFilter } from '../store/example-index.ts'
import { findRunIds } from '../store/runs.ts'
import type { Deps } from './deps.ts'

/** The words of the API; the command line has the same ones, see `FLAGS`. Empty lists mean all. */
export type ExportQuery = {
  format: string
  as?: ContainerName | undefined
  /** Ids or directory names. */
  run_id: string[]
  model_name: string[]
  task_type: string[]
  /** "none" for corrections without a category. */
  failure_category: (FailureCategory | 'none')[]
  decided_by: string[]
  /** A day, or a moment as ISO 8601. */
  decided_from?: string | undefined
  decided_to?: string | undefined
  /** Also those that were decided before they were imported. */
  include_imported: boolean
  conflicts: ConflictRule
  skip_invalid: boolean
}

export type ExportRequest = Omit<ExportQuery, 'format' | 'as'> & { format: Format; as: ContainerName }

/** The same word on both sides: `--task-type code` is `task_type=code`. */
export const FLAG_OF = {
  run_id: 'run',
  model_name: 'model',
  task_type: 'task-type',
  failure_category: 'failure-category',
  decided_by: 'decided-by',
  decided_from: 'decided-from',
  decided_to: 'decided-to',
  include_imported: 'include-imported',
  conflicts: 'conflicts',
  skip_invalid: 'skip-invalid',
} as const

/** Throws `invalid_request` for a format, container, category, rule or date that does not exist. */
export function toRequest(formats: ReadonlyMap<string, Format>, query: ExportQuery): ExportRequest {
  const format = formats.get(query.format)
  if (!format) throw unknown('format', query.format, [...formats.keys()])
  const choices = containersOf(format)
  const as = query.as ?? choices[0] ?? 'jsonl'
  if (!CONTAINER_NAMES.includes(as)) throw unknown('container', as, choices)
  if (!choices.includes(as)) {
    throw new AvocetError(
      'invalid_request',
      `The format ${format.name} cannot be written as ${as}, its rows are nested. Choose ${choices.join(' or ')}.`,
    )
  }
  for (const category of query.failure_category) {
    const known = [...FAILURE_CATEGORIES, 'none'] as const
    if (!known.includes(category)) throw unknown('failure category', category, known)
  }
  if (!CONFLICT_RULES.includes(query.conflicts)) {
    throw unknown('rule for conflicts', query.conflicts, CONFLICT_RULES)
  }
  momentOf(query.decided_from, 'decided_from')
  momentOf(query.decided_to, 'decided_to')
  return { ...query, format, as }
}

function unknown(what: string, given: string, known: readonly string[]): AvocetError {
  return new AvocetError('invalid_request', `There is no ${what} "${given}". There is: ${known.join(', ')}.`)
}

/** Null when one of the filters names nothing that exists, so that nothing can be found. */
export async function toFilter({ store }: Deps, request: ExportRequest): Promise<ExampleFilter | null> {
  const run_ids: string[] = []
  for (const run of request.run_id) run_ids.push(...(await findRunIds(store.db, run)))
  if (request.run_id.length > 0 && run_ids.length === 0) return null
  return {
    statuses:
      request.format.covers === 'corrections' ? ['approved'] : ['approved', 'discarded', 'model_rejected'],
    run_ids: orAll(run_ids),
    model_names: orAll(request.model_name),
    task_types: orAll(request.task_type),
    failure_categories: orAll(
      request.failure_category.map((category) => (category === 'none' ? null : category)),
    ),
    reviewers: orAll(request.decided_by),
    decided_from: momentOf(request.decided_from, 'decided_from')?.first,
    decided_before: momentOf(request.decided_to, 'decided_to')?.after,
  }
}

function orAll<T>(values: T[]): T[] | undefined {
  return values.length > 0 ? values : undefined
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const DAY_MS = 24 * 60 * 60 * 1000

/** A day is meant whole, in UTC. */
function momentOf(text: string | undefined, name: string): { first: string; after: string } | undefined {
  if (text === undefined) return undefined
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) {
    throw new AvocetError(
      'invalid_request',
      `${name} must be a day such as 2026-04-07, or a moment such as 2026-04-07T14:30:00Z; found ${JSON.stringify(text)}.`,
    )
  }
  const length = DAY.test(text) ? DAY_MS : 1
  return { first: new Date(time).toISOString(), after: new Date(time + length).toISOString() }
}

/** `now`: ISO 8601. */
export function fileNameOf({ format, as }: ExportRequest, now: string): string {
  return `avocet-${format.name}-${now.slice(0, 10)}.${containers[as].extension}`
}

/** What was asked beyond the defaults: enough to ask for the same again. */
export function narrowed({
  format,
  as,
  ...request
}: ExportRequest): Record<string, string | string[] | boolean> {
  const entries = Object.entries(request).filter(
    ([name, value]) =>
      value !== undefined &&
      value !== false &&
      value !== 'keep-all' &&
      !(Array.isArray(value) && !value.length) &&
      name in FLAG_OF,
  )
  return Object.fromEntries(entries)
}
