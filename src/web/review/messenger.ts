/** Owns a decision as this tab knows it, and how it is told to the server: every time in the same words. */
import type { Answer, Body, QueueItem, SubmitRequest } from '../../contract.ts'
import { type Action, isBlank } from '../../domain/decision.ts'
import { fetchCandidate, saveDraft, submit, toApiError, undo } from '../api.ts'
import type { Words } from './unsaved.ts'

export type CardLabel = Pick<QueueItem, 'id' | 'task_id' | 'task_name' | 'model_name'>
/** All that it takes to send a decision, to list it, to take it back and to make it again. */
export type Act = Words & {
  decision_id: string
  /** Made with it, so that an undo without an answer is sent again as the same one. */
  undo_id: string
  kind: Action
  card: CardLabel
  /** The card's version that it is made on; the one after it is the next number. */
  version: number
  active_seconds: number | null
}
/** One thing that the server has yet to be told. */
export type Errand = { key: string; tab: string; at: number; kind: 'decide' | 'undo'; act: Act }
export type Reply = { version: number; details: Answer<'candidate'> | null; draft: Answer<'undo'>['draft'] }

export function labelOf({ id, task_id, task_name, model_name }: CardLabel): CardLabel {
  return { id, task_id, task_name, model_name }
}

export function submitRequestOf(act: Act): SubmitRequest {
  const isCorrection = act.kind === 'correct'
  return {
    id: act.card.id,
    action: act.kind,
    corrected_response: isCorrection ? act.text : null,
    failure_category: act.category,
    decision_id: act.decision_id,
    version: act.version,
    active_seconds: act.active_seconds,
    began_from: isCorrection ? act.began_from : null,
  }
}

export function undoRequestOf({ card, undo_id, version }: Act): Body<'undo'> {
  return { id: card.id, decision_id: undo_id, version: version + 1 }
}

/** `isHere`: the card is in this tab already; otherwise it is fetched once its decision is taken back. */
export async function deliver({ kind, act, tab }: Errand, isHere: boolean): Promise<Reply> {
  if (kind === 'undo') {
    const { version, draft } = await undo(undoRequestOf(act))
    return { version, draft, details: isHere ? null : await fetchCandidate(act.card.id) }
  }
  // A correction carries its text itself; beside another decision the text would exist nowhere else.
  if (act.kind !== 'correct' && !isBlank(act.text)) await keepText(act, tab)
  const { version } = await submit(submitRequestOf(act))
  return { version, draft: null, details: null }
}

async function keepText({ card, text, category, began_from }: Act, writer: string): Promise<void> {
  try {
    await saveDraft(card.id, { text, failure_category: category, began_from, writer })
  } catch (error) {
    // What cannot be stored as a text is no reason not to decide.
    if (toApiError(error).unanswered) throw error
  }
}
