/** Owns the long texts of a line that nobody needs while it is imported: each is checked, and a mark stands for it. */
import { hashJsonText } from '../text-hash.ts'

/** As they stand in the file. Code of fewer bytes, full of line feeds, is faster to read than to mark. */
export const LONG_BYTES = 1024

const [SPACE, TILDE, BACKSLASH] = [0x20, 0x7e, 0x5c] as const
/** 1 for what may follow a backslash where a character has one spelling: not for `u` and `/`. */
const PLAIN_ESCAPES = new Uint8Array(128)
for (const byte of Buffer.from('"\\bfnrt')) PLAIN_ESCAPES[byte] = 1
/** Bytes that a unit of a string takes in JSON at the most, as in `\u001f`. */
const MOST_BYTES = 6

/**
 * The line with marks in place of its long texts, for JSON.parse: to make a string of each would take it longer than
 * all the rest. What is no text in JSON stays as it is, and so does what may look empty, hold a NUL or half a character,
 * or could be spelled in another way. `text`: `raw`, which is UTF-8, as Latin-1. `places`: of the two quotes around
 * each.
 */
export function withMarks(raw: Buffer, text: string, places: number[]): string {
  let marked = ''
  let done = 0
  for (let at = 0; at < places.length; at += 2) {
    const start = (places[at] as number) + 1
    const end = places[at + 1] as number
    const mark = markOf(raw, start, end, text.slice(start, end))
    if (mark === null) continue
    marked += text.slice(done, start) + mark
    done = end
  }
  return marked + text.slice(done)
}

/** `inner`: the bytes from `start` to `end` as text, whose escapes alone matter. */
function markOf(raw: Buffer, start: number, end: number, inner: string): string | null {
  const first = raw[start] as number
  const isVisible = first > SPACE && first <= TILDE && first !== BACKSLASH
  if (!isVisible || !hasPlainEscapes(inner)) return null
  const hash = hashJsonText(raw, start, end)
  return hash && `text ${hash[0]} ${hash[1]}`
}

/**
 * Of a text that `withMarks` left because of how it was spelled the mark that it would have had; any other text, and a
 * mark, as it is. So equal texts come to the same, whoever wrote them.
 */
export function markOrText(text: string): string {
  if (text.length * MOST_BYTES < LONG_BYTES) return text
  const json = JSON.stringify(text)
  if (Buffer.byteLength(json) - 2 < LONG_BYTES) return text
  const raw = Buffer.from(json)
  return markOf(raw, 1, raw.length - 1, json.slice(1, -1)) ?? text
}

function hasPlainEscapes(text: string): boolean {
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', at + 2)) {
    if (PLAIN_ESCAPES[text.charCodeAt(at + 1)] !== 1) return false
  }
  return true
}
