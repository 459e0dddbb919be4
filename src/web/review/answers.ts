/** Owns what the answers of the server do to the screen: nothing where all is well, the card and its words where it refuses. */
import type { Decision, QueueItem } from '../../contract.ts'
import { isBlank } from '../../domain/decision.ts'
import { type ApiError, fetchCandidate, toApiError } from '../api.ts'
import { pointInTime } from '../ui/format.ts'
import { titleOf } from './card-title.ts'
import type { Desk, DeskParts, Refusal } from './desk.ts'
import { isSettled, NO_DRAFT } from './drafts.ts'
import { type Act, deliver, type Errand, type Reply } from './messenger.ts'
import type { Outbox } from './outbox.ts'

type Parts = DeskParts & { desk: Desk; outbox: Outbox }

/** A card that takes longer to come than this may meet a key that was meant for another. */
const SWIFT_MS = 300

export function createAnswers({ desk, outbox, queue, drafts, totals, recent, history, leaving }: Parts) {
  async function send(errand: Errand): Promise<Reply> {
    const { id } = errand.act.card
    await drafts.settled(id)
    return deliver(errand, desk.behind.has(id))
  }

  function answered(errand: Errand, { version, details, draft }: Reply): void {
    const { id } = errand.act.card
    desk.see({ id, version })
    if (outbox.has(id)) return
    leaving.delete(id)
    if (details) arrive(errand, { ...details.candidate, draft: details.draft })
    else if (errand.kind === 'undo') settleWords(errand.act, draft)
    totals.refreshSoon()
    desk.refillIfLow()
  }

  function arrive({ at }: Errand, card: QueueItem): void {
    if (card.status !== 'needs_review') return
    desk.leaveCurrent()
    queue.receive(card)
    recent.forget(card.id)
    history.dropDecided((act) => act.card.id === card.id)
    if (Date.now() - at > SWIFT_MS) desk.interrupt()
    desk.say(`Undone: ${titleOf(card)} is back.`)
  }

  /** What the server kept counts only while nobody has touched what this tab brought back. */
  function settleWords({ card: { id } }: Act, kept: Reply['draft']): void {
    const draft = drafts.of(id)
    if (!draft) return
    drafts.change(id, { revision: kept?.revision ?? 0 })
    if (draft.saving !== 'untouched') {
      void drafts.flush(id)
      return
    }
    const { text, failure_category: category } = kept ?? { text: '', failure_category: null }
    if (kept && (!isBlank(text) || isBlank(draft.text))) {
      drafts.change(id, { text, category, saving: 'kept', editing: draft.editing || text !== draft.text })
    } else if (draft.text !== '') drafts.write(id, {})
  }

  /** Throws where the card cannot be fetched now: it must not be given up without its reviewer knowing. */
  async function refused(errand: Errand, error: ApiError): Promise<(behind: Errand[]) => void> {
    const { id } = errand.act.card
    const card = desk.behind.get(id) ?? (await fetchCard(id))
    return (behind) => giveBack(errand, behind.at(-1) ?? errand, card, error)
  }

  function giveBack({ act, kind }: Errand, last: Errand, card: QueueItem | null, error: ApiError): void {
    const { id } = act.card
    desk.versions.set(id, error.candidate?.version ?? (kind === 'undo' ? act.version + 1 : act.version))
    leaving.delete(id)
    if (last.kind === 'decide') comeBack(last.act, card, error)
    else if (kind === 'undo') stayDecided(act, error)
    else stayOpen(id, error)
    totals.refreshSoon()
  }

  async function fetchCard(id: string): Promise<QueueItem | null> {
    try {
      const { candidate, draft } = await fetchCandidate(id)
      return { ...candidate, draft }
    } catch (thrown) {
      const error = toApiError(thrown)
      if (error.unanswered) throw error
      return null
    }
  }

  /** It left, and must not have. */
  function comeBack(act: Act, card: QueueItem | null, error: ApiError): void {
    const { id } = act.card
    history.drop((each) => each.undo_id === act.undo_id)
    if (card) desk.bringBack(act, card)
    else drafts.restore(id, act)
    if (act.kind === 'correct') drafts.change(id, { editing: true })
    if (act.text !== '' || act.category) drafts.write(id, {})
    void drafts.flush(id)
    desk.refuse(id, refusalOf(error, act.text))
    desk.interrupt()
    if (!card) desk.notice.value = `Not saved: ${titleOf(act.card)}. ${error.detail}`
    // What was announced when the card left is not true any more.
    desk.say(`Not saved. ${titleOf(act.card)} is back.`)
  }

  /** The card came back although its decision stands: it leaves again, unless somebody has written on it since. */
  function stayDecided(act: Act, error: ApiError): void {
    const { id } = act.card
    const draft = drafts.of(id)
    history.drop((each) => each.undo_id === act.undo_id)
    desk.deny(act, error.detail)
    void recent.refresh()
    if (!desk.behind.has(id)) return
    if (draft && !isSettled(draft)) stayOpen(id, error)
    else leaveAgain(act)
  }

  function leaveAgain(act: Act): void {
    drafts.take(act.card.id)
    queue.drop(act.card.id)
    queue.move(-1)
    totals.move(act, 1)
    desk.interrupt()
  }

  function stayOpen(id: string, error: ApiError): void {
    const { text, category, saving } = drafts.of(id) ?? NO_DRAFT
    const refusal = refusalOf(error, text)
    if (refusal.isFinal) desk.refuse(id, refusal)
    if (saving === 'untouched' && (text !== '' || category)) drafts.write(id, {})
    void drafts.flush(id)
  }

  /** What an earlier page of this tab, or a tab that is gone, could not send: the cards are on their way still. */
  function resume(errands: Errand[]): void {
    for (const { kind, act } of errands) {
      const { id } = act.card
      desk.see({ id, version: act.version + (kind === 'undo' ? 2 : 1) })
      if (kind === 'decide') leaving.add(id)
      else leaving.delete(id)
    }
    const decided = errands.filter(({ kind, act }) => kind === 'decide' && !isUndone(act, errands))
    history.adopt(decided.map(({ act }) => act))
    outbox.resume(errands)
  }

  return { send, answered, refused, resume }
}

function isUndone({ undo_id }: Act, errands: Errand[]): boolean {
  return errands.some(({ kind, act }) => kind === 'undo' && act.undo_id === undo_id)
}

/** Who was first, with what and when, where somebody was. */
export function refusalOf(error: ApiError, text: string): Refusal {
  const { candidate, decision } = error
  const isFinal = error.status === 404 || (candidate !== null && candidate.status !== 'needs_review')
  if (!isFinal || !decision) return { reason: `Not saved: ${error.detail}`, isFinal }
  return { reason: firstWords(decision, text), isFinal }
}

export function firstWords(decision: Decision, text: string): string {
  const kept = isBlank(text) ? '' : ' Your text is kept.'
  return `${decision.reviewer} ${DID[decision.action]} ${pointInTime(decision.decided_at)}.${kept}`
}

const DID: Record<Decision['action'], string> = {
  correct: 'corrected this card',
  discard: 'discarded this card',
  flag: 'flagged the model on this card',
  undo: 'took the decision on this card back',
}
