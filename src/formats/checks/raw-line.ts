/** Owns the way from the text of a line to what is known of it before anybody asks what it teaches. */
import type { RawLine } from './consumer.ts'

const BOM = '\ufeff'
const NOT_JSON = 'it is not valid JSON'

/** `input` that is no string was parsed before: nothing is known of its text. */
export function readRaw(
  input: unknown,
  broken: string | undefined,
  explain: (text: string) => string = () => NOT_JSON,
): RawLine {
  const text = typeof input === 'string' ? input : ''
  const raw: RawLine = {
    hasBom: text.startsWith(BOM),
    endsWithCr: text.endsWith('\r'),
    isBlank: false,
    broken: broken ?? null,
    json: undefined,
    bytes: typeof input === 'string' ? Buffer.byteLength(text) + 1 : 0,
  }
  if (broken !== undefined) return raw
  if (typeof input !== 'string') return { ...raw, json: input }
  return { ...raw, ...parse(raw.hasBom ? text.slice(1) : text, explain) }
}

function parse(text: string, explain: (text: string) => string): Partial<RawLine> {
  if (/^[ \t\r]*$/.test(text)) return { isBlank: true }
  try {
    return { json: JSON.parse(text) }
  } catch {
    return { broken: explain(text) }
  }
}
