/** Owns deciding and taking back: the screen moves at once, the server is told behind it, a refusal brings the card back. */
import { markRaw, reactive, ref, shallowRef } from 'vue'
import type { Answer } from '../../contract.ts'
import { type Action, checkCorrection, isBlank } from '../../domain/decision.ts'
import type { ApiError } from '../api.ts'
import { bucketOf } from './actions.ts'
import { titleOf } from './card-title.ts'
import type { Drafts } from './drafts.ts'
import { type Act, createMessenger } from './messenger.ts'
import type { Outbox } from './outbox.ts'
import type { Queue } from './queue.ts'
import type { Recent, StandingDecision } from './recent.ts'
import { createTakeBack } from './take-back.ts'
import type { Totals } from './totals.ts'

/** `isFinal`: the card cannot be decided here any more; the reviewer can only go on. */
export type Refusal = { reason: string; isFinal: boolean }
type Parts = {
  queue: Queue
  drafts: Drafts
  outbox: Outbox
  totals: Totals
  recent: Recent
  leaving: Set<string>
}

export function createDecider({ queue, drafts, outbox, totals, recent, leaving }: Parts) {
  const messenger = createMessenger()
  const acts = shallowRef<Act[]>([])
  const refusals = reactive(new Map<string, Refusal>())
  const announcement = ref('')
  const notice = ref('')
  /** When a card last came back by itself, so that no key meant for another card acts on it. */
  const interruptedAt = ref(0)
  const { see } = messenger
  const { takeBack, takeBackRow } = createTakeBack({ outbox, recent, see, onBack, onRefused })

  function decide(kind: Action): void {
    const card = queue.current.value
    if (!card || (kind === 'correct' && isRefusedHere(card.id))) return
    // A correction carries its text itself; beside another decision the text would exist nowhere else.
    if (kind !== 'correct' && !isBlank(drafts.of(card.id)?.text ?? '')) void drafts.flush(card.id)
    const { settled, ...words } = drafts.take(card.id)
    const fresh = { card: markRaw(card), kind, ...words, undoId: crypto.randomUUID() }
    const act = reactive<Act>({ ...fresh, state: 'sending', version: null })
    refusals.delete(card.id)
    notice.value = ''
    file(act)
    outbox.add({
      id: card.id,
      send: () => settled.then(() => messenger.tell(act)).then(() => saved(card.id)),
      giveBack: (error) => comeBack(act, error),
    })
    const next = queue.current.value
    say(`${bucketOf(kind).done}. Press u to undo. ${next ? `Next: ${titleOf(next)}` : 'No card is left.'}`)
    if (queue.isLow()) void queue.refill()
  }

  /** The same rule as the server's, asked first: the card need not leave to be refused. */
  function isRefusedHere(id: string): boolean {
    try {
      checkCorrection(drafts.of(id)?.text)
      return false
    } catch (error) {
      refusals.set(id, { reason: error instanceof Error ? error.message : String(error), isFinal: false })
      return true
    }
  }

  /** Off the screen, onto the list of what was decided here. */
  function file(act: Act): void {
    leaving.add(act.card.id)
    queue.drop(act.card.id)
    queue.move(-1)
    recent.forget(act.card.id)
    acts.value = [...acts.value, act]
    totals.move(act, 1)
  }

  function unfile(act: Act): void {
    leaving.delete(act.card.id)
    leaveCurrent()
    queue.putFirst(act.card)
    drafts.restore(act.card.id, act)
    acts.value = acts.value.filter((each) => each !== act)
    queue.move(1)
    totals.move(act, -1)
  }

  function leaveCurrent(): void {
    if (queue.current.value) void drafts.flush(queue.current.value.id)
  }

  function saved(id: string): void {
    // Unless the card came back meanwhile: then its words are in the editor again.
    if (!drafts.of(id)) drafts.forget(id)
    afterwards(id)
  }

  function afterwards(id: string): void {
    leaving.delete(id)
    totals.refreshSoon()
    if (queue.isLow()) void queue.refill()
  }

  function comeBack(act: Act, error: ApiError): void {
    unfile(act)
    if (act.kind === 'correct') drafts.change(act.card.id, { editing: true })
    if (act.text !== '' || act.category) drafts.write(act.card.id, {})
    refusals.set(act.card.id, { reason: reasonOf(error), isFinal: isFinal(error) })
    interruptedAt.value = Date.now()
    if (error.unanswered) queue.trouble.value = error
    // What was announced when the card left is not true any more.
    say(`Not saved. ${titleOf(act.card)} is back.`)
    totals.refreshSoon()
  }

  /** The newest decision of this tab if no other is named; once it is taken back, the one before is the newest. */
  function undo(named?: Act): void {
    const act = named ? acts.value.find((each) => each.undoId === named.undoId) : acts.value.at(-1)
    if (!act) {
      say('Nothing to undo: no decision was made in this tab.')
      return
    }
    notice.value = ''
    unfile(act)
    outbox.add({
      id: act.card.id,
      send: async () => {
        const { draft } = await messenger.takeBack(act)
        restoreUntouched(act, draft ? { text: draft.text, category: draft.failure_category } : null)
        afterwards(act.card.id)
      },
      giveBack: (error) => stayDecided(act, error),
    })
    say(`Undone: ${titleOf(act.card)} is back.`)
  }

  /** What the server kept counts only while nobody has touched what this tab brought back. */
  function restoreUntouched(act: Act, kept: Pick<Act, 'text' | 'category'> | null): void {
    const draft = drafts.of(act.card.id)
    if (draft?.saving !== 'untouched') return
    const { text } = kept ?? { text: '' }
    if (kept && (!isBlank(text) || isBlank(draft.text))) {
      drafts.change(act.card.id, { ...kept, saving: 'kept', editing: draft.editing || text !== draft.text })
    } else if (draft.text !== '') drafts.write(act.card.id, {})
  }

  function stayDecided(act: Act, error: ApiError): void {
    const { text, category } = drafts.take(act.card.id)
    Object.assign(act, { text, category })
    file(act)
    leaving.delete(act.card.id)
    // What the server refuses once it refuses again; the decisions before it must stay within reach.
    if (!error.unanswered) acts.value = acts.value.filter((each) => each !== act)
    else queue.trouble.value = error
    notice.value = `Not undone: ${titleOf(act.card)}. ${error.detail}`
    interruptedAt.value = Date.now()
    totals.refreshSoon()
  }

  function onBack({ candidate, draft }: Answer<'candidate'>, isSwift: boolean): void {
    leaveCurrent()
    queue.receive({ ...candidate, draft })
    notice.value = ''
    if (!isSwift) interruptedAt.value = Date.now()
    forgetDecision(candidate.id)
    say(`Undone: ${titleOf(candidate)} is back.`)
  }

  function onRefused(row: StandingDecision, error: ApiError): void {
    notice.value = `Not undone: ${titleOf({ ...row, task_id: null })}. ${error.detail}`
    if (error.unanswered) queue.trouble.value = error
    else void recent.refresh()
  }

  /** The decision on this card was taken back from elsewhere: there is nothing to undo any more. */
  function forgetDecision(id: string): void {
    acts.value = acts.value.filter((each) => each.card.id !== id)
    recent.forget(id)
    totals.refreshSoon()
  }

  /** From the card's own page: it waits again, without coming to the front. */
  async function takeBackCard(id: string, version: number): Promise<void> {
    see((await takeBack({ id, version })).candidate)
    forgetDecision(id)
    void queue.refill()
  }

  /** Past a card that cannot be decided here any more. */
  function goOn(): void {
    const card = queue.current.value
    if (!card) return
    leaveCurrent()
    refusals.delete(card.id)
    queue.drop(card.id)
    if (queue.isLow()) void queue.refill()
  }

  /** A screen reader stays silent when the same words are said again; the space makes them others. */
  function say(words: string): void {
    announcement.value = announcement.value === words ? `${words}\u00a0` : words
  }

  return {
    ...{ acts, refusals, announcement, notice, interruptedAt },
    ...{ see, decide, undo, takeBackRow, takeBackCard, goOn },
  }
}

function isFinal(error: ApiError): boolean {
  if (error.status === 404) return true
  return error.status === 409 && error.candidate !== null && error.candidate.status !== 'needs_review'
}

function reasonOf(error: ApiError): string {
  if (error.unanswered) return `Not saved: ${error.detail} Your words are kept; decide again when it is back.`
  return `Not saved: ${error.detail}`
}
