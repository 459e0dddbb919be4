/** Owns the CRC-32 of a file that is read: of all its bytes up to where the import is, at any moment. */
import { constants, readSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { Location } from '../sources/source.ts'
import { joined } from './crc32-joined.ts'

export type Fingerprint = {
  /** Of the file when it was opened. */
  size: number
  /** Hashes up to this byte. False when the file ended before. What is known of it needs no reading. */
  advance(to: number, known?: Known | null): Promise<boolean>
  /** Back to the first byte. */
  restart(): void
  /** Not against forgery; what changes is seen unless one time in four thousand million, and a change of one place always. */
  crc32(): number
  close(): Promise<void>
}

/** Bytes of the file, and where they stand in it. */
export type Known = { offset: number; bytes: Uint8Array; summed: Summed[] }
/** A part of them whose CRC-32 is known already; in order. */
export type Summed = { start: number; length: number; crc32: number }

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
  let sum = 0
  let position = 0

  function add(bytes: Uint8Array): void {
    signal?.throwIfAborted()
    sum = crc32(bytes, sum)
    position += bytes.length
  }

  function addKnown({ bytes, summed }: Known, length: number): void {
    let at = 0
    for (const part of summed) {
      add(bytes.subarray(at, part.start))
      sum = joined(sum, part.crc32, part.length)
      position += part.length
      at = part.start + part.length
    }
    add(bytes.subarray(at, length))
  }

  async function readUpTo(to: number): Promise<void> {
    for await (const bytes of chunksOf(file, buffers, position, to)) add(bytes)
  }

  return {
    size,
    async advance(to, known) {
      if (known && known.offset >= position && known.offset < to) {
        await readUpTo(known.offset)
        if (position === known.offset) addKnown(known, Math.min(known.bytes.length, to - position))
      }
      await readUpTo(to)
      return position === to
    },
    restart() {
      sum = 0
      position = 0
    },
    crc32: () => sum,
    close: () => file.close(),
  }
}

/** The next chunk is read while the caller works on one. Ends early where the file does. */
async function* chunksOf(
  file: FileHandle,
  buffers: [Buffer, Buffer],
  from: number,
  to: number,
): AsyncGenerator<Buffer> {
  let [mine, next] = buffers
  let position = from
  let reading = read(file, mine, position, to)
  try {
    while (position < to) {
      const bytes = await reading
      if (bytes === 0) return
      position += bytes
      reading = read(file, next, position, to)
      yield mine.subarray(0, bytes)
      ;[mine, next] = [next, mine]
    }
  } finally {
    // The file must not be closed under it.
    await reading.catch(() => {})
  }
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
