/** Owns the sha256 of a file that is read: of all its bytes up to where the import is, at any moment. */
import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Location } from '../sources/source.ts'

export type Fingerprint = {
  /** Of the file when it was opened. */
  size: number
  /** Hashes up to this byte. False when the file ended before. */
  advance(to: number): Promise<boolean>
  /** Back to the first byte. */
  restart(): void
  digest(): Uint8Array
  close(): Promise<void>
}

const CHUNK_BYTES = 1024 * 1024

/** An abort stops `advance`. */
export async function openFingerprint(
  location: Location,
  signal?: AbortSignal | undefined,
): Promise<Fingerprint> {
  const name = typeof location === 'string' ? location : Buffer.from(location)
  // A FIFO that took the file's place must not be waited for.
  const file = await open(name, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  const { size } = await file.stat()
  let sha256 = createHash('sha256')
  let position = 0
  return {
    size,
    async advance(to) {
      const read = await hashRange(file, sha256, position, to, signal)
      position += read
      return position === to
    },
    restart() {
      sha256 = createHash('sha256')
      position = 0
    },
    digest: () => sha256.copy().digest(),
    close: () => file.close(),
  }
}

/** The next chunk is read while this one is hashed. Returns how many bytes there were. */
async function hashRange(
  file: FileHandle,
  sha256: Hash,
  from: number,
  to: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  let position = from
  let next = read(file, position, to)
  while (position < to) {
    const chunk = await next
    signal?.throwIfAborted()
    if (chunk.length === 0) break
    position += chunk.length
    next = read(file, position, to)
    sha256.update(chunk)
  }
  await next
  return position - from
}

async function read(file: FileHandle, position: number, to: number): Promise<Buffer> {
  const length = Math.min(CHUNK_BYTES, to - position)
  if (length <= 0) return Buffer.alloc(0)
  const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}
