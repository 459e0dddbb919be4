/** Owns what happens to a record that comes in: kept, known already, or in conflict with what is known. */
import { isDeepStrictEqual } from 'node:util'
import type { Books } from './books.ts'
import { idKey } from './id-key.ts'
import type { Records } from './incoming.ts'
import type { Store, Writing } from './open.ts'
import { eachPayload, type PayloadPlace } from './payloads.ts'
import { portionsOf } from './portions.ts'

export type Fate = 'imported' | 'duplicate' | 'conflict'

/**
 * One fate per record, in the order given. The same id with equal JSON is a duplicate, whatever the order of its
 * keys; with other JSON a conflict: the first one stands. The caller settles the books. `now`: ISO 8601.
 */
export async function insertCandidates(
  store: Store,
  trx: Writing,
  books: Books,
  records: Records,
  now: string,
): Promise<Fate[]> {
  if (records.ids.length === 0) return []
  await books.openRuns(trx, records.groups, now)
  const isNew = await store.insertUnlessKnown(trx, records)
  books.add(records.groups, countGroups(records, isNew))
  return fatesOf(trx, records, isNew)
}

function countGroups({ groups, groupOf }: Records, isNew: Uint8Array): number[] {
  const counts = groups.map(() => 0)
  for (let at = 0; at < groupOf.length; at++) {
    const group = groupOf[at] as number
    counts[group] = (counts[group] as number) + (isNew[at] as number)
  }
  return counts
}

async function fatesOf(trx: Writing, records: Records, isNew: Uint8Array): Promise<Fate[]> {
  const fates = records.ids.map<Fate>(() => 'imported')
  const others = [...records.ids.keys()].filter((at) => !isNew[at])
  if (others.length === 0) return fates
  const known = await findKnown(trx, [...new Set(others.map((at) => records.ids[at] as string))])
  const places = others.map((at) => known.get(records.ids[at] as string) as PayloadPlace)
  await eachPayload(trx, places, (other, earlier) => {
    const at = others[other] as number
    fates[at] = isSameRecord(earlier, rawOf(records, at)) ? 'duplicate' : 'conflict'
  })
  return fates
}

async function findKnown(trx: Writing, ids: string[]): Promise<Map<string, PayloadPlace>> {
  const known = new Map<string, PayloadPlace>()
  for (const some of portionsOf(ids)) {
    const rows = await trx
      .selectFrom('candidates')
      .select(['id', 'block_seq', 'block_start', 'block_length'])
      .where('id_key', 'in', some.map(idKey))
      .execute()
    for (const row of rows) known.set(row.id, row)
  }
  return known
}

/** The bytes of one of them. */
export function rawOf({ blocks, blockOf, starts, lengths }: Records, at: number): Uint8Array {
  const start = starts[at] ?? 0
  const block = blocks[blockOf[at] ?? 0] as Uint8Array
  return new Uint8Array(block.subarray(start, start + (lengths[at] ?? 0)))
}

/** The same bytes, or the same JSON in another order or with other spaces. */
function isSameRecord(earlier: Uint8Array, raw: Uint8Array): boolean {
  if (Buffer.compare(earlier, raw) === 0) return true
  try {
    return isDeepStrictEqual(parsed(earlier), parsed(raw))
  } catch {
    // Nested deeper than the stack: whether the two are equal cannot be told, so neither is dropped silently.
    return false
  }
}

function parsed(raw: Uint8Array): unknown {
  return JSON.parse(Buffer.from(raw).toString())
}
