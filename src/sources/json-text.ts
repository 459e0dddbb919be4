/** Owns what JSON.parse does not tell of a line: how deep and wide it is, keys that come twice, numbers it rounds. */
import { isDeepStrictEqual } from 'node:util'
import type { RecordText } from '../domain/record-text.ts'
import { LONG_BYTES } from './long-texts.ts'

/**
 * `keys`: at the top level, repeated ones counted again. A long number is one that JSON.parse may have rounded.
 * `longTexts`: where the quotes around each stand, of those within the fields that were asked for.
 */
export type Shape = {
  depth: number
  nodes: number
  keys: number
  hasLongNumber: boolean
  longTexts: number[]
}

const [COMMA, COLON, QUOTE, BACKSLASH] = Buffer.from(',:"\\')
const [OPEN_ARRAY, OPEN_OBJECT, CLOSE_ARRAY, CLOSE_OBJECT] = Buffer.from('[{]}')
const [MINUS, NINE] = Buffer.from('-9')
/** Every number of so few characters comes back from JSON.parse as it was. */
const EXACT_CHARACTERS = 15

/**
 * Of valid JSON, and of some that is not: it only needs to end. `text` is `bytes` as Latin-1: single bytes are read
 * fastest from the buffer, ends of strings found fastest in the text, and no byte of a longer character is ASCII.
 * `fields`: keys of the top level, with their quotes.
 */
export function shapeOf(bytes: Uint8Array, text: string, fields: readonly string[] = []): Shape {
  const shape: Shape = { depth: 0, nodes: 1, keys: 0, hasLongNumber: false, longTexts: [] }
  let depth = 0
  let string = 0
  let key = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === QUOTE) {
      string = at
      at = endOfString(bytes, text, at)
      if (at - string > LONG_BYTES && startsWithOne(text, key, fields)) shape.longTexts.push(string, at)
    } else if (byte === COMMA) {
      shape.nodes += 1
      // What follows at the top level is the next key, not a value of this one.
      if (depth === 1) key = 0
    } else if (byte === COLON) {
      if (depth !== 1) continue
      shape.keys += 1
      key = string
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth += 1
      shape.nodes += 1
      if (depth > shape.depth) shape.depth = depth
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1
    else if (depth === 1 && byte >= (MINUS as number) && byte <= (NINE as number)) {
      const end = endOfNumber(bytes, at)
      if (end - at > EXACT_CHARACTERS) shape.hasLongNumber = true
      at = end - 1
    }
  }
  return shape
}

function startsWithOne(text: string, at: number, beginnings: readonly string[]): boolean {
  return beginnings.some((beginning) => text.startsWith(beginning, at))
}

/** The place of the closing quote; the last byte where there is none. */
function endOfString(bytes: Uint8Array, text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && bytes[end - 1] === BACKSLASH && isEscaped(bytes, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? bytes.length : end
}

function isEscaped(bytes: Uint8Array, at: number): boolean {
  let before = at
  while (bytes[before - 1] === BACKSLASH) before -= 1
  return (at - before) % 2 === 1
}

/** Whatever is neither a separator nor a space belongs to it. */
function endOfNumber(bytes: Uint8Array, start: number): number {
  let end = start + 1
  while (isOfNumber(bytes[end])) end += 1
  return end
}

function isOfNumber(byte: number | undefined): boolean {
  return byte !== undefined && byte > 0x20 && byte !== COMMA && byte !== CLOSE_OBJECT && byte !== CLOSE_ARRAY
}

/** Reads the top level of one valid object again, slowly, for the few lines in which it may matter. */
export function readText(raw: Buffer): RecordText {
  const sources = new Map<string, string[]>()
  for (const [key, source] of membersOf(raw)) sources.set(key, [...(sources.get(key) ?? []), source])
  const numbers = new Map<string, string>()
  const repeated = new Map<string, 'same' | 'other'>()
  for (const [key, values] of sources) {
    const last = values.at(-1) as string
    if (/^[-\d]/.test(last)) numbers.set(key, last)
    if (values.length > 1) repeated.set(key, values.every((value) => isSame(value, last)) ? 'same' : 'other')
  }
  return { numbers, repeated }
}

function isSame(a: string, b: string): boolean {
  return a === b || isDeepStrictEqual(JSON.parse(a), JSON.parse(b))
}

/** Each key with the text of its value, in order. */
function* membersOf(raw: Buffer): Generator<[string, string]> {
  const text = raw.toString('latin1')
  let depth = 0
  let start = 0
  let key = ''
  for (let at = 0; at < raw.length; at++) {
    const byte = raw[at]
    if (byte === QUOTE) at = endOfString(raw, text, at)
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth += 1
      if (depth === 1) start = at + 1
    } else if (byte === COLON && depth === 1) {
      key = JSON.parse(raw.toString('utf8', start, at)) as string
      start = at + 1
    } else if (depth === 1 && (byte === COMMA || byte === CLOSE_OBJECT)) {
      if (byte === COMMA || start < at) yield [key, raw.toString('utf8', start, at).trim()]
      start = at + 1
      if (byte === CLOSE_OBJECT) return
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1
  }
}
