/** Owns what every source of JSON Lines does the same: each line becomes exactly one item. */
import type { Facts } from '../domain/candidate.ts'
import type { LineCode, WarningCode } from '../domain/import-problems.ts'
import type { RecordText } from '../domain/record-text.ts'
import { createComparison } from './beside-others.ts'
import { parseJsonLine } from './json-line.ts'
import { type Line, readLines } from './read-lines.ts'
import { type Location, type ReadOptions, Refusal, type SourceItem } from './source.ts'

/** What a source makes of one JSON value. */
export type Understanding =
  | { facts: Facts; warnings: WarningCode[] }
  | { fault: { code: LineCode; reason: string } }
  | { skip: true }

type Understand = (json: unknown, text: RecordText) => Understanding

/**
 * `marked`: fields whose long texts nobody needs from the items, because the line itself is the record: they are
 * checked, but marks stand for them. See `withMarks`.
 */
export async function* readJsonLines(
  location: Location,
  options: ReadOptions,
  understand: Understand,
  marked: readonly string[] = [],
): AsyncGenerator<SourceItem[]> {
  const path = typeof location === 'string' ? location : Buffer.from(location).toString()
  const keys = marked.map((field) => JSON.stringify(field))
  const doubt = createDoubt()
  const compare = createComparison(options.now)
  const isBeginning = (options.from?.line ?? 0) === 0
  for await (const lines of readLines(location, options)) {
    const items = lines.map((line) => {
      const item = toItem(line, path, understand, keys)
      // At once, while its text is still in the processor's cache.
      if (item.kind === 'candidate') compare(item.facts, item.warnings)
      return item
    })
    // Ahead of the items: one clear word about the file says more than its lines one by one.
    if (isBeginning) for (const item of items) doubt(item)
    yield items
  }
}

/** So many first lines without one JSON object are no JSON Lines; so many objects without one record not ours. */
const MAX_STRANGE = 20
const MAX_FOREIGN = 50
const NO_OBJECT: LineCode[] = ['JSON_SYNTAX', 'TRAILING_DATA', 'NOT_OBJECT', 'CONTROL_CHAR', 'INVALID_UTF8']
const NO_RECORD: LineCode[] = [
  'ID_MISSING',
  'ID_TYPE',
  'FIELD_MISSING',
  'FIELD_TYPE',
  'CONTENT_PARTS_UNSUPPORTED',
]

/** Is shown each item, and throws a Refusal when the file, as far as it was read, is not worth reading on. */
function createDoubt(): (item: SourceItem) => void {
  let isOver = false
  let strange = 0
  let foreign = 0
  return (item) => {
    if (isOver || item.kind === 'blank') return
    isOver = item.kind !== 'problem'
    if (item.kind !== 'problem') return
    if (NO_RECORD.includes(item.code)) foreign += 1
    else if (NO_OBJECT.includes(item.code)) strange += 1
    if (strange === MAX_STRANGE && foreign === 0) {
      throw new Refusal('NOT_JSONL', `none of its first ${MAX_STRANGE} lines is a JSON object in UTF-8`)
    }
    if (foreign === MAX_FOREIGN) {
      throw new Refusal(
        'OTHER_SCHEMA',
        `none of its first ${MAX_FOREIGN} objects is a record of this benchmark`,
      )
    }
  }
}

function toItem(line: Line, path: string, understand: Understand, keys: string[]): SourceItem {
  const place = { path, line: line.number }
  const bytes = line.length + (line.terminated ? 1 : 0)
  const parsed = parseJsonLine(line, keys)
  if (parsed.kind === 'blank') return { kind: 'blank', place, bytes }
  if (parsed.kind === 'problem') {
    return { kind: 'problem', place, bytes, raw: line.bytes, code: parsed.code, reason: parsed.reason }
  }
  const understood = understand(parsed.json, parsed.text)
  if ('skip' in understood) return { kind: 'skip', place, bytes }
  if ('fault' in understood) return { kind: 'problem', place, bytes, raw: line.bytes, ...understood.fault }
  const warnings =
    parsed.warnings.length > 0 ? [...parsed.warnings, ...understood.warnings] : understood.warnings
  return { kind: 'candidate', place, bytes, raw: parsed.raw, facts: understood.facts, warnings }
}
