/** Owns the sentence above each block: what the numbers below say. */
import { FAILURE_CATEGORY_WORDS } from '../../domain/failure-category.ts'
import { listed, number, plural } from '../ui/format.ts'
import { countStatuses, type Group, groupBy, type Row, sum } from './count.ts'

export const UNKNOWN = 'not named'

export function nameOf(name: string | null): string {
  return name ?? UNKNOWN
}

function reasonOf(group: Group<keyof typeof FAILURE_CATEGORY_WORDS | null>): string {
  return group.name === null ? 'no reason given' : FAILURE_CATEGORY_WORDS[group.name].label.toLowerCase()
}

export function statusSentence(rows: Row[]): string {
  const total = sum(rows)
  const counts = countStatuses(rows)
  const decided = total - counts.needs_review
  if (total === 0) return 'No answers yet.'
  if (decided === 0) return `None of ${plural(total, 'answer')} is decided yet.`
  const waiting = counts.needs_review
  const rest = waiting === 0 ? 'none waits' : `${number(waiting)} still ${waiting === 1 ? 'waits' : 'wait'}`
  return `${number(decided)} of ${plural(total, 'answer')} ${decided === 1 ? 'is' : 'are'} decided; ${rest}.`
}

export function modelSentence(rows: Row[]): string {
  const [first, ...others] = groupBy(rows, (row) => row.model_name)
  if (!first) return ''
  const models = plural(others.length + 1, 'model')
  const share = Math.round((100 * first.total) / sum(rows))
  return others.length === 0
    ? `All of them came from ${nameOf(first.name)}.`
    : `${models} gave them; most came from ${nameOf(first.name)}: ${number(first.total)}, or ${share} %.`
}

export function typeSentence(rows: Row[]): string {
  const groups = groupBy(rows, (row) => row.task_type)
  const named = groups.slice(0, 2).map((group) => `${nameOf(group.name)} (${number(group.total)})`)
  return groups.length < 2
    ? `All of them failed at ${nameOf(groups[0]?.name ?? null)}.`
    : `The models failed most often at ${listed(named)}.`
}

export function categorySentence(rows: Row[]): string {
  const decided = rows.filter((row) => row.status !== 'needs_review')
  const [first] = groupBy(decided, (row) => row.failure_category)
  if (!first) return 'Nothing is decided yet, so no reason is known.'
  const most = groupBy(
    decided.filter((row) => row.failure_category !== null),
    (row) => row.failure_category,
  )[0]
  if (!most) return `None of ${number(sum(decided))} decided cards was given a reason.`
  return `The most frequent reason is ${reasonOf(most)}: ${number(most.total)} of ${plural(sum(decided), 'decided card')}.`
}

export function flaggedSentence(rows: Row[]): string {
  const flagged = rows.filter((row) => row.status === 'model_rejected')
  const n = sum(flagged)
  if (n === 0) return 'No model was flagged as completely wrong for a task type.'
  const [lead] = groupBy(flagged, (row) => row.model_name)
  const [type] = groupBy(
    flagged.filter((row) => row.model_name === lead?.name),
    (row) => row.task_type,
  )
  const verb = n === 1 ? 'was' : 'were'
  const opening = `${number(n)} of ${plural(sum(rows), 'answer')} ${verb} flagged`
  if (!lead || !type) return `${opening}.`
  const only = type.total === lead.total ? 'all' : 'mostly'
  return `${opening}; ${nameOf(lead.name)} leads with ${number(lead.total)}, ${only} ${nameOf(type.name)}.`
}

export function discardedSentence(rows: Row[]): string {
  const discarded = rows.filter((row) => row.status === 'discarded')
  const n = sum(discarded)
  if (n === 0) return 'No answer was discarded.'
  const [lead] = groupBy(discarded, (row) => row.failure_category)
  const verb = n === 1 ? 'was' : 'were'
  return `${number(n)} of ${plural(sum(rows), 'answer')} ${verb} discarded; the most frequent reason: ${lead ? reasonOf(lead) : ''}.`
}
