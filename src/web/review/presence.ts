/** Owns what the review does as time passes, and when the page is hidden, seen again, left, or finds its server back. */
import { type ActiveTime, watchActivity } from './active-time.ts'

type Wishes = {
  /** Every two seconds: an import may be running, or a server may be coming back. */
  lookAgain(): void
  adopt(): void
  hidden(): void
  seen(): void
  /** Nothing can be waited for any more. */
  left(): void
  back(): void
  isSafe(): boolean
}

const LOOK_AGAIN_MS = 2000
/** Another tab may have been closed with unsent decisions. */
const ADOPT_MS = 30_000

/** Returns how to end it. */
export function watchPresence(wishes: Wishes, activeTime: ActiveTime): () => void {
  const listening = new AbortController()
  const { signal } = listening
  watchActivity(activeTime, signal)
  const timers = [
    window.setInterval(wishes.lookAgain, LOOK_AGAIN_MS),
    window.setInterval(wishes.adopt, ADOPT_MS),
  ]
  document.addEventListener('visibilitychange', () => (document.hidden ? wishes.hidden() : wishes.seen()), {
    signal,
  })
  window.addEventListener('pagehide', wishes.left, { signal })
  window.addEventListener('online', wishes.back, { signal })
  // The browser asks whether to stay.
  window.addEventListener('beforeunload', (event) => wishes.isSafe() || event.preventDefault(), { signal })
  return () => {
    for (const timer of timers) window.clearInterval(timer)
    listening.abort()
  }
}
