/** Owns the lines: from a file, packed or plain, to its physical lines, split at 0x0A and nowhere else. */
import type { WarningCode } from '../domain/import-problems.ts'
import { packingOf, refuseOtherKinds } from './first-bytes.ts'
import { findChanges, openRegular, type RegularFile, readChunks } from './open-regular.ts'
import { type Location, type ReadOptions, Refusal } from './source.ts'
import { unpack } from './unpack.ts'

/** A line without its 0x0A. `bytes` is null when the line is longer than the limit; it was skipped, not kept. */
export type Line = { number: number; bytes: Buffer | null; length: number; terminated: boolean }

export const MAX_LINE_BYTES = 8 * 1024 * 1024
/** A sparse file is read at the speed of memory, and may pretend to any size. */
const MAX_NUL_BYTES = 512 * 1024 * 1024
const NOTHING = Buffer.alloc(1024 * 1024)

/**
 * Yields the lines of each chunk together, because one await per line would cost more than the line.
 * Throws a Refusal for a file that is none of ours, also behind its last whole line where it turns out late.
 */
export async function* readLines(location: Location, options: ReadOptions): AsyncGenerator<Line[]> {
  const file = await openRegular(location)
  try {
    yield* splitLines(file, contentOf(file, options), options)
  } finally {
    await file.handle.close()
  }
}

/** The chunks of the uncompressed file from where the caller wants it. */
function contentOf(file: RegularFile, options: ReadOptions): AsyncGenerator<Buffer> {
  const { size } = file.stats
  const offset = options.from?.offset ?? 0
  const packing = packingOf(file.head, Buffer.from(file.location).toString('latin1'))
  if (packing)
    return checked(
      unpack(() => readChunks(file, 0, options), size, packing),
      offset,
    )
  refuseOtherKinds(file.head)
  if (offset > size) throw new Refusal('CHANGED_DURING_IMPORT', 'it is shorter than it was')
  return readChunks(file, offset, options)
}

/** What comes out of a packed file is looked at like any file, and read from its beginning in any case. */
async function* checked(chunks: AsyncIterable<Buffer>, offset: number): AsyncGenerator<Buffer> {
  let passed = 0
  for await (const chunk of chunks) {
    if (passed === 0) refuseOtherKinds(chunk)
    const rest = chunk.subarray(Math.min(chunk.length, Math.max(0, offset - passed)))
    passed += chunk.length
    if (rest.length > 0) yield rest
  }
}

async function* splitLines(
  file: RegularFile,
  chunks: AsyncIterable<Buffer>,
  { signal, from, onEnd }: ReadOptions,
): AsyncGenerator<Line[]> {
  const splitter = createSplitter(from?.line ?? 0)
  let bytes = from?.offset ?? 0
  signal?.throwIfAborted()
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length
      const lines = splitter.feed(chunk)
      if (lines.length > 0) yield lines
      signal?.throwIfAborted()
    }
  } catch (error) {
    throw withPlace(error, splitter.count())
  }
  const rest = splitter.end()
  if (rest) yield [rest]
  const warnings: WarningCode[] = await findChanges(file)
  if (bytes === 0) warnings.push('EMPTY_FILE')
  else if (splitter.isBlank() && !from?.line) warnings.push('NO_RECORDS')
  onEnd?.({ bytes, lines: splitter.count(), warnings })
}

function withPlace(error: unknown, line: number): unknown {
  if (!(error instanceof Refusal) || error.code !== 'ARCHIVE_DAMAGED') return error
  return new Refusal(error.code, `${error.message}; the last good line is ${line}`)
}

/** `number`: how many lines stand before the first. */
function createSplitter(number: number) {
  const line = createPending()
  let isBlank = true

  function take(terminated: boolean): Line {
    number += 1
    const { bytes, length } = line.take()
    if (isBlank) isBlank = bytes !== null && /^\ufeff?[ \t\r]*$/.test(bytes.toString())
    return { number, bytes, length, terminated }
  }

  return {
    feed(chunk: Buffer): Line[] {
      const lines: Line[] = []
      let start = 0
      for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
        line.hold(chunk.subarray(start, end))
        lines.push(take(true))
        start = end + 1
      }
      // A copy: the reader of these lines may give the chunk away with them.
      line.hold(Buffer.from(chunk.subarray(start)))
      return lines
    },
    end: (): Line | null => (line.isEmpty() ? null : take(false)),
    count: () => number,
    isBlank: () => isBlank,
  }
}

/** The line that is being read. Past the limit only its length is counted, so that a 200 MB line costs no memory. */
function createPending() {
  let parts: Buffer[] = []
  let length = 0
  let nul = 0

  function hold(part: Buffer): void {
    length += part.length
    if (length <= MAX_LINE_BYTES) {
      if (part.length > 0) parts.push(part)
      return
    }
    parts = []
    nul = part.equals(NOTHING.subarray(0, part.length)) ? nul + part.length : 0
    if (nul > MAX_NUL_BYTES) throw new Refusal('NOT_TEXT', 'it holds more than 512 MiB of nothing but NUL')
  }

  function take(): { bytes: Buffer | null; length: number } {
    const whole = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
    const taken = { bytes: length > MAX_LINE_BYTES ? null : whole, length }
    parts = []
    length = 0
    nul = 0
    return taken
  }

  return { hold, take, isEmpty: () => length === 0 }
}
