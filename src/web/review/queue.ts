/** Owns the walk of this tab along the cards that wait: the first is on the screen, at least five more are ready behind it. */
import { computed, markRaw, ref, shallowRef } from 'vue'
import type { Answer, QueueItem } from '../../contract.ts'
import type { QueueFilter } from '../address.ts'
import { type ApiError, fetchQueue, toApiError } from '../api.ts'
import { findCard } from './find-card.ts'
import { createSkipped } from './skipped.ts'
import { createTrail } from './trail.ts'

export type Queue = ReturnType<typeof createQueue>
/** One walk to the server: the cards that must not come back with its answers, and the moves made before it. */
type Walk = { hidden: Set<string>; moves: number }

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
  const trail = createTrail()
  const skipped = createSkipped()
  let filter: QueueFilter = {}
  /** The walk goes on behind this card, in the order of import; null at its start. */
  let after: string | null = null
  let walking: Walk | null = null
  let isWanted = false
  let moves = 0
  let isUnsure = false

  function has(id: string): boolean {
    return cards.value.some((card) => card.id === id)
  }

  function isShort(): boolean {
    return cards.value.length <= LOW
  }

  /** A card that is on the screen again is neither left behind nor skipped. */
  function line(next: QueueItem[]): void {
    cards.value = next
    const shown = next[0]?.id
    if (shown === undefined) return
    trail.drop(shown)
    skipped.remove(shown)
  }

  function putFirst(card: QueueItem): void {
    line([card, ...cards.value.filter((each) => each.id !== card.id)])
  }

  /** A card asked for by its name, whatever the filter. */
  function receive(card: QueueItem): void {
    const raw = markRaw(card)
    onArrival(raw)
    putFirst(raw)
  }

  /** A page asked for before the decision may arrive after it: the card must not come back with it. */
  function drop(id: string): void {
    walking?.hidden.add(id)
    trail.drop(id)
    skipped.remove(id)
    line(cards.value.filter((card) => card.id !== id))
  }

  /** Leaves the card on the screen undecided; false where no other one is ready. It comes again when the list is through. */
  function pass(): boolean {
    const [card, ...others] = cards.value
    if (!card || others.length === 0) return false
    trail.push(card)
    line(others)
    return true
  }

  /** The same, and the card waits until all others have been on the screen. */
  function putLast(): boolean {
    const id = cards.value[0]?.id
    if (id === undefined || !pass()) return false
    skipped.add(id)
    return true
  }

  function move(step: 1 | -1): void {
    moves += 1
    if (total.value !== null) total.value = Math.max(0, total.value + step)
  }

  async function refill(): Promise<void> {
    isWanted = walking !== null
    if (walking) return
    const mine: Walk = { hidden: new Set(leaving), moves }
    walking = mine
    try {
      await walk(mine)
      if (walking === mine) trouble.value = null
    } catch (error) {
      if (walking === mine) trouble.value = toApiError(error)
    }
    if (walking !== mine) return
    walking = null
    if (isWanted && !trouble.value) await refill()
  }

  /**
   * Until enough are ready: on behind the last card, at the end the skipped ones, and then once more from the start,
   * so that what was passed, or put back by others, comes again.
   */
  async function walk(mine: Walk): Promise<void> {
    let laps = after === null ? 1 : 2
    while (laps > 0) {
      const isOnlyCounted = !isShort()
      const size = isOnlyCounted ? 1 : Math.min(LARGEST_PAGE, PAGE + leaving.size + skipped.ids.value.length)
      const page = await ask(size)
      if (walking !== mine) return
      count(page.total, mine)
      if (isOnlyCounted) return
      append(page.items, mine)
      after = page.items.length < size ? null : (page.items.at(-1)?.id ?? null)
      if (after === null) {
        laps -= 1
        await bringSkipped(mine)
        if (walking !== mine) return
      }
      if (!isShort()) return
    }
  }

  /** The card that it goes on behind may be unknown to a server that was started on other data. */
  async function ask(per_page: number): Promise<Answer<'queue'>> {
    const behind = after
    try {
      return await fetchQueue({ ...filter, page: 1, per_page, after: behind ?? undefined })
    } catch (error) {
      if (behind === null || toApiError(error).status !== 404) throw error
      after = null
      return ask(per_page)
    }
  }

  function append(found: QueueItem[], { hidden }: Walk): void {
    add(found.filter(({ id }) => !hidden.has(id) && !has(id) && !skipped.has(id)))
  }

  function add(fresh: QueueItem[]): void {
    const raw = fresh.map((card) => markRaw(card))
    for (const card of raw) onArrival(card)
    if (raw.length > 0) line([...cards.value, ...raw])
  }

  function count(told: number, { hidden, moves: before }: Walk): void {
    // Whether the server counted the cards that are leaving cannot be known: it is asked again behind them.
    isUnsure = hidden.size > 0 || before !== moves
    if (!isUnsure) total.value = told
    else total.value ??= Math.max(0, told - hidden.size)
  }

  /** In the order in which they were skipped; one that was decided elsewhere meanwhile is forgotten. */
  async function bringSkipped(mine: Walk): Promise<void> {
    if (!isShort()) return
    const due = skipped.ids.value.filter((id) => !has(id) && !mine.hidden.has(id)).slice(0, LOW)
    const found = await Promise.all(due.map(async (id) => trail.cardOf(id) ?? (await findCard(id)).card))
    if (walking !== mine) return
    for (const [index, card] of found.entries()) if (!card) skipped.remove(due[index] ?? '')
    add(
      found.filter((card): card is QueueItem => card !== null && !mine.hidden.has(card.id) && !has(card.id)),
    )
  }

  /** Begins anew under another filter; what is still being answered was asked under the old one. */
  function choose(next: QueueFilter): Promise<void> {
    filter = next
    walking = null
    after = null
    cards.value = []
    total.value = null
    trail.clear()
    skipped.choose(next)
    return refill()
  }

  return {
    cards,
    total,
    trouble,
    trail,
    skipped: skipped.ids,
    putFirst,
    receive,
    drop,
    pass,
    putLast,
    move,
    refill,
    choose,
    current: computed(() => cards.value[0] ?? null),
    isLow: () => isShort() || isUnsure,
  }
}
