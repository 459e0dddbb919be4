/** Packs rows as JSON Lines: UTF-8, one object per line, a line feed after each. */
import type { Row } from '../format.ts'
import type { Container } from './container.ts'

export const jsonl: Container = {
  name: 'jsonl',
  extension: 'jsonl',
  contentType: 'application/x-ndjson',
  pack: () => ({
    add: toLines,
    end: () => new Uint8Array(),
  }),
  show: (row) => JSON.stringify(row),
}

/** Line by line into one piece of memory: a text of all lines would be copied twice, and burden the collector. */
function toLines(rows: Row[]): Uint8Array {
  const texts = rows.map((row) => JSON.stringify(row))
  let size = 0
  for (const text of texts) size += Buffer.byteLength(text) + 1
  const bytes = Buffer.allocUnsafe(size)
  let at = 0
  for (const text of texts) {
    at += bytes.write(text, at)
    bytes[at++] = 10
  }
  return bytes
}
