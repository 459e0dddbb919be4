import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scoreBand, scoreText } from './score-band.ts'

/** Scores as a harness computes them: anywhere, and as close to a border as a double can be. */
const scores = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.tuple(fc.constantFrom(0.4, 0.7, 0.29, 1), fc.integer({ min: -8, max: 0 })).map(([border, steps]) => {
    return border + (steps * Number.EPSILON) / 4
  }),
)

describe('scoreBand', () => {
  it.each([
    [0, 'low'],
    [0.3, 'low'],
    [0.39, 'low'],
    [0.3999, 'low'],
    [0.4, 'fair'],
    [0.69, 'fair'],
    [0.6999, 'fair'],
    [0.7, 'high'],
    [1, 'high'],
    [-0.1, 'low'],
    [95, 'high'],
  ])('calls %d %s', (score, band) => {
    expect(scoreBand(score)).toBe(band)
  })
})

describe('scoreText', () => {
  it.each([
    [0, '0.00'],
    [-0, '0.00'],
    [0.07, '0.07'],
    [0.29, '0.29'],
    [0.3, '0.30'],
    [0.3999, '0.39'],
    [0.399999999999, '0.39'],
    [0.6 - 0.2, '0.39'],
    [0.4, '0.40'],
    [0.57, '0.57'],
    [0.58, '0.58'],
    [0.6999, '0.69'],
    [0.7, '0.70'],
    [1, '1.00'],
    [1.005, '1.00'],
    [-0.1, '-0.10'],
    [95, '95.00'],
  ])('writes %d as %s', (score, text) => {
    expect(scoreText(score)).toBe(text)
  })

  it('never shows a number that belongs to another band than its word', () => {
    fc.assert(
      fc.property(scores, (score) => {
        expect(scoreBand(Number(scoreText(score)))).toBe(scoreBand(score))
      }),
    )
  })

  it('cuts less than a hundredth, and never upwards', () => {
    fc.assert(
      fc.property(scores, (score) => {
        const shown = Number(scoreText(score))
        expect(shown).toBeLessThanOrEqual(score)
        expect(score - shown).toBeLessThan(0.01 + Number.EPSILON)
      }),
    )
  })
})
