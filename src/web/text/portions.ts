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
  const drawn = shallowRef(leastOf())
  let timer = 0
  let callOff = (): void => undefined

  /** How many there should be in the end. */
  const wanted = computed(() => (isHidden() ? 1 : portions.value.length))
  // At once: what comes to the screen has its first portion, and what leaves it keeps what it has.
  watch(isHidden, () => grow(leastOf()), { flush: 'sync' })
  watch(portions, () => {
    drawn.value = leastOf()
  })
  watch([wanted, portions], begin, { immediate: true })
  onBeforeUnmount(stop)

  function leastOf(): number {
    return isHidden() ? 0 : 1
  }

  function grow(count: number): void {
    drawn.value = Math.max(drawn.value, count)
  }

  function begin(): void {
    stop()
    if (isHidden()) drawMore()
    else if (drawn.value < wanted.value) timer = window.setTimeout(drawMore, REST_MS)
  }

  function drawMore(): void {
    if (drawn.value >= wanted.value) return
    callOff = whenIdle(() => {
      grow(drawn.value + 1)
      drawMore()
    })
  }

  function stop(): void {
    window.clearTimeout(timer)
    callOff()
  }

  return computed(() => portions.value.slice(0, drawn.value))
}

function portionsOf<T>(blocks: T[]): T[][] {
  const portions = [blocks.slice(0, FIRST)]
  for (let start = FIRST; start < blocks.length; start += MORE)
    portions.push(blocks.slice(start, start + MORE))
  return portions
}
