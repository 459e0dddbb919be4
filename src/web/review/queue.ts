/** Owns the cards that wait in this tab: the first is on the screen, at least five more are ready behind it. */
import { computed, markRaw, ref, shallowRef } from 'vue'
import type { Answer, QueueItem } from '../../contract.ts'
import type { QueueFilter } from '../address.ts'
import { type ApiError, fetchQueue, toApiError } from '../api.ts'

export type Queue = ReturnType<typeof createQueue>
/** One question to the server: the cards that must not come back with its answer, and the moves made before it. */
type Question = { hidden: Set<string>; moves: number }

const PAGE = 20
const LARGEST_PAGE = 200
/** Asked for early enough that five are still ready when the answer takes its time. */
const LOW = 10

/** `leaving` are cards whose decision is not answered yet: the server may still list them. */
export function createQueue(leaving: ReadonlySet<string>, onArrival: (card: QueueItem) => void) {
  const cards = shallowRef<QueueItem[]>([])
  /** How many wait under the filter, moved at once by each decision made here; null until the server told. */
  const total = ref<number | null>(null)
  const trouble = ref<ApiError | null>(null)
  let filter: QueueFilter = {}
  let asked: Question | null = null
  let isWanted = false
  let moves = 0
  let isUnsure = false

  function has(id: string): boolean {
    return cards.value.some((card) => card.id === id)
  }

  function putFirst(card: QueueItem): void {
    cards.value = [card, ...cards.value.filter((each) => each.id !== card.id)]
  }

  /** A card asked for by its name, whatever the filter. */
  function receive(card: QueueItem): void {
    const raw = markRaw(card)
    onArrival(raw)
    putFirst(raw)
  }

  /** A page asked for before the decision may arrive after it: the card must not come back with it. */
  function drop(id: string): void {
    asked?.hidden.add(id)
    cards.value = cards.value.filter((card) => card.id !== id)
  }

  function move(step: 1 | -1): void {
    moves += 1
    if (total.value !== null) total.value = Math.max(0, total.value + step)
  }

  /** The server lists only what needs review, so its first page is always what comes next. */
  async function refill(): Promise<void> {
    isWanted = asked !== null
    if (asked) return
    const mine: Question = { hidden: new Set(leaving), moves }
    asked = mine
    try {
      const per_page = Math.min(LARGEST_PAGE, PAGE + leaving.size)
      const page = await fetchQueue({ ...filter, page: 1, per_page })
      if (asked !== mine) return
      take(page, mine)
      trouble.value = null
    } catch (error) {
      if (asked !== mine) return
      trouble.value = toApiError(error)
    }
    asked = null
    if (isWanted && !trouble.value) await refill()
  }

  function take(page: Answer<'queue'>, { hidden, moves: before }: Question): void {
    const fresh = page.items
      .filter((card) => !hidden.has(card.id) && !has(card.id))
      .map((card) => markRaw(card))
    for (const card of fresh) onArrival(card)
    if (fresh.length > 0) cards.value = [...cards.value, ...fresh]
    // Whether the server counted the cards that are leaving cannot be known: it is asked again behind them.
    isUnsure = hidden.size > 0 || before !== moves
    if (!isUnsure) total.value = page.total
    else total.value ??= Math.max(0, page.total - hidden.size)
  }

  /** Begins anew under another filter; what is still being answered was asked under the old one. */
  function choose(next: QueueFilter): Promise<void> {
    filter = next
    asked = null
    cards.value = []
    total.value = null
    return refill()
  }

  return {
    cards,
    total,
    trouble,
    putFirst,
    receive,
    drop,
    move,
    refill,
    choose,
    current: computed(() => cards.value[0] ?? null),
    isLow: () => cards.value.length <= LOW || isUnsure,
  }
}
