/** Owns what a quality score means: a band with a word, so that colour never stands alone. */

export type ScoreBand = 'low' | 'fair' | 'high'

/** Low is red, fair orange, high yellow. Each band begins at `from` and ends before `below`. */
export const BAND_LIMITS: Record<ScoreBand, { from: number; below: number }> = {
  low: { from: -Infinity, below: 0.4 },
  fair: { from: 0.4, below: 0.7 },
  high: { from: 0.7, below: Infinity },
}

/** A score lies between 0 and 1. */
export function scoreBand(score: number): ScoreBand {
  if (score < BAND_LIMITS.low.below) return 'low'
  if (score < BAND_LIMITS.fair.below) return 'fair'
  return 'high'
}

/** Two decimals, cut rather than rounded, so that 0.399 never reads "0.40 low". */
export function scoreText(score: number): string {
  const near = Math.round(score * 100)
  return ((near / 100 > score ? near - 1 : near) / 100).toFixed(2)
}
