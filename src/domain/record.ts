/**
 * Owns the record that Avocet keeps: from unknown JSON to Facts, or the field that makes it impossible.
 * The shape is one line of cf-orch's `sft_candidates.jsonl`; every other source translates into it.
 */
import type { Facts, Message, Standing, Status } from './candidate.ts'
import { STATUSES } from './candidate.ts'
import { isBlank } from './decision.ts'
import { isFailureCategory } from './failure-category.ts'

export type RecordFault = { code: string; reason: string }
export type RecordReading = { facts: Facts; warnings: string[] } | { fault: RecordFault }

const MAX_ID_BYTES = 512
const TEXT_FIELDS = [
  'source',
  'benchmark_run_id',
  'timestamp',
  'failure_reason',
  'task_id',
  'task_type',
  'task_name',
  'model_id',
  'model_name',
  'node_id',
] as const
const NUMBER_FIELDS = ['quality_score', 'gpu_id', 'tokens_per_sec'] as const
const KNOWN_FIELDS = new Set<string>([
  'id',
  'prompt_messages',
  'model_response',
  'status',
  'corrected_response',
  'failure_category',
  ...TEXT_FIELDS,
  ...NUMBER_FIELDS,
])

/** Only `id`, `prompt_messages` and `model_response` can refuse a record; any other oddity is a warning and null. */
export function readRecord(json: unknown): RecordReading {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return fault('NOT_OBJECT', `expected a JSON object, found ${kindOf(json)}`)
  }
  const record = json as Record<string, unknown>
  const warnings: string[] = []
  const required = readId(record.id, warnings) ?? readPrompt(record.prompt_messages) ?? readResponse(record)
  if (required) return { fault: required }
  const decided = readStanding(record, warnings)
  if ('fault' in decided) return decided
  const facts: Facts = {
    id: cleanText(String(record.id)),
    prompt_messages: record.prompt_messages as Message[],
    model_response: record.model_response as string,
    ...(readTexts(record, warnings) as TextFacts),
    ...(readNumbers(record, warnings) as NumberFacts),
    extra: extraFields(record),
    decided: decided.standing,
  }
  warnAboutContent(facts, warnings)
  return { facts, warnings }
}

type TextFacts = Pick<Facts, (typeof TEXT_FIELDS)[number]>
type NumberFacts = Pick<Facts, (typeof NUMBER_FIELDS)[number]>

function fault(code: string, reason: string): { fault: RecordFault } {
  return { fault: { code, reason } }
}

function readId(id: unknown, warnings: string[]): RecordFault | null {
  if (id === undefined || id === null) return { code: 'ID_MISSING', reason: '"id" is missing' }
  if (typeof id === 'number') warnings.push('ID_NOT_STRING')
  else if (typeof id !== 'string')
    return { code: 'ID_TYPE', reason: `"id" must be text, found ${kindOf(id)}` }
  const text = String(id)
  if (isBlank(text)) return { code: 'ID_MISSING', reason: '"id" is blank' }
  if (utf8Length(text) > MAX_ID_BYTES) {
    return { code: 'ID_TOO_LONG', reason: `"id" is longer than ${MAX_ID_BYTES} bytes` }
  }
  if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(text)) warnings.push('ID_UNUSUAL')
  return null
}

function utf8Length(text: string): number {
  // No character takes more than three bytes per UTF-16 unit: short ids, nearly all, are never measured.
  if (text.length * 3 <= MAX_ID_BYTES) return 0
  if (text.length > MAX_ID_BYTES) return text.length
  return encodeURIComponent(text.toWellFormed()).replace(/%[0-9A-F]{2}/g, '.').length
}

function readPrompt(prompt: unknown): RecordFault | null {
  if (prompt === undefined || prompt === null) {
    return { code: 'FIELD_MISSING', reason: '"prompt_messages" is missing' }
  }
  if (!Array.isArray(prompt)) {
    return { code: 'FIELD_TYPE', reason: `"prompt_messages" must be an array, found ${kindOf(prompt)}` }
  }
  for (const [index, message] of prompt.entries()) {
    const wrong = messageFault(message)
    if (wrong) return { code: wrong.code, reason: `"prompt_messages[${index}]${wrong.reason}` }
  }
  return null
}

