/** Owns the gesture as a pure machine (pressed, held, let go) and its aim: which bucket is meant. */
import type { Action } from '../../domain/decision.ts'

export type Point = { x: number; y: number }
/** `at` in milliseconds, on the clock of the events. */
export type Sample = Point & { at: number }
export type Place = { kind: Action; left: number; top: number; right: number; bottom: number }
export type Aim = { kind: Action; isInside: boolean }
export type Gesture =
  | { phase: 'idle' }
  | { phase: 'pressed'; pointer: number; from: Sample }
  | { phase: 'held'; pointer: number; trail: Sample[] }

/** Pixels a hand may tremble before it means to drag. */
const DEAD_ZONE = 8
/** The ball hangs above the pointer: a finger must not cover it. */
export const LIFT = 80
/** Between two buckets, and just past an edge, the near one is meant. */
const SLACK = 18
/** From here on the nearest bucket answers the ball. */
const REACH = 180
const THROW_PX_PER_S = 600
const THROW_MS = 50

export const IDLE: Gesture = { phase: 'idle' }

export function pressed(pointer: number, from: Sample): Gesture {
  return { phase: 'pressed', pointer, from }
}

export function moved(gesture: Gesture, pointer: number, to: Sample): Gesture {
  if (gesture.phase === 'idle' || gesture.pointer !== pointer) return gesture
  if (gesture.phase === 'held') return { ...gesture, trail: [...recent(gesture.trail, to.at), to] }
  const { from } = gesture
  if (Math.hypot(to.x - from.x, to.y - from.y) < DEAD_ZONE) return gesture
  return { phase: 'held', pointer, trail: [from, to] }
}

/** The nearest bucket within reach of the hand or of the ball above it. */
export function aimAt(at: Point, places: Place[]): Aim | null {
  const gapTo = (place: Place): number => Math.min(gap(at, place), gap(lifted(at), place))
  const nearest = least(places, gapTo)
  if (!nearest || gapTo(nearest) > REACH) return null
  return { kind: nearest.kind, isInside: gapTo(nearest) <= SLACK }
}

/** Where the card goes when it is let go now: into the bucket it is over, or the one it is thrown at. */
export function landing(trail: Sample[], places: Place[]): Action | null {
  const last = trail.at(-1)
  if (!last) return null
  const aim = aimAt(last, places)
  if (aim?.isInside) return aim.kind
  const speed = velocity(trail, last.at)
  if (Math.hypot(speed.x, speed.y) < THROW_PX_PER_S) return null
  const target = least(places, (place) => flight(lifted(last), speed, place))
  return target && flight(lifted(last), speed, target) < Infinity ? target.kind : null
}

/** Pixels per second over the last moment; a hand that rests before it opens does not throw. */
export function velocity(trail: Sample[], now: number): Point {
  const [first, ...rest] = recent(trail, now)
  const last = rest.at(-1)
  if (!first || !last) return { x: 0, y: 0 }
  const perSecond = 1000 / THROW_MS
  return { x: (last.x - first.x) * perSecond, y: (last.y - first.y) * perSecond }
}

function recent(trail: Sample[], now: number): Sample[] {
  return trail.filter((sample) => now - sample.at <= THROW_MS)
}

function lifted({ x, y }: Point): Point {
  return { x, y: y - LIFT }
}

function gap({ x, y }: Point, place: Place): number {
  const dx = Math.max(place.left - x, 0, x - place.right)
  const dy = Math.max(place.top - y, 0, y - place.bottom)
  return Math.hypot(dx, dy)
}

/** Seconds until a ball thrown from here meets the place; Infinity when it flies past. */
function flight(from: Point, speed: Point, place: Place): number {
  const [left, right] = crossing(from.x, speed.x, place.left - SLACK, place.right + SLACK)
  const [top, bottom] = crossing(from.y, speed.y, place.top, place.bottom)
  const enters = Math.max(left, top, 0)
  return enters <= Math.min(right, bottom) ? enters : Infinity
}

/** When a moving point enters and leaves the stretch from `low` to `high`. */
function crossing(at: number, speed: number, low: number, high: number): [number, number] {
  if (speed === 0) return at >= low && at <= high ? [-Infinity, Infinity] : [Infinity, -Infinity]
  const times: [number, number] = [(low - at) / speed, (high - at) / speed]
  return speed > 0 ? times : [times[1], times[0]]
}

function least<T>(items: T[], value: (item: T) => number): T | undefined {
  const [first, ...rest] = items
  return rest.reduce((best, item) => (best && value(best) <= value(item) ? best : item), first)
}
