/** Owns one line of JSON Lines: from bytes to a JSON value, or the reason why not, in words. */
import { isAscii, isUtf8 } from 'node:buffer'
import type { LineCode, WarningCode } from '../domain/import-problems.ts'
import { PLAIN, type RecordText } from '../domain/record-text.ts'
import { readText, type Shape, shapeOf } from './json-text.ts'
import { withMarks } from './long-texts.ts'
import { type Line, MAX_LINE_BYTES } from './read-lines.ts'

export type JsonLine =
  | { kind: 'json'; json: unknown; text: RecordText; raw: Buffer; warnings: WarningCode[] }
  | { kind: 'blank' }
  | { kind: 'problem'; code: LineCode; reason: string }

const BRACE = 0x7b
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/** `marked`: keys of the top level, with their quotes, in whose values marks may stand for long texts; see `withMarks`. */
export function parseJsonLine(line: Line, marked: readonly string[] = []): JsonLine {
  if (line.bytes === null) {
    const limit = MAX_LINE_BYTES / 1024 / 1024
    return problem('LINE_TOO_LONG', `the line has ${line.length} bytes; the limit is ${limit} MiB`)
  }
  const { raw, hadBom } = strip(line.bytes)
  const ascii = isAscii(raw)
  if (!ascii && !isUtf8(raw)) return explainEncoding(raw, hadBom ? BOM.length : 0, line.terminated)
  const latin = raw.toString('latin1')
  // Its first byte tells for nearly every line that it is not.
  if (raw[0] !== BRACE && /^[ \t\r]*$/.test(latin)) return { kind: 'blank' }
  const shape = shapeOf(raw, latin, marked)
  if (shape.depth > MAX_DEPTH) return problem('TOO_DEEP', `nested deeper than ${MAX_DEPTH} levels`)
  if (shape.nodes > MAX_NODES) return problem('TOO_MANY_NODES', `more than ${MAX_NODES} values in one record`)
  try {
    const short = withMarks(raw, latin, shape.longTexts)
    const json: unknown = JSON.parse(ascii ? short : Buffer.from(short, 'latin1').toString())
    const warnings: WarningCode[] = hadBom ? ['BOM_STRIPPED'] : []
    return { kind: 'json', json, text: isPlain(json, shape) ? PLAIN : readText(raw), raw, warnings }
  } catch {
    return explainSyntax(raw.toString(), line.terminated)
  }
}

/** JSON.parse takes millions of levels; what works on the result afterwards does not. */
const MAX_DEPTH = 64
/** Far more than any answer has, and few enough for the memory of a small machine. */
const MAX_NODES = 200_000

/** Whether the text says nothing that its value does not: no key comes twice, no number is cut or an id. */
function isPlain(json: unknown, { keys, hasLongNumber }: Shape): boolean {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return true
  const isNumbered = typeof (json as Record<string, unknown>).id === 'number'
  return !hasLongNumber && !isNumbered && keys === Object.keys(json).length
}

function problem(code: LineCode, reason: string): JsonLine {
  return { kind: 'problem', code, reason }
}

/** One CR before the LF belongs to the line's end; a BOM may stand before any line of joined files. */
function strip(bytes: Buffer): { raw: Buffer; hadBom: boolean } {
  const hadBom = bytes[0] === BOM[0] && bytes[1] === BOM[1] && bytes[2] === BOM[2]
  const start = hadBom ? 3 : 0
  const end = bytes.at(-1) === 0x0d && bytes.length > start ? bytes.length - 1 : bytes.length
  return { raw: end - start === bytes.length ? bytes : bytes.subarray(start, end), hadBom }
}

/** `before` is the number of bytes of the line that stand before `raw`. */
function explainEncoding(raw: Buffer, before: number, terminated: boolean): JsonLine {
  const good = validBytes(raw)
  const rest = raw.subarray(good)
  const halfCharacter =
    rest.length < 4 && rest.every((byte, at) => (at === 0 ? byte >= 0xc2 : byte >> 6 === 0b10))
  if (!terminated && halfCharacter && isCutOff(raw.toString('utf8', 0, good))) return truncatedLastLine()
  return problem('INVALID_UTF8', `not UTF-8 at byte ${before + good + 1} of the line; save the file as UTF-8`)
}

/** The length of the longest beginning that is UTF-8. Bisects with the fast check instead of decoding by hand. */
function validBytes(bytes: Buffer): number {
  let good = 0
  let end = bytes.length
  while (end - good > 8) {
    const middle = (good + end) >> 1
    // The middle may lie inside a character, which began up to three bytes before.
    const cut = [0, 1, 2, 3].find((back) => isUtf8(bytes.subarray(good, middle - back)))
    if (cut === undefined) end = middle
    else good = middle - cut
  }
  while (!isUtf8(bytes.subarray(good, end))) end -= 1
  return end
}

function isCutOff(text: string): boolean {
  const message = complaintOf(text)
  return message !== null && endsTooSoon(text, message)
}

/** What the engine says of it; null when it is JSON. */
function complaintOf(text: string): string | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

function endsTooSoon(text: string, message: string): boolean {
  return message.startsWith('Unexpected end') || positionIn(message) === text.length
}

/** Anchored, because the engine's messages quote the data, which may hold such words itself. */
function positionIn(message: string): number | null {
  const position = / JSON at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message)?.[1]
  return position === undefined ? null : Number(position)
}

function truncatedLastLine(): JsonLine {
  return problem(
    'TRUNCATED_LAST_LINE',
    'the last line is cut off; import again once the harness has finished',
  )
}

/** The engine's own messages quote the data; ours name the place and the usual cause. */
function explainSyntax(text: string, terminated: boolean): JsonLine {
  const message = complaintOf(text) ?? ''
  const position = positionIn(message)
  const at = position === null ? '' : ` at character ${position + 1}`
  const cut = endsTooSoon(text, message)
  if (cut && !terminated) return truncatedLastLine()
  if (message.startsWith('Bad control character')) {
    return problem('CONTROL_CHAR', `a raw control character inside a string${at}; JSON wants it escaped`)
  }
  if (message.startsWith('Unexpected non-whitespace character after JSON')) {
    return problem('TRAILING_DATA', `something follows the JSON value${at}; one line holds one object`)
  }
  if (isNonfinite(text, message)) {
    return problem('JSON_NONFINITE', 'NaN or Infinity is not JSON; Python writes it unless allow_nan=False')
  }
  if (cut) return problem('JSON_SYNTAX', 'the line is cut off: its JSON does not end')
  return problem('JSON_SYNTAX', `not valid JSON${at}`)
}

/** Whether the engine stopped at one, and not at something else in a line whose text mentions one. */
function isNonfinite(text: string, message: string): boolean {
  const stopped = /^(Unexpected token '[NI]'|No number after minus sign|"-?(NaN|Infinity)")/.test(message)
  return stopped && /(^|[:[,\s])-?(NaN|Infinity)\b/.test(text)
}
