/** Owns which cards are laid out: the one on the screen and, ready beneath it, the one that comes next. */
import { type ComputedRef, computed, onBeforeUnmount, shallowRef, watch } from 'vue'
import type { SftQueueItem } from '../../contract.ts'
import { whenIdle } from '../ui/when-idle.ts'
import type { CardDraft } from './drafts.ts'
import type { SftStore } from './use-sft-store.ts'

type Laid = { card: SftQueueItem; draft: CardDraft; isAhead: boolean }

/** The card on the screen comes first. Becoming it changes nothing in the card but what hides it. */
export function useDeck(store: SftStore): ComputedRef<Laid[]> {
  const ready = shallowRef<readonly string[]>([])
  const upcoming = computed(() => {
    const { current, cards } = store
    return current ? [current, ...cards.filter((card) => card !== current).slice(0, 2)] : []
  })
  let callOff = (): void => undefined

  /** Never in the frame of a key: making a long card takes longer than a frame. */
  watch(
    upcoming,
    (cards) => {
      callOff()
      callOff = whenIdle(() => {
        ready.value = cards.slice(0, 2).map(({ id }) => id)
      })
    },
    { immediate: true },
  )
  onBeforeUnmount(() => callOff())

  return computed(() =>
    upcoming.value.flatMap((card) => {
      const draft = store.draftOf(card.id)
      const isAhead = card !== store.current
      return draft && (!isAhead || ready.value.includes(card.id)) ? [{ card, draft, isAhead }] : []
    }),
  )
}
