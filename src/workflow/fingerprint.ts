/** Owns the sha256 of a file that is read: of all its bytes up to where the import is, at any moment. */
import { createHash, type Hash } from 'node:crypto'
import { constants, readSync } from 'node:fs'
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
  const buffers: [Buffer, Buffer] = [allocate(size), allocate(size)]
  let sha256 = createHash('sha256')
  let position = 0
  return {
    size,
    async advance(to) {
      const read = await hashRange(file, buffers, sha256, position, to, signal)
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
  buffers: [Buffer, Buffer],
  sha256: Hash,
  from: number,
  to: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  let [mine, next] = buffers
  let position = from
  let reading = read(file, mine, position, to)
  while (position < to) {
    const bytes = await reading
    signal?.throwIfAborted()
    if (bytes === 0) break
    position += bytes
    reading = read(file, next, position, to)
    sha256.update(mine.subarray(0, bytes))
    ;[mine, next] = [next, mine]
  }
  await reading
  return position - from
}

async function read(file: FileHandle, buffer: Buffer, position: number, to: number): Promise<number> {
  const length = Math.min(buffer.length, to - position)
  if (length <= 0) return 0
  // A batch was read just now, and is in memory: asking the pool would mean waiting behind what it compresses.
  if (length < CHUNK_BYTES) return readSync(file.fd, buffer, 0, length, position)
  return (await file.read(buffer, 0, length, position)).bytesRead
}

/** Small for a small file: there may be a hundred thousand of them. */
function allocate(size: number): Buffer {
  return Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(size, 1)))
}