function messageFault(message: unknown): RecordFault | null {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    return { code: 'FIELD_TYPE', reason: `" must be an object, found ${kindOf(message)}` }
  }
  const { role, content } = message as Record<string, unknown>
  if (typeof role !== 'string') return { code: 'FIELD_MISSING', reason: '.role" must be text' }
  if (typeof content === 'number' || typeof content === 'boolean') {
    return { code: 'FIELD_TYPE', reason: `.content" must be text, found ${kindOf(content)}` }
  }
  return null
}

function readResponse(record: Record<string, unknown>): RecordFault | null {
  const response = record.model_response
  if (typeof response === 'string') return null
  if (response === undefined || response === null) {
    return { code: 'FIELD_MISSING', reason: '"model_response" is missing: there is nothing to judge' }
  }
  return { code: 'FIELD_TYPE', reason: `"model_response" must be text, found ${kindOf(response)}` }
}

/** A record that was decided before keeps its status and text; anything unclear goes back to review. */
function readStanding(
  record: Record<string, unknown>,
  warnings: string[],
): { standing: Standing | null } | { fault: RecordFault } {
  const text = record.corrected_response ?? null
  if (text !== null && typeof text !== 'string') {
    return fault('FIELD_TYPE', `"corrected_response" must be text or null, found ${kindOf(text)}`)
  }
  const status = readStatus(record.status, warnings)
  if (status === 'needs_review') {
    if (text !== null && !isBlank(text)) warnings.push('SOURCE_HAS_CORRECTION')
    return { standing: null }
  }
  if (status === 'approved' && (text === null || isBlank(text))) {
    warnings.push('APPROVED_WITHOUT_TEXT')
    return { standing: null }
  }
  const category = record.failure_category ?? null
  if (category !== null && !isFailureCategory(category)) warnings.push('CATEGORY_UNKNOWN')
  return {
    standing: {
      status,
      corrected_response: text === null ? null : cleanText(text),
      failure_category: isFailureCategory(category) ? category : null,
    },
  }
}

function readStatus(status: unknown, warnings: string[]): Status {
  if (status === undefined || status === null) return 'needs_review'
  const known = STATUSES.find((name) => name === status)
  if (!known) warnings.push('STATUS_UNKNOWN')
  else if (known !== 'needs_review') warnings.push('SOURCE_ALREADY_DECIDED')
  return known ?? 'needs_review'
}

function readTexts(record: Record<string, unknown>, warnings: string[]): Partial<TextFacts> {
  const texts: Partial<TextFacts> = {}
  for (const field of TEXT_FIELDS) {
    const value = record[field] ?? null
    if (value !== null && typeof value !== 'string') warnings.push('FIELD_IGNORED')
    texts[field] = typeof value === 'string' && !isBlank(value) ? value : null
  }
  return texts
}

function readNumbers(record: Record<string, unknown>, warnings: string[]): Partial<NumberFacts> {
  const numbers: Partial<NumberFacts> = {}
  for (const field of NUMBER_FIELDS) {
    const value = record[field] ?? null
    const fits = typeof value === 'number' && Number.isFinite(value)
    if (value !== null && !fits) warnings.push('FIELD_IGNORED')
    numbers[field] = fits ? value : null
  }
  if (numbers.quality_score != null && (numbers.quality_score < 0 || numbers.quality_score > 1)) {
    warnings.push('SCORE_RANGE')
  }
  return numbers
}

function extraFields(record: Record<string, unknown>): Record<string, unknown> {
  // Null prototype: a key named "__proto__" stays an ordinary key.
  const extra: Record<string, unknown> = Object.create(null)
  for (const key of Object.keys(record)) if (!KNOWN_FIELDS.has(key)) extra[key] = record[key]
  return extra
}

function warnAboutContent(facts: Facts, warnings: string[]): void {
  if (isBlank(facts.model_response)) warnings.push('EMPTY_RESPONSE')
  if (facts.prompt_messages.length === 0) warnings.push('EMPTY_PROMPT')
  if (facts.prompt_messages.some((message) => typeof message.content !== 'string'))
    warnings.push('CONTENT_NOT_TEXT')
  if (!facts.model_response.isWellFormed()) warnings.push('LONE_SURROGATE')
  if (facts.model_response.includes('\0')) warnings.push('NUL_IN_TEXT')
}

/** What both database engines can hold in a text column: whole characters, NUL shown as its picture. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u2400')
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
