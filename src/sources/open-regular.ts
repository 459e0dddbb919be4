/** Owns the file itself: opened safely, read ahead, and looked at again in the end for what happened to it meanwhile. */
import { constants, type PathLike, type Stats } from 'node:fs'
import { type FileHandle, lstat, open } from 'node:fs/promises'
import type { WarningCode } from '../domain/import-problems.ts'
import { HEAD_BYTES } from './first-bytes.ts'
import { type Location, type ReadOptions, Refusal } from './source.ts'

export type RegularFile = {
  handle: FileHandle
  location: Location
  /** As it was when it was opened: a harness may still be writing behind that. */
  stats: Stats
  /** Its first bytes. */
  head: Buffer
}

/** An import writes one in a short transaction. */
const CHUNK_BYTES = 1024 * 1024

/** No link is followed, and nothing waits for the other end of a FIFO. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0)

/** The caller closes the handle. */
export async function openRegular(location: Location): Promise<RegularFile> {
  const handle = await open(toPath(location), FLAGS).catch((error) => explainLink(error, location))
  try {
    const stats = await handle.stat()
    refuseIrregular(stats)
    if (stats.size === 0) await refuseEndless(handle)
    const head = Buffer.alloc(Math.min(HEAD_BYTES, stats.size))
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    return { handle, location, stats, head: head.subarray(0, bytesRead) }
  } catch (error) {
    await handle.close()
    throw error
  }
}

export function toPath(location: Location): PathLike {
  return typeof location === 'string' ? location : Buffer.from(location)
}

/** What the system calls too many links is here the one link that is not followed. */
async function explainLink(error: NodeJS.ErrnoException, location: Location): Promise<never> {
  if (error.code === 'ELOOP') refuseIrregular(await lstat(toPath(location)))
  throw error
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

/** What the kernel makes up, in /proc, has no size and content all the same. */
async function refuseEndless(handle: FileHandle): Promise<void> {
  const { bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, 0).catch(() => ({ bytesRead: 1 }))
  // A file that grew in this moment has a size by now.
  if (bytesRead > 0 && (await handle.stat()).size === 0) {
    throw new Refusal('NOT_REGULAR', 'it is made up by the system, not a regular file')
  }
}

/** From `offset` to the end it had when it was opened. The next chunk is read while the caller works on one. */
export async function* readChunks(
  { handle, stats: { size } }: RegularFile,
  offset: number,
  { onBytes, spare = [] }: ReadOptions,
): AsyncGenerator<Buffer> {
  let position = offset
  let next = readChunk(handle, position, size, spare)
  try {
    while (position < size) {
      const chunk = await next
      position += chunk.length
      next = readChunk(handle, position, size, spare)
      onBytes?.(position, size, chunk)
      yield chunk
    }
  } finally {
    // The handle must not be closed under it.
    await next.catch(() => {})
  }
}

async function readChunk(
  handle: FileHandle,
  position: number,
  size: number,
  spare: ArrayBuffer[],
): Promise<Buffer> {
  if (position >= size) return Buffer.alloc(0)
  const chunk = memoryFor(Math.min(CHUNK_BYTES, size - position), spare)
  const { bytesRead } = await handle.read(chunk, 0, chunk.length, position)
  if (bytesRead === 0) throw new Refusal('CHANGED_DURING_IMPORT', 'it became shorter while it was read')
  return chunk.subarray(0, bytesRead)
}

/** One of its own for each chunk: lines are views of it and live on in the caller's hands, until he gives it back. */
function memoryFor(bytes: number, spare: ArrayBuffer[]): Buffer {
  const used = spare.pop()
  return used && used.byteLength >= bytes ? Buffer.from(used, 0, bytes) : Buffer.allocUnsafeSlow(bytes)
}

/** What happened to it while it was read: warnings, or a Refusal where what was read may be a mixture. */
export async function findChanges({ handle, location, stats, head }: RegularFile): Promise<WarningCode[]> {
  const now = await handle.stat()
  if (now.size < stats.size) throw changed('it became shorter while it was read')
  const atPath = await lstat(toPath(location)).catch(() => null)
  if (atPath === null) return ['DELETED_DURING_IMPORT']
  if (atPath.ino !== stats.ino || atPath.dev !== stats.dev) throw changed('another file took its place')
  if (now.mtimeMs === stats.mtimeMs) return []
  const again = Buffer.alloc(head.length)
  await handle.read(again, 0, again.length, 0)
  if (now.size === stats.size || !again.equals(head)) throw changed('it was written over while it was read')
  return ['GREW']
}

function changed(reason: string): Refusal {
  return new Refusal('CHANGED_DURING_IMPORT', reason)
}
