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

/** Tells that nobody sees the text yet: so long, its first portion is enough, and even that one can wait. */
export const NOT_YET_SEEN: InjectionKey<() => boolean> = Symbol('not yet seen')

/** Blocks, more than any pane shows at once; the style sheet counts them too. */
const FIRST = 12
const MORE = 24
/** Nobody scrolls to the end of a text sooner, and a card that is decided sooner never needs its end. */
const REST_MS = 300

/** The portions drawn so far; all of them soon. */
export function usePortions<T>(blocks: () => T[]): ComputedRef<T[][]> {
  const isHidden = inject(NOT_YET_SEEN, () => false)
  const portions = computed(() => portionsOf(blocks()))
  const drawn = shallowRef(0)
  let timer = 0
  let callOff = (): void => undefined

  const shown = computed(() => (isHidden() ? drawn.value : Math.max(1, drawn.value)))
  const wanted = computed(() => (isHidden() ? 1 : portions.value.length))
  watch(portions, () => {
    drawn.value = 0
  })
  watch([wanted, portions], begin, { immediate: true })
  onBeforeUnmount(stop)

  function begin(): void {
    stop()
    if (isHidden()) drawMore()
    else if (shown.value < wanted.value) timer = window.setTimeout(drawMore, REST_MS)
  }

  function drawMore(): void {
    if (shown.value >= wanted.value) return
    callOff = whenIdle(() => {
      drawn.value = shown.value + 1
      drawMore()
    })
  }

  function stop(): void {
    window.clearTimeout(timer)
    callOff()
  }

  return computed(() => portions.value.slice(0, shown.value))
}

function portionsOf<T>(blocks: T[]): T[][] {
  const portions = [blocks.slice(0, FIRST)]
  for (let start = FIRST; start < blocks.length; start += MORE)
    portions.push(blocks.slice(start, start + MORE))
  return portions
}
