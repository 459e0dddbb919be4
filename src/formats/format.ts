/**
 * Owns the interface of a format: the shape that one consumer reads.
 *
 * To add a format, add one file to this folder that default-exports `defineFormat({...})`; nothing else changes.
 * `index.ts` finds it, the CLI and the docs list it, and `formats.test.ts` holds it to the contract: one line
 * per example, no raw line feed, valid JSON, the same bytes for the same example.
 */
import type { Example } from '../domain/example.ts'

export type Format = {
  /** What the user types after `--format`; also the file's name. */
  name: string
  title: string
  /** One sentence: who reads this shape. */
  explain: string
  /** Without the dot. */
  extension: string
  contentType: string
  /** One example as one line, without its line feed. Text stays exactly as it was typed. */
  toLine(example: Example): string
}

export function defineFormat(format: Format): Format {
  return format
}
