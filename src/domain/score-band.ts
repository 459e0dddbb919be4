/** Owns what a quality score means: a band with a word, so that colour never stands alone. */

export type ScoreBand = 'low' | 'fair' | 'high'

/** Below 0.4 low (red), below 0.7 fair (orange), else high (yellow). A score lies between 0 and 1. */
export function scoreBand(score: number): ScoreBand {
  if (score < 0.4) return 'low'
  if (score < 0.7) return 'fair'
  return 'high'
}

/** Two decimals, cut rather than rounded, so that 0.399 never reads "0.40 low". */
export function scoreText(score: number): string {
  const near = Math.round(score * 100)
  return ((near / 100 > score ? near - 1 : near) / 100).toFixed(2)
}
