/**
 * Owns the record that Avocet keeps: from unknown JSON to Facts, or the field that makes it impossible.
 * The shape is one line of cf-orch's `sft_candidates.jsonl`; every other source translates into it.
 */
import type { Facts, Message, Standing, Status } from './candidate.ts'
import { STATUSES } from './candidate.ts'
import { isBlank } from './decision.ts'
import { isFailureCategory } from './failure-category.ts'
import type { LineCode, WarningCode } from './import-problems.ts'
import { findOverflow, readNumbers } from './record-numbers.ts'
import { PLAIN, type RecordText } from './record-text.ts'
import { isEmptyText, warnAboutContent, warnAboutExtra } from './record-warnings.ts'

export type RecordFault = { code: LineCode; reason: string }
export type RecordReading = { facts: Facts; warnings: WarningCode[] } | { fault: RecordFault }

const MAX_ID_BYTES = 512
/** In the order in which cf-orch writes them, so that the next one expected is nearly always the one that comes. */
const FIELDS = [
  'id',
  'source',
  'benchmark_run_id',
  'timestamp',
  'status',
  'prompt_messages',
  'model_response',
  'corrected_response',
  'quality_score',
  'failure_reason',
  'task_id',
  'task_type',
  'task_name',
  'model_id',
  'model_name',
  'node_id',
  'gpu_id',
  'tokens_per_sec',
  'failure_category',
]
const KNOWN_FIELDS = new Set(FIELDS)

/**
 * Only a record that cannot be understood, told apart or judged is refused; any other oddity is a warning and null.
 * `text` tells what JSON.parse did not: fields that came twice, numbers as they were written.
 */
export function readRecord(json: unknown, text: RecordText = PLAIN): RecordReading {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return fault('NOT_OBJECT', `expected a JSON object, found ${kindOf(json)}`)
  }
  const record = json as Record<string, unknown>
  const warnings: WarningCode[] = []
  const wrong =
    readRepeated(text, warnings) ??
    readId(record.id, text, warnings) ??
    readPrompt(record.prompt_messages) ??
    readResponse(record.model_response) ??
    readOverflow(record)
  if (wrong) return { fault: wrong }
  const decided = readStanding(record, warnings)
  if ('fault' in decided) return decided
  const facts = factsOf(record, text, decided.standing, warnings)
  warnAboutContent(facts, warnings)
  return { facts, warnings }
}

/** Spelled out field by field: this runs for every line there is. */
function factsOf(
  record: Record<string, unknown>,
  text: RecordText,
  decided: Standing | null,
  warnings: WarningCode[],
): Facts {
  const numbers = readNumbers(record, text, warnings)
  return {
    id: idOf(record.id as string | number, text),
    prompt_messages: record.prompt_messages as Message[],
    model_response: record.model_response as string,
    source: readText(record.source, warnings),
    benchmark_run_id: readText(record.benchmark_run_id, warnings),
    timestamp: readText(record.timestamp, warnings, 'TIMESTAMP'),
    failure_reason: readText(record.failure_reason, warnings),
    task_id: readText(record.task_id, warnings),
    task_type: readText(record.task_type, warnings),
    task_name: readText(record.task_name, warnings),
    model_id: readText(record.model_id, warnings),
    model_name: readText(record.model_name, warnings),
    node_id: readText(record.node_id, warnings),
    quality_score: numbers.quality_score,
    gpu_id: numbers.gpu_id,
    tokens_per_sec: numbers.tokens_per_sec,
    extra: extraFields(record, warnings),
    decided,
  }
}

function readRepeated({ repeated }: RecordText, warnings: WarningCode[]): RecordFault | null {
  for (const [key, values] of repeated) {
    if (!KNOWN_FIELDS.has(key)) continue
    if (values === 'other') {
      return {
        code: 'DUPLICATE_KEY_CONFLICT',
        reason: `"${key}" stands in it more than once, with other values`,
      }
    }
    warnings.push('DUPLICATE_KEY')
  }
  return null
}

/** A number is kept as it was written, and marked: 42 and "42" are two ids, and no digit is lost. */
function idOf(id: string | number, text: RecordText): string {
  return typeof id === 'number' ? `n:${text.numbers.get('id') ?? id}` : cleanText(id)
}

