/** Owns how a card leaves the screen and comes back to it, with its words, its counts and what is said of it. */
import { markRaw, reactive, ref } from 'vue'
import type { QueueItem, SftQueueItem } from '../../contract.ts'
import { titleOf } from './card-title.ts'
import type { Drafts } from './drafts.ts'
import type { History } from './history.ts'
import type { Act } from './messenger.ts'
import type { Queue } from './queue.ts'
import type { Recent } from './recent.ts'
import type { Totals } from './totals.ts'

/** `isFinal`: the card cannot be decided here any more; the reviewer can only go on. */
export type Refusal = { reason: string; isFinal: boolean }
export type Desk = ReturnType<typeof createDesk>
export type DeskParts = {
  queue: Queue
  drafts: Drafts
  totals: Totals
  recent: Recent
  history: History
  leaving: Set<string>
}

/** So many cards that have left stay in memory, and come back without being asked for. */
const CARDS_BEHIND = 100

export function createDesk({ queue, drafts, totals, recent, history, leaving }: DeskParts) {
  const versions = new Map<string, number>()
  const behind = new Map<string, QueueItem>()
  const refusals = reactive(new Map<string, Refusal>())
  const announcement = ref('')
  const notice = ref('')
  /** When a card last came back by itself, so that no key meant for another card acts on it. */
  const interruptedAt = ref(0)

  /** What waits to be sent is counted already: only a refusal takes a number back. */
  function see({ id, version }: Pick<SftQueueItem, 'id' | 'version'>): void {
    versions.set(id, Math.max(version, versions.get(id) ?? 0))
  }

  /** Off the screen, onto the list of what was decided here. `card` is left out where this tab has not got it. */
  function file(act: Act, card?: QueueItem): void {
    const { id } = act.card
    if (card) remember(card)
    leaving.add(id)
    queue.drop(id)
    queue.move(-1)
    recent.forget(id)
    history.add(act)
    totals.move(act, 1)
  }

  function remember(card: QueueItem): void {
    behind.delete(card.id)
    behind.set(card.id, markRaw(card))
    const [oldest] = behind.keys()
    if (behind.size > CARDS_BEHIND && oldest !== undefined) behind.delete(oldest)
  }

  /** To the front, with the words that it left with. */
  function bringBack(act: Act, card: QueueItem): void {
    leaving.delete(card.id)
    leaveCurrent()
    queue.putFirst(markRaw(card))
    drafts.restore(card.id, act)
    queue.move(1)
    totals.move(act, -1)
  }

  function leaveCurrent(): void {
    if (queue.current.value) void drafts.flush(queue.current.value.id)
  }

  function refuse(id: string, refusal: Refusal): void {
    refusals.set(id, refusal)
  }

  function interrupt(): void {
    interruptedAt.value = Date.now()
  }

  function refillIfLow(): void {
    if (queue.isLow()) void queue.refill()
  }

  /** Past a card that cannot be decided here any more. */
  function goOn(): void {
    const card = queue.current.value
    if (!card) return
    leaveCurrent()
    refusals.delete(card.id)
    queue.drop(card.id)
    refillIfLow()
  }

  /** A screen reader stays silent when the same words are said again; the space makes them others. */
  function say(words: string): void {
    announcement.value = announcement.value === words ? `${words}\u00a0` : words
  }

  function deny(act: Pick<Act, 'card'>, detail: string): void {
    notice.value = `Not undone: ${titleOf(act.card)}. ${detail}`
  }

  return {
    ...{ versions, behind, refusals, announcement, notice, interruptedAt },
    ...{ see, file, bringBack, leaveCurrent, refuse, interrupt, refillIfLow, goOn, say, deny },
  }
}
