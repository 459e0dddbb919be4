/** Owns what may come a frame later: nothing of it stands between a key and the frame that answers the key. */
import { effect, type ShallowRef, shallowRef } from 'vue'

/** A page that is not painted, such as one in a hidden tab, goes on without. */
const LONGEST_MS = 100

let works: (() => void)[] = []
let frame = 0
let timer = 0

/** In a task of its own once the next frame is painted, in order; all at once where the page is left before. */
export function afterPaint(work: () => void): void {
  works.push(work)
  if (works.length > 1) return
  timer = window.setTimeout(doAll, LONGEST_MS)
  frame = requestAnimationFrame(() => {
    // What is posted in a frame comes when it is painted.
    channel.port2.postMessage(null)
  })
}

/** Resolves then. */
export function painted(): Promise<void> {
  return new Promise(afterPaint)
}

function doAll(): void {
  window.clearTimeout(timer)
  cancelAnimationFrame(frame)
  const due = works
  works = []
  for (const work of due) {
    try {
      work()
    } catch (error) {
      reportError(error)
    }
  }
}

const channel = new MessageChannel()
channel.port1.onmessage = doAll
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
