/** Owns the bytes: from a regular file to its physical lines, split at 0x0A and nowhere else. */
import { constants, type PathLike, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { type Location, type ReadOptions, Refusal } from './source.ts'

/** A line without its 0x0A. `bytes` is null when the line is longer than the limit; it was skipped, not kept. */
export type Line = { number: number; bytes: Buffer | null; length: number; terminated: boolean }

const CHUNK_BYTES = 1024 * 1024
export const MAX_LINE_BYTES = 8 * 1024 * 1024

/**
 * Yields the lines of each chunk together, because one await per line would cost more than the line.
 * Reads up to the size the file has when it is opened: a harness may still be writing behind that.
 */
export async function* readLines(location: Location, options: ReadOptions): AsyncGenerator<Line[]> {
  const file = await openRegular(location)
  try {
    yield* splitLines(file, (await file.stat()).size, options)
  } finally {
    await file.close()
  }
}

/** O_NONBLOCK and the check before and after opening: a FIFO of this name must neither block nor be read. */
async function openRegular(location: Location): Promise<FileHandle> {
  const file = await open(toPathLike(location), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    refuseIrregular(await file.stat())
  } catch (error) {
    await file.close()
    throw error
  }
  return file
}

function toPathLike(location: Location): PathLike {
  return typeof location === 'string' ? location : Buffer.from(location)
}

export function refuseIrregular(stats: Stats): void {
  if (stats.isFile()) return
  const kind = stats.isDirectory()
    ? 'a directory'
    : stats.isFIFO()
      ? 'a FIFO'
      : stats.isSocket()
        ? 'a socket'
        : stats.isSymbolicLink()
          ? 'a symbolic link'
          : 'a device'
  throw new Refusal('NOT_REGULAR', `it is ${kind}, not a regular file`)
}

async function* splitLines(file: FileHandle, size: number, options: ReadOptions): AsyncGenerator<Line[]> {
  const { offset, line } = options.from ?? { offset: 0, line: 0 }
  if (offset > size) throw new Refusal('CHANGED_DURING_IMPORT', 'it is shorter than it was')
  const splitter = createSplitter(line)
  for (let position = offset; position < size; ) {
    options.signal?.throwIfAborted()
    // A fresh buffer for each chunk: lines are views of it and live on in the caller's hands.
    const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, size - position))
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position)
    if (bytesRead === 0) throw new Refusal('CHANGED_DURING_IMPORT', 'it became shorter while it was read')
    position += bytesRead
    options.onBytes?.(position, size)
    const lines = splitter.feed(chunk.subarray(0, bytesRead))
    if (lines.length > 0) yield lines
  }
  const rest = splitter.end()
  if (rest) yield [rest]
  options.onEnd?.({ bytes: size, lines: splitter.count(), warnings: [] })
}

/** `number`: how many lines stand before the first. */
function createSplitter(number: number) {
  let pending: Buffer[] = []
  let pendingBytes = 0

  function hold(part: Buffer): void {
    pendingBytes += part.length
    // Past the limit only the length is counted, so that a 200 MB line costs no memory.
    if (pendingBytes > MAX_LINE_BYTES) pending = []
    else if (part.length > 0) pending.push(part)
  }

  function take(terminated: boolean): Line {
    const isTooLong = pendingBytes > MAX_LINE_BYTES
    const whole = pending.length === 1 ? (pending[0] as Buffer) : Buffer.concat(pending)
    number += 1
    const line = { number, bytes: isTooLong ? null : whole, length: pendingBytes, terminated }
    pending = []
    pendingBytes = 0
    return line
  }

  return {
    feed(chunk: Buffer): Line[] {
      const lines: Line[] = []
      let start = 0
      for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
        hold(chunk.subarray(start, end))
        lines.push(take(true))
        start = end + 1
      }
      hold(chunk.subarray(start))
      return lines
    },
    end: (): Line | null => (pendingBytes > 0 ? take(false) : null),
    count: () => number,
  }
}
