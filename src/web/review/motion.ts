/** Owns whether and how things move: not at all for who asked for stillness, else by a spring. */

const stillness = matchMedia('(prefers-reduced-motion: reduce)')

export function isStill(): boolean {
  return stillness.matches
}

/** A damped spring as an easing; `bounce` from 0, none, towards 1, without end. */
export function spring(bounce: number): string {
  const steps = 30
  const values = Array.from({ length: steps + 1 }, (_, step) => springAt(step / steps, bounce).toFixed(3))
  return `linear(${values.slice(0, -1).join(', ')}, 1)`
}

function springAt(time: number, bounce: number): number {
  const damping = 6.5
  const swing = bounce * 4 * Math.PI
  const sine = swing === 0 ? damping * time : (damping / swing) * Math.sin(swing * time)
  return 1 - Math.exp(-damping * time) * (Math.cos(swing * time) + sine)
}
