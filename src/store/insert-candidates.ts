/** Owns what happens to a record that comes in: kept, known already, or in conflict with what is known. */
import { isDeepStrictEqual } from 'node:util'
import { addToCounters, createTally } from './counters.ts'
import type { Group, Records } from './incoming.ts'
import type { Store, Writing } from './open.ts'
import { eachPayload, type PayloadPlace } from './payloads.ts'

export type Fate = 'imported' | 'duplicate' | 'conflict'

/**
 * One fate per record, in the order given. The same id with equal JSON is a duplicate, whatever the order
 * of its keys; with other JSON a conflict: the first one stands. `now`: ISO 8601.
 */
export async function insertCandidates(
  store: Store,
  trx: Writing,
  records: Records,
  now: string,
): Promise<Fate[]> {
  if (records.ids.length === 0) return []
  const newRuns = await insertRuns(trx, records.groups, now)
  const blockSeqs = await store.blockNumbers(trx, records.blocks.length)
  const isNew = await store.insertUnlessKnown(trx, records, blockSeqs)
  const counts = countGroups(records, isNew)
  await addToCounters(trx, tallied(records.groups, counts))
  await nameRuns(trx, records.groups, counts, newRuns)
  return fatesOf(trx, records, isNew)
}

/** Ahead of the candidates that refer to them. Returns those that were not there. */
async function insertRuns(trx: Writing, groups: Group[], now: string): Promise<string[]> {
  const runs = new Map(groups.map(({ run_id, directory }) => [run_id, directory]))
  const rows = await trx
    .insertInto('runs')
    .values([...runs].sort().map(([run_id, directory]) => ({ run_id, directory, imported_at: now })))
    .onConflict((conflict) => conflict.column('run_id').doNothing())
    .returning('run_id')
    .execute()
  return rows.map(({ run_id }) => run_id)
}

/** A run is one of which something was kept: the others leave no name behind. */
async function nameRuns(trx: Writing, groups: Group[], counts: number[], newRuns: string[]): Promise<void> {
  const kept = groups.filter((_, at) => (counts[at] ?? 0) > 0)
  const ids = new Set(kept.map(({ run_id }) => run_id))
  const empty = newRuns.filter((run_id) => !ids.has(run_id))
  if (empty.length > 0) await trx.deleteFrom('runs').where('run_id', 'in', empty).execute()
  const pairs = new Map(
    kept.map(({ run_id, directory }) => [JSON.stringify([run_id, directory]), { run_id, directory }]),
  )
  if (pairs.size === 0) return
  await trx
    .insertInto('run_directories')
    .values([...pairs].sort().map(([, pair]) => pair))
    .onConflict((conflict) => conflict.columns(['run_id', 'directory']).doNothing())
    .execute()
}

function countGroups({ groups, groupOf }: Records, isNew: Uint8Array): number[] {
  const counts = groups.map(() => 0)
  for (const [at, group] of groupOf.entries()) counts[group] = (counts[group] ?? 0) + (isNew[at] ?? 0)
  return counts
}

function tallied(groups: Group[], counts: number[]) {
  const tally = createTally()
  for (const [at, group] of groups.entries()) tally.add(group, counts[at] ?? 0)
  return tally.rows()
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

const KNOWN_AT_ONCE = 500

async function findKnown(trx: Writing, ids: string[]): Promise<Map<string, PayloadPlace>> {
  const known = new Map<string, PayloadPlace>()
  for (let start = 0; start < ids.length; start += KNOWN_AT_ONCE) {
    const rows = await trx
      .selectFrom('candidates')
      .select(['id', 'block_seq', 'block_start', 'block_length'])
      .where('id', 'in', ids.slice(start, start + KNOWN_AT_ONCE))
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
