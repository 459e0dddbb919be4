/** Owns the cards that wait in this tab: the first is on the screen, at least five more are ready behind it. */
import { computed, markRaw, ref, shallowRef } from 'vue'
import type { Answer, QueueItem } from '../../contract.ts'
import { ApiError, fetchQueue } from '../api.ts'

export type Queue = ReturnType<typeof createQueue>

const PAGE = 20
const LARGEST_PAGE = 200
/** Asked for early enough that five are still ready when the answer takes its time. */
const LOW = 10

/** `leaving` are cards whose decision is not answered yet: the server may still list them. */
export function createQueue(leaving: ReadonlySet<string>, onArrival: (card: QueueItem) => void) {
  const cards = shallowRef<QueueItem[]>([])
  const total = ref<number | null>(null)
  const trouble = ref<ApiError | null>(null)
  let hidden: Set<string> | null = null
  let isWanted = false

  function has(id: string): boolean {
    return cards.value.some((card) => card.id === id)
  }

  function putFirst(card: QueueItem): void {
    cards.value = [card, ...cards.value.filter((each) => each.id !== card.id)]
  }

  /** A page asked for before the decision may arrive after it: the card must not come back with it. */
  function drop(id: string): void {
    hidden?.add(id)
    cards.value = cards.value.filter((card) => card.id !== id)
  }

  /** The server lists only what needs review, so its first page is always what comes next. */
  async function refill(): Promise<void> {
    isWanted = hidden !== null
    if (hidden) return
    hidden = new Set(leaving)
    try {
      const per_page = Math.min(LARGEST_PAGE, PAGE + leaving.size)
      take(await fetchQueue({ page: 1, per_page }), hidden)
      trouble.value = null
    } catch (error) {
      trouble.value = error instanceof ApiError ? error : new ApiError(0, 'unexpected', String(error))
    }
    hidden = null
    if (isWanted && !trouble.value) await refill()
  }

  function take(page: Answer<'queue'>, ignored: Set<string>): void {
    const fresh = page.items
      .filter((card) => !ignored.has(card.id) && !has(card.id))
      .map((card) => markRaw(card))
    for (const card of fresh) onArrival(card)
    if (fresh.length > 0) cards.value = [...cards.value, ...fresh]
    total.value = page.total
  }

  return {
    cards,
    total,
    trouble,
    putFirst,
    drop,
    refill,
    current: computed(() => cards.value[0] ?? null),
    isLow: () => cards.value.length <= LOW,
  }
}
