/** Owns the sentence above each block: what the numbers below say. */
import { FAILURE_CATEGORY_WORDS } from '../../domain/failure-category.ts'
import { listed, NOT_NAMED, number, plural } from '../ui/format.ts'
import { countStatuses, type Group, groupBy, type Row, sum } from './count.ts'

export function nameOf(name: string | null): string {
  return name ?? NOT_NAMED
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
    : `${models} gave them; the largest share from ${nameOf(first.name)}: ${number(first.total)}, or ${share} %.`
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
  if (decided.length === 0) return 'Nothing is decided yet, so no reason is known.'
  const named = decided.filter((row) => row.failure_category !== null)
  const reasons = leaders(groupBy(named, (row) => row.failure_category))
  const [first] = reasons
  const all = plural(sum(decided), 'decided card')
  if (!first) return `None of ${all} was given a reason.`
  if (reasons.length > 1)
    return `${capital(tied(reasons.map(reasonOf)))}: ${number(first.total)} each of ${all}.`
  return `The most frequent reason is ${reasonOf(first)}: ${number(first.total)} of ${all}.`
}

export function flaggedSentence(rows: Row[]): string {
  const flagged = rows.filter((row) => row.status === 'model_rejected')
  const n = sum(flagged)
  if (n === 0) return 'No model was flagged as completely wrong for a task type.'
  const opening = `${number(n)} of ${plural(sum(rows), 'answer')} ${n === 1 ? 'was' : 'were'} flagged`
  const first = leaders(groupBy(flagged, (row) => row.model_name))
  const [lead] = first
  if (!lead) return `${opening}.`
  if (first.length > 3) return `${opening}; no model stands out.`
  const names = listed(first.map((group) => nameOf(group.name)))
  if (first.length > 1) return `${opening}; ${names} lead with ${number(lead.total)} each.`
  const theirs = flagged.filter((row) => row.model_name === lead.name)
  return `${opening}; ${names} leads with ${number(lead.total)}${mostly(theirs)}.`
}

export function discardedSentence(rows: Row[]): string {
  const discarded = rows.filter((row) => row.status === 'discarded')
  const n = sum(discarded)
  if (n === 0) return 'No answer was discarded.'
  const opening = `${number(n)} of ${plural(sum(rows), 'answer')} ${n === 1 ? 'was' : 'were'} discarded`
  const reasons = leaders(groupBy(discarded, (row) => row.failure_category))
  const [first] = reasons
  if (!first || reasons.length > 1) return `${opening}; ${tied(reasons.map(reasonOf))}.`
  return `${opening}; the most frequent reason: ${reasonOf(first)}.`
}

/** All that share the first place. */
function leaders<T>(groups: Group<T>[]): Group<T>[] {
  const most = Math.max(...groups.map((group) => group.total))
  return groups.filter((group) => group.total === most)
}

function tied(names: string[]): string {
  return names.length > 3 ? 'no reason stands out' : `the most frequent reasons are ${listed(names)}`
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Where one task type makes up more than half. */
function mostly(rows: Row[]): string {
  const [type] = groupBy(rows, (row) => row.task_type)
  const total = sum(rows)
  if (!type || type.total * 2 <= total) return ''
  return `, ${type.total === total ? 'all' : 'mostly'} ${nameOf(type.name)}`
}
