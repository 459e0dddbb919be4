/** Owns how a long text is drawn: what a pane shows at first with the card, the rest when the page has nothing else to do. */
import {
  type ComputedRef,
  computed,
  type InjectionKey,
  inject,
  onBeforeUnmount,
  shallowRef,
  watch,
} from 'vue'
import { whenIdle } from '../ui/when-idle.ts'

/** Tells that nobody sees the text yet: so long, its first portion is enough. */
export const NOT_YET_SEEN: InjectionKey<() => boolean> = Symbol('not yet seen')

/** Blocks, more than any pane shows at once; the style sheet counts them too. */
const FIRST = 12
const MORE = 24

/** The portions drawn so far; all of them soon. */
export function usePortions<T>(blocks: () => T[]): ComputedRef<T[][]> {
  const isWaiting = inject(NOT_YET_SEEN, () => false)
  const portions = computed(() => portionsOf(blocks()))
  const drawn = shallowRef(1)
  let callOff = (): void => undefined

  watch(portions, () => {
    drawn.value = 1
  })
  watch(() => !isWaiting() && drawn.value < portions.value.length, drawMore, { immediate: true })
  onBeforeUnmount(() => callOff())

  function drawMore(): void {
    callOff()
    if (isWaiting() || drawn.value >= portions.value.length) return
    callOff = whenIdle(() => {
      drawn.value += 1
      drawMore()
    })
  }

  return computed(() => portions.value.slice(0, drawn.value))
}

function portionsOf<T>(blocks: T[]): T[][] {
  const portions = [blocks.slice(0, FIRST)]
  for (let start = FIRST; start < blocks.length; start += MORE)
    portions.push(blocks.slice(start, start + MORE))
  return portions
}
