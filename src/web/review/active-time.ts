/** Owns how long a reviewer was busy with each card: the time between signs of life, pauses cut short. */

/** Who gives no sign for longer than this has gone, or reads: so much of it counts. */
const LONGEST_PAUSE_MS = 30_000
const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchmove'] as const

export type ActiveTime = ReturnType<typeof createActiveTime>

/** `now` in milliseconds, from any beginning. */
export function createActiveTime(now: () => number) {
  const spent = new Map<string, number>()
  let card: string | null = null
  let isAway = false
  let since = 0

  /** The time up to here belongs to the card that was on the screen. */
  function stir(): void {
    const pause = now() - since
    since += pause
    if (card === null || isAway) return
    spent.set(card, (spent.get(card) ?? 0) + Math.min(pause, LONGEST_PAUSE_MS))
  }

  /** Another card is on the screen, or none. */
  function show(id: string | null): void {
    stir()
    card = id
  }

  /** Nobody sees a page that is hidden. */
  function hide(isHidden: boolean): void {
    stir()
    isAway = isHidden
  }

  /** Seconds to a tenth; the card begins at nothing again. */
  function take(id: string): number {
    if (id === card) stir()
    const milliseconds = spent.get(id) ?? 0
    spent.delete(id)
    return Math.round(milliseconds / 100) / 10
  }

  return { stir, show, hide, take }
}

/** Tells the clock of every sign of life on this page. */
export function watchActivity(time: ActiveTime, signal: AbortSignal): void {
  // Ahead of what the sign causes: the time before it belongs to the card that it was made on.
  for (const sign of SIGNS) window.addEventListener(sign, time.stir, { signal, capture: true, passive: true })
  document.addEventListener('visibilitychange', () => time.hide(document.hidden), { signal })
  time.hide(document.hidden)
}