function readOverflow(record: Record<string, unknown>): RecordFault | null {
  const field = findOverflow(record)
  return field ? { code: 'NUMBER_OVERFLOW', reason: `"${field}" is a number too large to be read` } : null
}

function fault(code: LineCode, reason: string): { fault: RecordFault } {
  return { fault: { code, reason } }
}

function readId(id: unknown, text: RecordText, warnings: WarningCode[]): RecordFault | null {
  if (id === undefined || id === null) return { code: 'ID_MISSING', reason: '"id" is missing' }
  if (typeof id === 'number') warnings.push('ID_NOT_STRING')
  else if (typeof id !== 'string')
    return { code: 'ID_TYPE', reason: `"id" must be text, found ${kindOf(id)}` }
  const key = typeof id === 'string' ? id : idOf(id, text)
  if (isEmptyText(key)) return { code: 'ID_MISSING', reason: '"id" is blank' }
  if (utf8Length(key) > MAX_ID_BYTES) {
    return { code: 'ID_TOO_LONG', reason: `"id" is longer than ${MAX_ID_BYTES} bytes` }
  }
  if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(key)) warnings.push('ID_UNUSUAL')
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
  for (let index = 0; index < prompt.length; index++) {
    const wrong = messageFault(prompt[index])
    if (wrong) return { code: wrong.code, reason: `"prompt_messages[${index}]${wrong.reason}` }
  }
  return null
}

function messageFault(message: unknown): RecordFault | null {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    return { code: 'FIELD_TYPE', reason: `" must be an object, found ${kindOf(message)}` }
  }
  const { role, content } = message as Record<string, unknown>
  if (typeof role !== 'string') {
    return { code: role == null ? 'FIELD_MISSING' : 'FIELD_TYPE', reason: '.role" must be text' }
  }
  if (typeof content === 'number' || typeof content === 'boolean') {
    return { code: 'FIELD_TYPE', reason: `.content" must be text, found ${kindOf(content)}` }
  }
  return null
}

function readResponse(response: unknown): RecordFault | null {
  if (typeof response === 'string') return null
  if (response === undefined || response === null) {
    return { code: 'FIELD_MISSING', reason: '"model_response" is missing: there is nothing to judge' }
  }
  const code = typeof response === 'object' ? 'CONTENT_PARTS_UNSUPPORTED' : 'FIELD_TYPE'
  return { code, reason: `"model_response" must be text, found ${kindOf(response)}` }
}

/** A record that was decided before keeps its status and text; anything unclear goes back to review. */
function readStanding(
  record: Record<string, unknown>,
  warnings: WarningCode[],
): { standing: Standing | null } | { fault: RecordFault } {
  const text = record.corrected_response ?? null
  if (text !== null && typeof text !== 'string') {
    return fault('FIELD_TYPE', `"corrected_response" must be text or null, found ${kindOf(text)}`)
  }
  if (record.corrected_response === undefined) warnings.push('FIELD_MISSING')
  if (text === '') warnings.push('CORRECTION_EMPTY')
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

function readStatus(status: unknown, warnings: WarningCode[]): Status {
  const known = STATUSES.find((name) => name === status)
  if (!known) warnings.push('STATUS_UNKNOWN')
  else if (known !== 'needs_review') warnings.push('SOURCE_ALREADY_DECIDED')
  return known ?? 'needs_review'
}

function readText(
  value: unknown,
  warnings: WarningCode[],
  oddity: WarningCode = 'FIELD_IGNORED',
): string | null {
  if (typeof value === 'string') return isEmptyText(value) ? null : value
  if (value !== undefined && value !== null) warnings.push(oddity)
  return null
}

/** One for all records without unknown keys, which are nearly all of them. */
const NO_EXTRA: Record<string, unknown> = Object.freeze(Object.create(null))

function extraFields(record: Record<string, unknown>, warnings: WarningCode[]): Record<string, unknown> {
  let extra: Record<string, unknown> | undefined
  let next = 0
  for (const key in record) {
    if (key === FIELDS[next++] || KNOWN_FIELDS.has(key)) continue
    // Null prototype: a key named "__proto__" stays an ordinary key.
    extra ??= Object.create(null) as Record<string, unknown>
    extra[key] = record[key]
  }
  if (!extra) return NO_EXTRA
  warnAboutExtra(extra, warnings)
  return extra
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
