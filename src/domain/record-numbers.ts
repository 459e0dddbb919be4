/** Owns the numbers of a record: which fit their field, and what becomes of those that do not. */
import type { Facts } from './candidate.ts'
import type { WarningCode } from './import-problems.ts'
import { isExact, type RecordText } from './record-text.ts'

const NUMBER_FIELDS = ['quality_score', 'gpu_id', 'tokens_per_sec'] as const
export type NumberFacts = Pick<Facts, (typeof NUMBER_FIELDS)[number]>
type NumberField = keyof NumberFacts

/** No model writes faster. */
const MAX_TOKENS_PER_SEC = 1e9

/** The field whose number is beyond every double: reading it would make something else of it. */
export function findOverflow(record: Record<string, unknown>): NumberField | undefined {
  for (const field of NUMBER_FIELDS) {
    const value = record[field]
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return field
  }
  return undefined
}

export function readNumbers(
  record: Record<string, unknown>,
  text: RecordText,
  warnings: WarningCode[],
): NumberFacts {
  return {
    quality_score: readScore(record, text, warnings),
    gpu_id: readNumber(record, 'gpu_id', text, warnings),
    tokens_per_sec: readSpeed(record, text, warnings),
  }
}

function readScore(
  record: Record<string, unknown>,
  text: RecordText,
  warnings: WarningCode[],
): number | null {
  let score = record.quality_score ?? null
  if (score !== null && typeof score !== 'number') {
    warnings.push('SCORE_TYPE')
    score = typeof score === 'string' && /^\s*[-+]?\d+(\.\d+)?\s*$/.test(score) ? Number(score) : null
  } else if (score !== null) score = readNumber(record, 'quality_score', text, warnings)
  if (score === null || ((score as number) >= 0 && (score as number) <= 1)) return score as number | null
  warnings.push('SCORE_RANGE')
  return null
}

function readSpeed(
  record: Record<string, unknown>,
  text: RecordText,
  warnings: WarningCode[],
): number | null {
  const speed = readNumber(record, 'tokens_per_sec', text, warnings)
  if (speed === null || (speed >= 0 && speed <= MAX_TOKENS_PER_SEC)) return speed
  warnings.push('SPEED_RANGE')
  return null
}

function readNumber(
  record: Record<string, unknown>,
  field: NumberField,
  text: RecordText,
  warnings: WarningCode[],
): number | null {
  const value = record[field] ?? null
  if (value === null) return null
  if (typeof value !== 'number') {
    warnings.push('FIELD_IGNORED')
    return null
  }
  const source = text.numbers.get(field)
  if (source !== undefined && !isExact(source, value)) warnings.push('NUMBER_PRECISION')
  // Minus zero is zero: no column keeps the sign.
  return value === 0 ? 0 : value
}
