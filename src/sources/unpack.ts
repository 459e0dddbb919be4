/** Owns unpacking: from the bytes of a .gz or .zst to those of the file in it, as many at a time as are wanted. */
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib'
import type { Packing } from './first-bytes.ts'
import { Refusal } from './source.ts'

const MIB = 1024 * 1024
/** A file may always grow to this, beyond it a hundredfold, and never to more than the last. */
const FREE_BYTES = 10 * MIB
const MAX_RATIO = 100
const MAX_BYTES = 4096 * MIB

/** Small, because what a piece gave is lost when the same piece turns out to be damaged, and must be had again. */
const PIECE_BYTES = 16 * 1024

type Decoder = Gunzip | ZstdDecompress
type Chunks = AsyncIterable<Buffer>

/**
 * `open` begins to read the packed file, of `size` bytes. Throws a Refusal for a bomb, and for damage once all that
 * stands before it was yielded.
 */
export async function* unpack(open: () => Chunks, size: number, packing: Packing): AsyncGenerator<Buffer> {
  const limit = Math.min(MAX_BYTES, Math.max(FREE_BYTES, size * MAX_RATIO))
  const progress = { fed: 0, got: 0 }
  try {
    for await (const chunk of decode(pieces(open(), progress, Number.POSITIVE_INFINITY), packing)) {
      progress.got += chunk.length
      if (progress.got > limit) throw tooLarge(limit)
      yield chunk
    }
  } catch (error) {
    if (!isDamage(error)) throw error
    yield* unpackAgain(open, progress, packing)
  }
}

function tooLarge(limit: number): Refusal {
  if (limit === MAX_BYTES) return new Refusal('EXPANDED_SIZE', 'it unpacks to more than 4 GiB')
  return new Refusal('RATIO', `it unpacks to more than ${MAX_RATIO} times its size`)
}

/** The piece that failed is fed byte by byte this time, so that what comes before the damage comes out. */
async function* unpackAgain(
  open: () => Chunks,
  { fed, got }: { fed: number; got: number },
  packing: Packing,
): AsyncGenerator<Buffer> {
  let known = got
  try {
    for await (const chunk of decode(pieces(open(), { fed: 0 }, Math.max(0, fed - PIECE_BYTES)), packing)) {
      const fresh = chunk.subarray(Math.min(known, chunk.length))
      known -= chunk.length - fresh.length
      if (fresh.length > 0) yield fresh
    }
  } catch (error) {
    if (!isDamage(error)) throw error
  }
  throw new Refusal('ARCHIVE_DAMAGED', 'it is damaged or cut off')
}

async function* pieces(chunks: Chunks, progress: { fed: number }, fineFrom: number): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; ) {
      const piece = chunk.subarray(start, start + (progress.fed < fineFrom ? PIECE_BYTES : 1))
      start += piece.length
      progress.fed += piece.length
      yield piece
    }
  }
}

function createDecoder(packing: Packing): Decoder {
  const options = { chunkSize: MIB / 4 }
  if (packing === 'gzip') return createGunzip(options)
  // For gzip it would refuse a second member; for Zstandard nothing else tells garbage behind the last one.
  return createZstdDecompress({ ...options, rejectGarbageAfterEnd: true })
}

/** By hand, because a stream that fails throws away what it still holds. */
async function* decode(source: AsyncGenerator<Buffer>, packing: Packing): AsyncGenerator<Buffer> {
  const decoder = createDecoder(packing)
  const state = follow(decoder)
  try {
    for (;;) {
      const chunk = state.chunks.shift()
      if (chunk) yield chunk
      else if (state.failure) throw state.failure
      else if (state.isEnded) return
      else await advance(decoder, state, source)
    }
  } finally {
    decoder.destroy()
    await source.return(undefined)
  }
}

type State = { chunks: Buffer[]; failure: Error | null; isEnded: boolean; isFed: boolean; wake(): void }

function follow(decoder: Decoder): State {
  const state: State = { chunks: [], failure: null, isEnded: false, isFed: false, wake() {} }
  decoder.on('data', (chunk: Buffer) => {
    decoder.pause()
    state.chunks.push(chunk)
    state.wake()
  })
  decoder.on('end', () => {
    state.isEnded = true
    state.wake()
  })
  decoder.on('error', (error) => {
    state.failure ??= error
    state.wake()
  })
  return state
}

/** Feeds the next piece only when nothing is held back of the last. */
async function advance(decoder: Decoder, state: State, source: AsyncGenerator<Buffer>): Promise<void> {
  const awake = new Promise<void>((resolve) => {
    state.wake = resolve
  })
  if (!state.isFed && decoder.readableLength === 0) {
    const next = await source.next()
    state.isFed = true
    if (next.done) decoder.end()
    else decoder.write(next.value, (error) => digested(state, error))
  }
  decoder.resume()
  await awake
}

function digested(state: State, error: Error | null | undefined): void {
  state.isFed = false
  if (error) state.failure ??= error
  state.wake()
}

function isDamage(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException
  return syscall === undefined && /^(Z_|ZSTD_|ERR_TRAILING_JUNK)/.test(code ?? '')
}
