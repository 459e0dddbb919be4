/**
 * Owns the interface of a format: the shape that one kind of consumer reads.
 *
 * To add a format, add one file to this folder that default-exports `defineFormat({...})`; nothing else changes.
 * `index.ts` finds it; CLI, API and docs list it with its loading code; `formats.test.ts` holds it to the contract:
 * rows of the declared columns alone, every key always there, texts exactly as typed, the same rows for the same
 * example, and readable back from every container.
 */
import type { ContainerName, Example } from '../domain/example.ts'
import type { Shape } from './checks/shape.ts'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type Row = { [column: string]: Json }

/** What a column holds, in every row: trainers fail on a column that is null here and text there. */
export type ColumnType =
  | 'text'
  | 'nullable text'
  | 'nullable number'
  | 'boolean'
  | { list: ColumnType }
  | { struct: { [field: string]: ColumnType } }

export type Loading = {
  /** A name of `checks/`. */
  consumer: string
  /** The consumer and the part of it: "TRL, SFTTrainer". */
  title: string
  /** Where the code belongs: a file's name, or "shell". */
  file: string
  language: 'python' | 'yaml' | 'json' | 'shell'
  /** `file`: the name of the export. `as`: its container. */
  code(file: string, as: ContainerName): string
}

export type Format = {
  /** What the user types after `--format`; also the file's name. */
  name: string
  title: string
  /** One sentence: who reads this shape. */
  explain: string
  /** As the checks know it; null when no trainer reads it. */
  shape: Shape | null
  /** `corrections`: approved ones, to train on. `decisions`: every decided candidate, to read. */
  covers: 'corrections' | 'decisions'
  /** Whether a row needs a rejected answer: what has none is left out. `both`: a row of its own, where there is one. */
  rejected: 'unused' | 'needed' | 'both'
  columns: { [column: string]: ColumnType }
  /** Those it is made for, by their names in `checks/`: what one of them refuses stops an export. */
  consumers: readonly string[]
  loading: readonly Loading[]
  /** The rows that one example makes: one, or two where the rejected answer has its own. */
  toRows(example: Example): Row[]
}

export function defineFormat(format: Format): Format {
  return format
}

/** A flat row fits into a table of cells, so people may have it as CSV, which is the first choice then. */
export function containersOf({ columns }: Format): ContainerName[] {
  const isFlat = Object.values(columns).every((type) => typeof type === 'string')
  return isFlat ? ['csv', 'jsonl', 'parquet'] : ['jsonl', 'parquet']
}
