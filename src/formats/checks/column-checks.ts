/** Owns the checks of columns: what `load_dataset` makes of a file from its first bytes. */
import type { FileCheck } from './consumer.ts'
import { quote } from './order-checks.ts'

/** `datasets` takes the types of the columns from the first block of a file. */
const BLOCK_BYTES = 10 * 1024 * 1024
/** A file with more columns than this is none of ours; the rest of them is not watched. */
const COLUMNS_WATCHED = 256

export const columnNullFirst: FileCheck = {
  of: 'file',
  code: 'column_null_first',
  advice: 'Declare the type of the column, or write a text in every line.',
  start() {
    const filled = new Set<string>()
    return {
      line({ record }, { bytes, line }) {
        if (bytes <= BLOCK_BYTES) {
          for (const key of Object.keys(record)) if (record[key] !== null) note(filled, key)
          return null
        }
        const late = Object.keys(record).find(
          (key) => record[key] !== null && !filled.has(key) && filled.size < COLUMNS_WATCHED,
        )
        if (late === undefined) return null
        filled.add(late)
        return `the column ${quote(late)} has its first value in line ${line}, after 10 MB without one`
      },
      end: () => null,
    }
  },
}

export const columnAllNull: FileCheck = {
  of: 'file',
  code: 'column_all_null',
  advice: 'Declare the type of the column in the README of the data set, or export without it.',
  start() {
    const filled = new Set<string>()
    const empty = new Set<string>()
    return {
      line({ record }) {
        for (const key of Object.keys(record)) note(record[key] === null ? empty : filled, key)
        return null
      },
      end() {
        const name = [...empty].find((key) => !filled.has(key))
        return name === undefined ? null : `the column ${quote(name)} is null in every line`
      },
    }
  },
}

export const typesDiffer: FileCheck = {
  of: 'file',
  code: 'column_types_differ',
  advice: 'Write the same type in every line.',
  start() {
    const types = new Map<string, string>()
    return {
      line({ record }) {
        for (const [key, value] of Object.entries(record)) {
          const type = typeOf(value)
          const before = types.get(key)
          if (before === undefined && type !== 'null' && types.size < COLUMNS_WATCHED) types.set(key, type)
          if (before !== undefined && type !== 'null' && type !== before)
            return `the column ${quote(key)} is ${type} here, and ${before} in lines before`
        }
        return null
      },
      end: () => null,
    }
  },
}

function note(names: Set<string>, name: string): void {
  if (names.size < COLUMNS_WATCHED) names.add(name)
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
