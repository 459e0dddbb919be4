/** Owns the bytes of the records: kept in blocks of many, compressed, because the disk is what an import waits for. */
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib'
import type { Reading } from './open.ts'

/** 0: as they are, 1: zstd. */
export type Packing = 0 | 1
export type Block = { packing: Packing; bytes: Uint8Array }

/** Where the bytes of a record lie. */
export type PayloadPlace = { block_seq: number; block_start: number; block_length: number }

/** Larger ones gain little, and a card must unpack its whole block. */
export const BLOCK_BYTES = 128 * 1024

/** `chunkSize`: a block comes back in one piece instead of many small ones, each of which would be a task of its own. */
const FASTEST = { chunkSize: BLOCK_BYTES, params: { [constants.ZSTD_c_compressionLevel]: 1 } }
/** What is smaller is mostly the frame of zstd. */
const TOO_SMALL = 512

const compress = promisify(zstdCompress)

/** In a thread of the system's pool: whoever reads can go on reading. */
export async function packBlock(bytes: Uint8Array): Promise<Block> {
  if (bytes.length < TOO_SMALL) return { packing: 0, bytes: new Uint8Array(bytes) }
  const packed = await compress(bytes, { ...FASTEST, pledgedSrcSize: bytes.length })
  const isSmaller = packed.length < bytes.length
  // Memory of its own, which another thread can take over.
  return { packing: isSmaller ? 1 : 0, bytes: new Uint8Array(isSmaller ? packed : bytes) }
}

export function unpackBlock({ packing, bytes }: Block): Uint8Array {
  return packing === 1 ? zstdDecompressSync(bytes) : bytes
}

/** The bytes of each, in the order given. One block is unpacked at a time: scattered records would need a lot of memory. */
export async function readPayloads(db: Reading, places: PayloadPlace[]): Promise<Uint8Array[]> {
  const found: Uint8Array[] = []
  const byBlock = Map.groupBy(places.keys(), (at) => places[at]?.block_seq ?? 0)
  for (const [seq, positions] of byBlock) {
    const block = unpackBlock(await readBlock(db, seq))
    for (const at of positions) {
      const { block_start: start, block_length: length } = places[at] as PayloadPlace
      // A copy, so that the block can go.
      found[at] = new Uint8Array(block.subarray(start, start + length))
    }
  }
  return found
}

async function readBlock(db: Reading, seq: number): Promise<Block> {
  const query = db.selectFrom('payload_blocks').select(['packing', 'bytes']).where('seq', '=', seq)
  return query.executeTakeFirstOrThrow()
}
