/** Owns deciding, taking back and making again: the screen moves at once, the server is told behind it. */
import type { Answer } from '../../contract.ts'
import { type Action, checkCorrection } from '../../domain/decision.ts'
import { fetchCandidate, undo as sendUndo } from '../api.ts'
import { bucketOf } from './actions.ts'
import { titleOf } from './card-title.ts'
import type { Desk, DeskParts } from './desk.ts'
import { type Act, labelOf } from './messenger.ts'
import type { Outbox } from './outbox.ts'
import type { StandingDecision } from './recent.ts'
import type { Words } from './unsaved.ts'

type Parts = Pick<DeskParts, 'queue' | 'drafts' | 'recent' | 'history' | 'totals'> & {
  desk: Desk
  outbox: Outbox
  /** Seconds of work on a card since they were last asked for. */
  takeActiveSeconds(id: string): number
}

export function createDecider({
  desk,
  outbox,
  queue,
  drafts,
  recent,
  history,
  totals,
  takeActiveSeconds,
}: Parts) {
  function decide(kind: Action): void {
    const card = queue.current.value
    if (!card || (kind === 'correct' && isRefusedHere(card.id))) return
    const words = drafts.take(card.id)
    const what = { kind, card: labelOf(card), active_seconds: takeActiveSeconds(card.id) }
    history.dropUndone()
    send(make({ ...words, ...what }, card.version))
  }

  /** The same rule as the server's, asked first: the card need not leave to be refused. */
  function isRefusedHere(id: string): boolean {
    try {
      checkCorrection(drafts.of(id)?.text)
      return false
    } catch (error) {
      desk.refuse(id, { reason: error instanceof Error ? error.message : String(error), isFinal: false })
      return true
    }
  }

  function make(what: Words & Pick<Act, 'kind' | 'card' | 'active_seconds'>, version: number): Act {
    const ids = { decision_id: crypto.randomUUID(), undo_id: crypto.randomUUID() }
    return { ...what, ...ids, version: desk.versions.get(what.card.id) ?? version }
  }

  function send(act: Act): void {
    const { id } = act.card
    desk.refusals.delete(id)
    desk.notice.value = ''
    desk.file(act, queue.cards.value.find((each) => each.id === id) ?? desk.behind.get(id))
    outbox.add('decide', act)
    const next = queue.current.value
    const what = `${bucketOf(act.kind).done}. Press u to undo.`
    desk.say(`${what} ${next ? `Next: ${titleOf(next)}` : 'No card is left.'}`)
    desk.refillIfLow()
  }

  /** The newest decision of this tab if no other is named; once it is taken back, the one before is the newest. */
  function undo(named?: Act): void {
    const act = named
      ? history.acts.value.find((each) => each.undo_id === named.undo_id)
      : history.acts.value.at(-1)
    if (act) takeBack(act)
    else desk.say('Nothing to undo: no decision was made in this tab.')
  }

  function takeBack(act: Act): void {
    const card = desk.behind.get(act.card.id)
    desk.notice.value = ''
    if (card) desk.bringBack(act, card)
    history.undo(act)
    desk.versions.set(act.card.id, act.version + 2)
    outbox.add('undo', act)
    desk.say(card ? `Undone: ${titleOf(act.card)} is back.` : `Undone: ${titleOf(act.card)} comes back.`)
  }

  /** A new decision, in the words of the one that was taken back last. */
  function redo(): void {
    const act = history.undone.value.at(-1)
    if (act) makeAgain(act)
    else desk.say('Nothing to redo: no decision was taken back, or its card was changed since.')
  }

  function makeAgain(act: Act): void {
    history.dropUndone((each) => each === act)
    drafts.take(act.card.id)
    send(make(act, act.version + 2))
  }

  /** Of somebody else, or of an earlier visit: its card is fetched. */
  function takeBackRow(row: StandingDecision): void {
    if (isUndoing(row.id)) return
    const { id, task_name, model_name, action, failure_category, decision_id, version } = row
    const card = { id, task_id: null, task_name, model_name }
    const words: Words = { text: '', category: failure_category, began_from: 'blank' }
    const ids = { decision_id, undo_id: crypto.randomUUID(), version: version - 1 }
    // Whatever this tab remembers of it is not what stands.
    desk.behind.delete(id)
    outbox.add('undo', { ...words, ...ids, kind: action, card, active_seconds: null })
  }

  function isUndoing(id: string): boolean {
    return outbox.waiting.value.some(({ kind, act }) => kind === 'undo' && act.card.id === id)
  }

  const ids = new Map<string, string>()
  /** From the card's own page, which waits for the answer: the card waits again, without coming to the front. */
  async function takeBackCard(id: string, version: number): Promise<Answer<'candidate'>> {
    const place = `${version} ${id}`
    const decision_id = ids.get(place) ?? crypto.randomUUID()
    ids.set(place, decision_id)
    await sendUndo({ id, decision_id, version })
    const details = await fetchCandidate(id)
    desk.see(details.candidate)
    history.drop((act) => act.card.id === id)
    recent.forget(id)
    totals.refreshSoon()
    void queue.refill()
    return details
  }

  return { decide, undo, redo, takeBackRow, takeBackCard }
}
