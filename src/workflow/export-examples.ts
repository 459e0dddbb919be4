/** Owns the export: approved candidates → examples → lines of a format, streamed from one moment of the store. */

import { type Example, type LeftOut, toExample } from '../domain/example.ts'
import type { FailureCategory } from '../domain/failure-category.ts'
import type { Format } from '../formats/format.ts'
import { type ApprovedFilter, pageApproved } from '../store/candidates.ts'
import { snapshot } from '../store/open.ts'
import { findRunIds } from '../store/runs.ts'
import type { Deps } from './deps.ts'

export type ExportRequest = {
  format: Format
  /** Ids or directory names; empty means all. So do the others. */
  runs: string[]
  models: string[]
  task_types: string[]
  /** "none" for corrections without a category. */
  failure_categories: (FailureCategory | 'none')[]
  /** Also those that were decided before they were imported. */
  include_imported: boolean
}

export type ExportOutcome = { written: number; left_out: Record<Exclude<LeftOut, 'not_approved'>, string[]> }

/** Yields whole lines, some at a time; `outcome` is complete once the last of them was taken. */
export function exportExamples(
  deps: Deps,
  request: ExportRequest,
): { outcome: ExportOutcome; chunks: AsyncGenerator<string> } {
  const outcome: ExportOutcome = {
    written: 0,
    left_out: { no_correction: [], empty_prompt: [], prompt_not_text: [], decided_elsewhere: [] },
  }
  return { outcome, chunks: streamLines(deps, request, outcome) }
}

async function* streamLines(
  deps: Deps,
  request: ExportRequest,
  outcome: ExportOutcome,
): AsyncGenerator<string> {
  const filter = await toFilter(deps, request)
  if (filter.run_ids?.length === 0) return
  for await (const page of snapshot(deps.store, (db) => pageApproved(db, filter))) {
    const lines: string[] = []
    for (const { facts, standing } of page) {
      const example: Example | LeftOut = toExample(facts, standing, request.include_imported)
      if (typeof example === 'object') lines.push(`${request.format.toLine(example)}\n`)
      else if (example !== 'not_approved') outcome.left_out[example].push(facts.id)
    }
    outcome.written += lines.length
    if (lines.length > 0) yield lines.join('')
  }
}

async function toFilter({ store }: Deps, request: ExportRequest): Promise<ApprovedFilter> {
  const runIds: string[] = []
  for (const run of request.runs) runIds.push(...(await findRunIds(store.db, run)))
  return {
    run_ids: request.runs.length > 0 ? runIds : undefined,
    model_names: orAll(request.models),
    task_types: orAll(request.task_types),
    failure_categories: orAll(
      request.failure_categories.map((category) => (category === 'none' ? null : category)),
    ),
  }
}

function orAll<T>(values: T[]): T[] | undefined {
  return values.length > 0 ? values : undefined
}
