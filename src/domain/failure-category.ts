/** Owns the six reasons why an answer failed: their names in data, on screen and in words. */

export const FAILURE_CATEGORIES = [
  'scoring_artifact',
  'style_violation',
  'partial_answer',
  'wrong_answer',
  'format_error',
  'hallucination',
] as const

export type FailureCategory = (typeof FAILURE_CATEGORIES)[number]

type Words = { label: string; explain: string }

export const FAILURE_CATEGORY_WORDS: Record<FailureCategory, Words> = {
  scoring_artifact: {
    label: 'Scoring artifact',
    explain: 'The model was right; the pattern was too strict.',
  },
  style_violation: {
    label: 'Style violation',
    explain: 'Right, but it broke the instructions on verbosity, format or unsolicited advice.',
  },
  partial_answer: { label: 'Partial answer', explain: 'The right direction, with key elements missing.' },
  wrong_answer: { label: 'Wrong answer', explain: 'The reasoning is wrong.' },
  format_error: { label: 'Format error', explain: 'The right content in the wrong structure.' },
  hallucination: { label: 'Hallucination', explain: 'It invented facts.' },
}

export function isFailureCategory(value: unknown): value is FailureCategory {
  return typeof value === 'string' && (FAILURE_CATEGORIES as readonly string[]).includes(value)
}
