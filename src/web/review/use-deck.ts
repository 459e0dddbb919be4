/** Owns which cards are laid out: the one on the screen and, ready beneath it, the ones that a key brings: next and undo. */
import { type ComputedRef, computed, onBeforeUnmount, shallowRef, watch } from 'vue'
import type { SftQueueItem } from '../../contract.ts'
import { whenIdle } from '../ui/when-idle.ts'
import type { CardDraft } from './drafts.ts'
import type { SftStore } from './use-sft-store.ts'

type Laid = { card: SftQueueItem; draft: CardDraft; isShown: boolean }

/** Coming to the screen changes nothing in a card but what hides it. */
export function useDeck(store: SftStore): ComputedRef<Laid[]> {
  const ready = shallowRef<readonly SftQueueItem[]>([])
  /** A card that has left has no draft: it lies there with the words that it left with. */
  const words = new WeakMap<SftQueueItem, CardDraft>()
  let callOff = (): void => undefined

  /** Never in the frame of a key: making a long card, or doing away with it, takes longer than a frame. */
  watch(
    () => [store.current, store.previous, ...store.cards.slice(0, 2)],
    () => {
      callOff()
      callOff = whenIdle(layOut)
    },
    { immediate: true },
  )
  onBeforeUnmount(() => callOff())

  function layOut(): void {
    const { previous, current, cards } = store
    const next = cards.find((card) => card !== current)
    // Another tab may have brought back what was decided here last: then it waits, or is on the screen.
    const isBack = previous?.id === current?.id || previous?.id === next?.id
    ready.value = [isBack ? null : previous, current, next].filter((card) => card != null)
  }

  return computed(() => {
    const { current } = store
    if (!current) return []
    const others = ready.value.filter(({ id }) => id !== current.id)
    const at = ready.value.findIndex(({ id }) => id === current.id)
    const cards = others.toSpliced(at < 0 ? others.length : at, 0, current)
    return cards.flatMap((card) => {
      const draft = store.draftOf(card.id) ?? words.get(card)
      if (!draft) return []
      words.set(card, draft)
      return [{ card, draft, isShown: card === current }]
    })
  })
}
