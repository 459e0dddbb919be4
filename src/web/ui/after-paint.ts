/** Owns what may come a frame later: nothing of it stands between a key and the frame that answers the key. */
import { effect, type ShallowRef, shallowRef } from 'vue'

/** A page that is not painted, such as one in a hidden tab, goes on without. */
const LONGEST_MS = 100

const works: (() => void)[] = []
let isAwaited = false
let frame = 0
let timer = 0

/**
 * Once the next frame is painted, in order, each in a task of its own: a key that comes meanwhile goes first, and the
 * rest waits for its frame as well. All at once where the page is left before.
 */
export function afterPaint(work: () => void): void {
  works.push(work)
  if (isAwaited) return
  isAwaited = true
  timer = window.setTimeout(begin, LONGEST_MS)
  // What is posted in a frame comes when it is painted.
  frame = requestAnimationFrame(() => painting.port2.postMessage(null))
}

/** Resolves then. */
export function painted(): Promise<void> {
  return new Promise(afterPaint)
}

function begin(): void {
  isAwaited = false
  window.clearTimeout(timer)
  cancelAnimationFrame(frame)
  goOn()
}

function goOn(): void {
  if (isAwaited) return
  doNext()
  if (works.length > 0) going.port2.postMessage(null)
}

function doNext(): void {
  try {
    works.shift()?.()
  } catch (error) {
    reportError(error)
  }
}

function doAll(): void {
  while (works.length > 0) doNext()
}

const painting = new MessageChannel()
const going = new MessageChannel()
painting.port1.onmessage = begin
going.port1.onmessage = goOn
window.addEventListener('pagehide', doAll)

/** The value as it was when the page was last painted: for what stands beside the thing that the reader looks at. */
export function useAfterPaint<T>(value: () => T): Readonly<ShallowRef<T>> {
  const painted = shallowRef() as ShallowRef<T>
  let isDue = false
  const take = effect(
    () => {
      painted.value = value()
    },
    {
      scheduler() {
        if (isDue) return
        isDue = true
        afterPaint(() => {
          isDue = false
          take()
        })
      },
    },
  )
  return painted
}
