/** Owns the long texts of a line that nobody needs while it is imported: each is checked, and a mark stands for it. */
import { hashJsonText } from '../text-hash.ts'

/** As they stand in the file. What is shorter is as fast to read as to mark. */
export const LONG_BYTES = 256

const [SPACE, TILDE, BACKSLASH] = [0x20, 0x7e, 0x5c] as const
/** 1 for what may follow a backslash. Not for `u`, which can make any character. */
const PLAIN_ESCAPES = new Uint8Array(128)
for (const byte of Buffer.from('"\\/bfnrt')) PLAIN_ESCAPES[byte] = 1

/**
 * The line with marks in place of its long texts, for JSON.parse: to make a string of each would take it longer than
 * all the rest, and equal texts have equal marks. What is no text in JSON stays as it is, and so does what may look
 * empty or hold a NUL or half a character. `text`: `raw`, which is UTF-8, as Latin-1. `places`: of the two quotes
 * around each.
 */
export function withMarks(raw: Buffer, text: string, places: number[]): string {
  let marked = ''
  let done = 0
  for (let at = 0; at < places.length; at += 2) {
    const start = (places[at] as number) + 1
    const end = places[at + 1] as number
    const mark = markOf(raw, text, start, end)
    if (mark === null) continue
    marked += text.slice(done, start) + mark
    done = end
  }
  return marked + text.slice(done)
}

function markOf(raw: Buffer, text: string, start: number, end: number): string | null {
  const first = raw[start] as number
  const isVisible = first > SPACE && first <= TILDE && first !== BACKSLASH
  if (!isVisible || !hasPlainEscapes(text.slice(start, end))) return null
  const hash = hashJsonText(raw, start, end)
  return hash && `text ${hash[0]} ${hash[1]}`
}

function hasPlainEscapes(text: string): boolean {
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', at + 2)) {
    if (PLAIN_ESCAPES[text.charCodeAt(at + 1)] !== 1) return false
  }
  return true
}
