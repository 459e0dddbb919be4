/** Owns the bytes of the records: kept in blocks of many, because a row for each would cost several times as much. */
import { zstdDecompressSync } from 'node:zlib'
import type { Reading } from './open.ts'

/** 0: as they are, 1: zstd, which was written once. */
export type Packing = 0 | 1

/** Where the bytes of a record lie. */
export type PayloadPlace = { block_seq: number; block_start: number; block_length: number }

/** Larger ones gain little, and a card must read its whole block. */
export const BLOCK_BYTES = 128 * 1024

/** The bytes of each, in the order given. */
export async function readPayloads(db: Reading, places: PayloadPlace[]): Promise<Uint8Array[]> {
  const found: Uint8Array[] = []
  await eachPayload(db, places, (at, bytes) => {
    // A copy, so that the block can go.
    found[at] = new Uint8Array(bytes)
  })
  return found
}

/**
 * Shows the bytes of each, with its place in the list; they are valid until `take` returns. One block is in memory at a
 * time: scattered records would need a lot of memory.
 */
export async function eachPayload(
  db: Reading,
  places: PayloadPlace[],
  take: (at: number, bytes: Uint8Array) => void,
): Promise<void> {
  const byBlock = Map.groupBy(places.keys(), (at) => places[at]?.block_seq ?? 0)
  for (const [seq, positions] of byBlock) {
    const block = await readBlock(db, seq)
    for (const at of positions) {
      const { block_start: start, block_length: length } = places[at] as PayloadPlace
      take(at, block.subarray(start, start + length))
    }
  }
}

async function readBlock(db: Reading, seq: number): Promise<Uint8Array> {
  const query = db.selectFrom('payload_blocks').select(['packing', 'bytes']).where('seq', '=', seq)
  const { packing, bytes } = await query.executeTakeFirstOrThrow()
  return packing === 1 ? zstdDecompressSync(bytes) : bytes
}
