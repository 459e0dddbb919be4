/** Owns the shape of a row of the catalogue: one odd input, and what an import must make of it. */
import { makeRecord } from '../support/make-record.ts'

export type Expected = {
  imported?: number
  duplicate?: number
  conflict?: number
  blank?: number
  /** Of the rejected lines, in order. */
  rejected?: string[]
  /** Of the files and directories that were refused. */
  refused?: string[]
  /** The kinds that came up. */
  warnings?: string[]
  /** How many files and directories were passed over. */
  ignored?: number
}

export type Row = Expected & {
  /** As in the catalogue; a letter behind it where one row has several inputs. */
  id: string
  what: string
  /** The bytes of one `sft_candidates.jsonl`, or what else to lay into an empty folder. */
  file: string | Uint8Array | ((folder: string) => Promise<void>)
  /** The file's name, or the path in the folder that is imported. */
  name?: string
}

/** One line with this record in it. */
export function line(fields: Record<string, unknown> = {}, number = 1): string {
  return `${JSON.stringify(makeRecord(number, fields))}\n`
}

/** The line of a record with this JSON in place of one field's value. */
export function withSource(field: string, source: string, number = 1): string {
  return line({ [field]: '@@' }, number).replace('"@@"', source)
}

export const GOOD = line()
export const SECOND = line({}, 2)

/** The same record with more text at its beginning, as keys and values. */
export function beginning(text: string, whole = GOOD): string {
  return `{${text},${whole.slice(1)}`
}

export function bytes(...parts: (string | number[] | Uint8Array)[]): Buffer {
  return Buffer.concat(parts.map((part) => Buffer.from(part as string)))
}
