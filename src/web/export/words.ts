/** Owns the words of the export page: filters, containers, verdicts, and why something is left out. */
import type { ConsumerVerdict, ExportReason } from '../../contract.ts'
import type { ConflictRule, ContainerName } from '../../domain/example.ts'
import { listed, moment, plural } from '../ui/format.ts'
import { categoryLabel, NO_CATEGORY } from '../ui/status.ts'
import type { CATEGORY_CHOICES, ExportChoice } from './export-address.ts'

export const CONTAINER_WORDS: Record<ContainerName, string> = {
  jsonl: 'JSON Lines',
  parquet: 'Parquet',
  csv: 'CSV',
}

/** The first is what happens unless another one is chosen. */
export const CONFLICT_WORDS: Record<ConflictRule, string> = {
  'keep-all': 'Keep all of them',
  newest: 'Take the newest one',
  refuse: 'Export nothing at all',
}

/** Where the server names a flag of the command line, the page has a box to tick. */
const LEFT_OUT_HERE: Record<string, string> = {
  decided_elsewhere: 'it was decided before it was imported',
  invalid: 'a trainer would refuse it',
}

export function whyLeftOut({ code, explain }: ExportReason): string {
  return LEFT_OUT_HERE[code] ?? explain
}

export function categoryName(category: (typeof CATEGORY_CHOICES)[number]): string {
  return category === 'none' ? NO_CATEGORY : categoryLabel(category)
}

export function verdictWords({ verdict, findings }: ConsumerVerdict): string {
  if (verdict === 'passes') return 'Passes'
  if (verdict === 'refused') return 'Would be refused'
  return plural(findings.length, 'warning')
}

/** "run 2026-04-07 · phi or gemma · by ada · from 1 Apr 2026": what a past export was narrowed to. */
export function filterWords(choice: ExportChoice, runName: (id: string) => string): string {
  const parts = [
    named('', choice.run_id?.map(runName)),
    named('', choice.model_name),
    named('', choice.task_type),
    named('', choice.failure_category?.map(categoryName)),
    named('by ', choice.decided_by),
    choice.decided_from && `from ${day(choice.decided_from)}`,
    choice.decided_to && `to ${day(choice.decided_to)}`,
    choice.include_imported && 'with those decided before the import',
    choice.conflicts === 'newest' && 'the newest of each prompt',
    choice.conflicts === 'refuse' && 'no conflicts',
    choice.skip_invalid && 'without what trainers refuse',
  ]
  return parts.filter(Boolean).join(' · ') || 'everything'
}

function named(before: string, names: string[] | undefined): string {
  return names ? before + listed(names, 'or') : ''
}

function day(text: string): string {
  return isDay(text) ? text : moment(text)
}

/** What a field for dates can hold; a past export of the command line may have been cut at a moment. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text)
}
