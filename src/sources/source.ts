/**
 * Owns the interface of a source: how one benchmark's files become candidates.
 *
 * To add a benchmark, add one file to this folder that default-exports `defineSource({...})`; nothing else
 * changes. `index.ts` finds it, the CLI and the docs list it, and `sources.test.ts` holds it to the contract:
 * it reads its own example, yields one item per physical line, never throws on bad data, and gives the same
 * items for the same bytes.
 */
import type { Facts } from '../domain/candidate.ts'
import type { FileCode, LineCode, WarningCode } from '../domain/import-problems.ts'

/** Where an item stands: the path as it is shown, and the line's number from 1. */
export type Place = { path: string; line: number }

/**
 * One line of the input, accounted for. `bytes` counts the whole line with its end, in the uncompressed file, so
 * that the sum over the items before one is the offset at which it begins.
 */
export type SourceItem = { place: Place; bytes: number } & (
  | {
      kind: 'candidate' /** The record's own bytes, without the line's end. */
      raw: Uint8Array
      /** Marks may stand for its long texts; `markOrText` makes equal texts equal. */
      facts: Facts
      warnings: WarningCode[]
    }
  | { kind: 'blank' }
  /** Understood, and not a wrong answer: counted, no card. */
  | { kind: 'skip' }
  /** Not understood. `raw` is null when the line is too long to keep. */
  | { kind: 'problem'; raw: Uint8Array | null; code: LineCode; reason: string }
)

export type Source = {
  /** What the user types after `--source`; also the file's name. */
  name: string
  title: string
  /** One sentence: which tool writes these files, and where. */
  explain: string
  /** A small, real input: the documentation, the CLI help and the fixture of the contract suite. */
  example: { fileName: string; content: string }
  /** Whether a file found in a directory is an input of this source. `name` is the base name. */
  claims(name: string): boolean
  /**
   * Reads one regular file, in batches of items in the order of its lines. Bad data is an item; only a file
   * that cannot be read at all throws (an `Error` of Node with its `code`, or a `Refusal`).
   */
  open(location: Location, options: ReadOptions): AsyncIterable<SourceItem[]>
}

/** A path that can be opened: bytes where the name is not UTF-8. */
export type Location = string | Uint8Array

export type ReadOptions = {
  /** Stops reading between two batches. */
  signal?: AbortSignal | undefined
  /**
   * Called as the file is read: how many of its bytes on the disk, how many it has, and the bytes that were read just now,
   * in memory of their own. Of a file that is not packed, they are what the next lines are views of.
   */
  onBytes?: ((read: number, size: number, chunk: Buffer) => void) | undefined
  /** Memory that was handed out before and that nobody needs any more: what is read next may stand in it. */
  spare?: ArrayBuffer[] | undefined
  /** Starts at this byte, which begins a line, with that many lines before it; both count uncompressed. */
  from?: { offset: number; line: number } | undefined
  /** The moment of the import in ISO 8601; without it nothing is said of times. */
  now?: string | undefined
  /** Called once, behind the last batch, when the file was read to its end. */
  onEnd?: ((end: FileEnd) => void) | undefined
}

/**
 * What the reader itself counted, for the law that nothing is lost: `from.offset` and the bytes of all items add
 * up to `bytes`, `from.line` and their number to `lines`.
 */
export type FileEnd = {
  /** Of the uncompressed file, from its beginning. */
  bytes: number
  lines: number
  /** What is odd about the file as a whole. */
  warnings: WarningCode[]
}

export function defineSource(source: Source): Source {
  return source
}

/** A file or directory that was not read, with the reason in words. */
export class Refusal extends Error {
  readonly code: FileCode
  constructor(code: FileCode, reason: string) {
    super(reason)
    this.name = 'Refusal'
    this.code = code
  }
}
