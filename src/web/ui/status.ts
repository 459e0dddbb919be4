/** Owns how a candidate's status is shown: its word, its colour and its sign, so that colour never stands alone. */
import { STATUSES, type Status } from '../../domain/candidate.ts'
import { FAILURE_CATEGORY_WORDS, type FailureCategory } from '../../domain/failure-category.ts'
import type { ScoreBand } from '../../domain/score-band.ts'

/** Two colours that belong together: the rules of `data-tone` in tokens.css. */
export type Tone = 'waiting' | 'good' | 'quiet' | 'teal' | 'low' | 'mid' | 'high'
export type Sign = 'wait' | 'check' | 'cross' | 'flag' | 'undo'
export type StatusLook = { status: Status; label: string; tone: Tone; sign: Sign }

export const STATUS_LOOK: Record<Status, StatusLook> = {
  needs_review: { status: 'needs_review', label: 'Waiting', tone: 'waiting', sign: 'wait' },
  approved: { status: 'approved', label: 'Corrected', tone: 'good', sign: 'check' },
  discarded: { status: 'discarded', label: 'Discarded', tone: 'quiet', sign: 'cross' },
  model_rejected: { status: 'model_rejected', label: 'Flagged', tone: 'mid', sign: 'flag' },
}

export const STATUS_LOOKS: StatusLook[] = STATUSES.map((status) => STATUS_LOOK[status])

export const SCORE_TONES: Record<ScoreBand, Tone> = { low: 'low', fair: 'mid', high: 'high' }

export const NO_CATEGORY = 'No reason given'

export function categoryLabel(category: FailureCategory | null): string {
  return category === null ? NO_CATEGORY : FAILURE_CATEGORY_WORDS[category].label
}
