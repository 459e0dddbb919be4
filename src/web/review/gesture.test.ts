/** Proves when a press becomes a drag, which bucket is meant, and what counts as a throw. */
import { describe, expect, it } from 'vitest'
import {
  aimAt,
  type Gesture,
  IDLE,
  landing,
  moved,
  type Place,
  pressed,
  type Sample,
  velocity,
} from './gesture.ts'

const PLACES: Place[] = [
  { kind: 'correct', left: 20, top: 600, right: 320, bottom: 800 },
  { kind: 'discard', left: 340, top: 600, right: 640, bottom: 800 },
  { kind: 'flag', left: 660, top: 600, right: 960, bottom: 800 },
]
const FROM: Sample = { x: 100, y: 100, at: 0 }

function movedBy(...steps: Sample[]): Gesture {
  return steps.reduce((gesture, to) => moved(gesture, 1, to), pressed(1, FROM))
}

/** A straight way from one point to another at a steady pace. */
function way(from: Sample, to: Sample, steps = 10): Sample[] {
  return Array.from({ length: steps + 1 }, (_, index) => {
    const part = index / steps
    const between = (a: number, b: number): number => a + (b - a) * part
    return { x: between(from.x, to.x), y: between(from.y, to.y), at: between(from.at, to.at) }
  })
}

describe('a press', () => {
  it.each([
    [7.9, 0],
    [0, -7.9],
    [5, 5],
    [-3, 7],
  ])('that moves by %d, %d is still a press', (x, y) => {
    expect(movedBy({ x: 100 + x, y: 100 + y, at: 9 }).phase).toBe('pressed')
  })

  it.each([
    [8, 0],
    [-8, 0],
    [0, 8],
    [0, -8],
    [6, 6],
  ])('that moves by %d, %d is a drag, in any direction', (x, y) => {
    expect(movedBy({ x: 100 + x, y: 100 + y, at: 9 }).phase).toBe('held')
  })

  it('stays a drag when the hand comes back to where it began', () => {
    expect(movedBy({ x: 120, y: 100, at: 9 }, FROM).phase).toBe('held')
  })

  it('does not hear another pointer', () => {
    const gesture = pressed(1, FROM)
    expect(moved(gesture, 2, { x: 500, y: 500, at: 9 })).toBe(gesture)
    expect(moved(IDLE, 1, { x: 500, y: 500, at: 9 })).toBe(IDLE)
  })
})

describe('the aim', () => {
  it.each([
    ['the hand', 480, 700],
    ['the ball above it', 480, 870],
  ])('is inside where %s is over the bucket', (_, x, y) => {
    expect(aimAt({ x, y }, PLACES)).toEqual({ kind: 'discard', isInside: true })
  })

  it('is near where the bucket is only close', () => {
    expect(aimAt({ x: 800, y: 500 }, PLACES)).toEqual({ kind: 'flag', isInside: false })
  })

  it('means nothing far from every bucket', () => {
    expect(aimAt({ x: 480, y: 200 }, PLACES)).toBeNull()
    expect(aimAt({ x: 480, y: 200 }, [])).toBeNull()
  })

  it('leaves no gap between two buckets', () => {
    for (let x = 20; x <= 960; x += 1) expect(aimAt({ x, y: 700 }, PLACES)?.isInside).toBe(true)
  })
})

describe('letting go', () => {
  it('inside a bucket lands there, however slowly', () => {
    expect(landing(way({ x: 100, y: 100, at: 0 }, { x: 800, y: 650, at: 9000 }), PLACES)).toBe('flag')
  })

  it('outside lands nowhere', () => {
    expect(landing(way({ x: 100, y: 100, at: 0 }, { x: 480, y: 400, at: 2000 }), PLACES)).toBeNull()
    expect(landing([], PLACES)).toBeNull()
  })

  it.each([
    ['correct', 170],
    ['discard', 480],
    ['flag', 810],
  ])('at speed lands in %s, at which it is thrown', (kind, x) => {
    expect(landing(way({ x: 480, y: 200, at: 0 }, { x: 480 + (x - 480) / 5, y: 300, at: 50 }), PLACES)).toBe(
      kind,
    )
  })

  it.each([
    ['upwards', 480, 100],
    ['sideways', 380, 200],
    ['past the last bucket', 580, 220],
  ])('at speed %s lands nowhere', (_, x, y) => {
    expect(landing(way({ x: 480, y: 200, at: 0 }, { x, y, at: 50 }), PLACES)).toBeNull()
  })

  it('below 600 px/s is no throw, from there on it is', () => {
    const thrown = (distance: number): Sample[] =>
      way({ x: 480, y: 200, at: 0 }, { x: 480, y: 200 + distance, at: 50 })
    expect(landing(thrown(29.9), PLACES)).toBeNull()
    expect(landing(thrown(30), PLACES)).toBe('discard')
  })

  it('after a rest is no throw, however fast the hand was before', () => {
    const fast = way({ x: 480, y: 200, at: 0 }, { x: 480, y: 400, at: 50 })
    expect(landing([...fast, { x: 480, y: 400, at: 110 }], PLACES)).toBeNull()
    expect(velocity(fast, 200)).toEqual({ x: 0, y: 0 })
  })
})
