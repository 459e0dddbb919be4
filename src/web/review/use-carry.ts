/** Owns the card on its way: from its place into the hand, from there into a bucket or home, and off the screen. */
import { onBeforeUnmount, onMounted, type ShallowRef, watch } from 'vue'
import type { Action } from '../../domain/decision.ts'
import { bucketOf } from './actions.ts'
import { feedback } from './feedback.ts'
import type { Place } from './gesture.ts'
import { gather, land, leave, nod, springBack } from './leave.ts'
import { useDrag } from './use-drag.ts'
import type { SftStore } from './use-sft-store.ts'

type Drawn = { $el: HTMLElement }
type Part<T> = Readonly<ShallowRef<T | null>>
type Parts = {
  card(): HTMLElement | null
  ball: Part<Drawn>
  row: Part<{ bucket(kind: Action): HTMLElement | null }>
  risen: Part<{ places(): Place[] }>
  layer: Part<HTMLElement>
}

/** Two decisions closer together than this show no flight of the second card: nobody looks after it. */
export const RUSH_MS = 1000

export function useCarry(store: SftStore, parts: Parts) {
  const ball = (): HTMLElement | null => parts.ball.value?.$el ?? null
  const drag = useDrag({
    places: () => parts.risen.value?.places() ?? [],
    ball,
    onLift(at) {
      const shown = parts.card()
      if (shown) gather(shown, at)
      feedback('lift')
    },
    onDrop(kind) {
      const held = store.current
      bucketOf(kind).invoke(store)
      if (store.current === held) goHome(kind)
    },
    onReturn() {
      goHome()
      feedback('back')
    },
  })

  /** Without a decision, or with one that keeps the card here: Correct opens its editor. */
  function goHome(by?: Action): void {
    const [from, to, layer] = [ball(), parts.card(), parts.layer.value]
    const bucket = by ? parts.row.value?.bucket(by) : null
    if (bucket) nod(bucket)
    if (from && to && layer) springBack(from, to, layer)
  }

  // Asked for while the page is laid out: in the middle of a decision it would be laid out once more for it.
  let place: DOMRect | undefined
  function notePlace(): void {
    place = parts.card()?.getBoundingClientRect()
  }
  const signs = ['keydown', 'pointerdown'] as const
  onMounted(() => {
    for (const sign of signs) window.addEventListener(sign, notePlace, { capture: true, passive: true })
  })
  onBeforeUnmount(() => {
    for (const sign of signs) window.removeEventListener(sign, notePlace, { capture: true })
  })

  /** Who decides faster than a card flies watches none of them: it would only stand in the way of the next. */
  let lastLeft = Number.NEGATIVE_INFINITY
  function isInRush(): boolean {
    const before = lastLeft
    lastLeft = performance.now()
    return lastLeft - before < RUSH_MS
  }

  // Before the page is drawn anew: what leaves is still there to be copied, the ball if a hand held it.
  watch(
    () => store.current,
    (_, before) => {
      const act = store.acts.at(-1)
      const [shown, bucket, layer] = [
        ball() ?? parts.card(),
        act && parts.row.value?.bucket(act.kind),
        parts.layer.value,
      ]
      drag.letGo()
      if (!act || act.card.id !== before?.id) return
      land()
      feedback(act.kind)
      if (!shown || !bucket || !layer) return
      if (shown === ball()) leave(act.kind, shown, bucket, layer)
      else if (!isInRush()) leave(act.kind, shown, bucket, layer, place)
    },
    { flush: 'pre' },
  )
  watch(drag.aim, (aim, before) => {
    if (aim?.isInside && aim.kind !== before?.kind) feedback('over')
  })

  return drag
}
