/** Owns the rules of a decision: what may be decided, when, and where it leads. */
import type { Standing, Status } from './candidate.ts'
import { UNDECIDED } from './candidate.ts'
import { AvocetError } from './error.ts'
import type { FailureCategory } from './failure-category.ts'

export const ACTIONS = ['correct', 'discard', 'flag'] as const
export type Action = (typeof ACTIONS)[number]
export type DecisionKind = Action | 'undo'

/** What a text was written from: nothing, the model's own answer, or a reference that the record brought along. */
export const BEGINNINGS = ['blank', 'answer', 'reference'] as const
export type Beginning = (typeof BEGINNINGS)[number]

export const STATUS_AFTER: Record<DecisionKind, Status> = {
  correct: 'approved',
  discard: 'discarded',
  flag: 'model_rejected',
  undo: 'needs_review',
}

/** One human act on a candidate: a row of the log, never changed. */
export type Decision = {
  decision_id: string
  action: DecisionKind
  corrected_response: string | null
  failure_category: FailureCategory | null
  /** The candidate's version after this decision. */
  version: number
  reviewer: string
  /** ISO 8601, UTC. */
  decided_at: string
  /** Seconds that the reviewer was busy with the card before it, pauses left out; null where nobody measured. */
  active_seconds: number | null
  began_from: Beginning | null
}

export type Verdict = {
  action: Action
  corrected_response?: string | null | undefined
  failure_category?: FailureCategory | null | undefined
}

/** The state a candidate is checked against before a decision. */
export type Current = { status: Status; version: number; decided_elsewhere: boolean }

/** Equal but for white space: a correction that corrects nothing. */
export function isSameText(one: string, other: string): boolean {
  return one === other || withoutSpace(one) === withoutSpace(other)
}

function withoutSpace(text: string): string {
  return text.replace(/[\p{White_Space}\ufeff]+/gu, '')
}

/** `trim` knows all spaces of Unicode but U+0085, which Python strips. */
export function isBlank(text: string): boolean {
  return !/[^\p{White_Space}\ufeff]/u.test(text)
}

/** The text of a correction exactly as typed. Throws `correction_blank` or `correction_unreadable`. */
export function checkCorrection(text: string | null | undefined): string {
  if (text === null || text === undefined || isBlank(text)) {
    throw new AvocetError(
      'correction_blank',
      'A correction needs text. Write what the model should have said.',
    )
  }
  return checkText(text)
}

/** Whether a text column of either engine, and a UTF-8 file, can hold it. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** Refuses what no UTF-8 file can hold, instead of storing something else than was typed. */
export function checkText(text: string): string {
  if (!text.isWellFormed()) {
    throw new AvocetError(
      'correction_unreadable',
      'The text holds half of a character (a lone surrogate), often an emoji cut in two. Delete it and submit again.',
    )
  }
  if (text.includes('\0')) {
    throw new AvocetError(
      'correction_unreadable',
      'The text holds a NUL character. Delete it and submit again.',
    )
  }
  return text
}

/** Where the verdict leads. Throws when the correction of a `correct` cannot be taken. */
export function standingAfter(verdict: Verdict): Standing {
  return {
    status: STATUS_AFTER[verdict.action],
    corrected_response: verdict.action === 'correct' ? checkCorrection(verdict.corrected_response) : null,
    failure_category: verdict.failure_category ?? null,
  }
}

/** Throws `decided_elsewhere`, `stale_version` or `not_in_review` when this candidate cannot be decided now. */
export function checkDecidable(current: Current, version: number | undefined): void {
  checkHere(current)
  checkVersion(current, version)
  if (current.status !== 'needs_review') {
    throw new AvocetError(
      'not_in_review',
      `This card is already decided (${current.status}). Undo that first.`,
    )
  }
}

/** Throws `decided_elsewhere`, `stale_version` or `nothing_to_undo`. */
export function checkUndoable(current: Current, version: number | undefined): void {
  checkHere(current)
  checkVersion(current, version)
  if (current.status === 'needs_review') {
    throw new AvocetError('nothing_to_undo', 'This card waits for review: there is nothing to undo.')
  }
}

function checkHere(current: Current): void {
  if (!current.decided_elsewhere) return
  throw new AvocetError(
    'decided_elsewhere',
    'This card was decided before it was imported. It can be neither decided nor undone here.',
  )
}

function checkVersion(current: Current, version: number | undefined): void {
  if (version === undefined || version === current.version) return
  throw new AvocetError('stale_version', 'Somebody changed this card since you opened it. Nothing was saved.')
}

/** The standing that a log adds up to: the last row wins, an undo leads back to "needs review". */
export function foldDecisions(imported: Standing, log: LoggedAct[]): Standing {
  const last = log.at(-1)
  if (!last) return imported
  if (last.action === 'undo') return UNDECIDED
  return {
    status: STATUS_AFTER[last.action],
    corrected_response: last.corrected_response,
    failure_category: last.failure_category,
  }
}

export type LoggedAct = Pick<Decision, 'action' | 'corrected_response' | 'failure_category'>
