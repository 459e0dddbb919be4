/** Owns what a card must be after any acts: the rules once more, in the plainest words, to be compared with the program. */
import { isBlank } from '../../src/domain/decision.ts'

export type Kind = 'correct' | 'discard' | 'flag'
export type Words = { text: string; category: 'wrong_answer' | 'hallucination' | null }
export type Submit = Words & { decision_id: string; kind: Kind; version: number | null }
export type Undo = { decision_id: string; version: number | null }
export type Draft = Words & { revision: number; writer: string | null }
type Logged = Words & { decision_id: string; kind: Kind | 'undo' }

export type Card = {
  id: string
  log: Logged[]
  draft: Draft | null
  lastRevision: number
  /** Everything that a person wrote and nobody wrote on: it must be found somewhere. */
  texts: Set<string>
}
export type Expected = { status: number; code?: string; version?: number }

export function newCard(id: string): Card {
  return { id, log: [], draft: null, lastRevision: 0, texts: new Set() }
}

const STATUS = {
  correct: 'approved',
  discard: 'discarded',
  flag: 'model_rejected',
  undo: 'needs_review',
} as const

export function statusOf({ log }: Card): string {
  const last = log.at(-1)
  return last ? STATUS[last.kind] : 'needs_review'
}

/** What the program shows of a card that stands like this. */
export function standingOf(card: Card) {
  const last = card.log.at(-1)
  const stands = last !== undefined && last.kind !== 'undo'
  return {
    status: statusOf(card),
    version: card.log.length,
    corrected_response: last?.kind === 'correct' ? last.text : null,
    failure_category: stands ? last.category : null,
  }
}

export function submit(card: Card, act: Submit): Expected {
  const earlier = card.log.findIndex(({ decision_id }) => decision_id === act.decision_id)
  if (earlier !== -1) return { status: 200, version: earlier + 1 }
  if (act.kind === 'correct' && isBlank(act.text)) return { status: 422, code: 'correction_blank' }
  const refusal = refusalOf(card, act.version, 'needs_review')
  if (refusal) {
    if (!isBlank(act.text)) keepRefused(card, act)
    return refusal
  }
  if (act.kind === 'correct') {
    card.texts.add(act.text)
    card.draft = null
  }
  card.log.push({ ...act, text: act.kind === 'correct' ? act.text : '' })
  return { status: 200, version: card.log.length }
}

export function undo(card: Card, act: Undo): Expected {
  const earlier = card.log.findIndex(({ decision_id }) => decision_id === act.decision_id)
  if (earlier !== -1) return { status: 200, version: earlier + 1 }
  const refusal = refusalOf(card, act.version, 'decided')
  if (refusal) return refusal
  const last = card.log.at(-1) as Logged
  const text = last.kind === 'correct' ? last.text : (card.draft?.text ?? '')
  if (text !== '' || last.category) addDraft(card, { text, category: last.category }, null)
  card.log.push({ decision_id: act.decision_id, kind: 'undo', text: '', category: null })
  return { status: 200, version: card.log.length }
}

export function saveDraft(card: Card, words: Words, writer: string, base: number | null): Expected {
  const { draft } = card
  if (draft && isSame(draft, words)) return { status: 200, version: draft.revision }
  const isOwn = draft?.writer === writer
  if (draft && !isOwn && base !== null && base !== draft.revision) {
    remember(card, words.text)
    return { status: 409, code: 'stale_draft' }
  }
  // What the same tab goes on with takes the place of what it wrote, unless it wiped the field.
  if (draft && isOwn && !(isBlank(words.text) && !isBlank(draft.text))) card.texts.delete(draft.text)
  addDraft(card, words, writer)
  return { status: 200, version: card.lastRevision }
}

function refusalOf(card: Card, version: number | null, wanted: 'needs_review' | 'decided'): Expected | null {
  if (version !== null && version !== card.log.length) return { status: 409, code: 'stale_version' }
  const waits = statusOf(card) === 'needs_review'
  if (wanted === 'needs_review' && !waits) return { status: 409, code: 'not_in_review' }
  return wanted === 'decided' && waits ? { status: 409, code: 'nothing_to_undo' } : null
}

function keepRefused(card: Card, { text, category }: Words): void {
  remember(card, text)
  if (!card.draft) addDraft(card, { text, category }, null)
}

function addDraft(card: Card, { text, category }: Words, writer: string | null): void {
  remember(card, text)
  if (card.draft && isSame(card.draft, { text, category })) return
  card.lastRevision += 1
  card.draft = { text, category, writer, revision: card.lastRevision }
}

function remember({ texts }: Card, text: string): void {
  if (!isBlank(text)) texts.add(text)
}

function isSame(one: Words, other: Words): boolean {
  return one.text === other.text && one.category === other.category
}
