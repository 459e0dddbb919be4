/** Owns the card on its way: from its place into the hand, from there into a bucket or home, and off the screen. */
import { type ShallowRef, watch } from 'vue'
import type { Action } from '../../domain/decision.ts'
import { bucketOf } from './actions.ts'
import { feedback } from './feedback.ts'
import type { Place } from './gesture.ts'
import { gather, leave, nod, springBack } from './leave.ts'
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
      feedback(act.kind)
      if (shown && bucket && layer) leave(act.kind, shown, bucket, layer)
    },
    { flush: 'pre' },
  )
  watch(drag.aim, (aim, before) => {
    if (aim?.isInside && aim.kind !== before?.kind) feedback('over')
  })

  return drag
}
