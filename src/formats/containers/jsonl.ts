/** Packs rows as JSON Lines: UTF-8, one object per line, a line feed after each. */
import type { Container } from './container.ts'

export const jsonl: Container = {
  name: 'jsonl',
  extension: 'jsonl',
  contentType: 'application/x-ndjson',
  pack: () => ({
    add: (rows) => Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
    end: () => new Uint8Array(),
  }),
  show: (row) => JSON.stringify(row),
}
