/** Owns what happens to a record that comes in: kept, known already, or in conflict with what is known. */
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type Facts, UNDECIDED } from '../domain/candidate.ts'
import { promptFault } from '../domain/example.ts'
import { cleanText } from '../domain/record.ts'
import { addToCounters, createTally } from './counters.ts'
import type { Writing } from './open.ts'

export type Incoming = { facts: Facts; raw: Uint8Array; run_id: string; directory: string }
export type Fate = 'imported' | 'duplicate' | 'conflict'

type Known = { raw: Uint8Array } | { sha256: Uint8Array; seq: number }
type Fresh = { position: number; incoming: Incoming; sha256: Buffer }

/**
 * One fate per record, in the order given. The same id with equal JSON is a duplicate, whatever the order
 * of its keys; with other JSON a conflict: the first one stands. `now`: ISO 8601.
 */
export async function insertCandidates(trx: Writing, batch: Incoming[], now: string): Promise<Fate[]> {
  if (batch.length === 0) return []
  const known = await findKnown(trx, [...new Set(batch.map(({ facts }) => facts.id))])
  const fates: Fate[] = []
  const fresh: Fresh[] = []
  for (const [position, incoming] of batch.entries()) {
    const sha256 = createHash('sha256').update(incoming.raw).digest()
    const earlier = known.get(incoming.facts.id)
    if (earlier) {
      fates[position] = await compare(trx, earlier, incoming.raw, sha256)
      continue
    }
    known.set(incoming.facts.id, { raw: incoming.raw })
    fates[position] = 'imported'
    fresh.push({ position, incoming, sha256 })
  }
  const beaten = await insertFresh(trx, fresh, now)
  // Another process imported the same ids meanwhile: now they are known.
  if (beaten.length > 0) {
    const again = await insertCandidates(
      trx,
      beaten.map(({ incoming }) => incoming),
      now,
    )
    for (const [index, { position }] of beaten.entries()) fates[position] = again[index] as Fate
  }
  return fates
}

async function findKnown(trx: Writing, ids: string[]): Promise<Map<string, Known>> {
  const rows = await trx
    .selectFrom('candidates')
    .select(['id', 'seq', 'raw_sha256'])
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, { sha256: row.raw_sha256, seq: row.seq }]))
}

async function compare(trx: Writing, known: Known, raw: Uint8Array, sha256: Buffer): Promise<Fate> {
  if ('sha256' in known && sha256.equals(known.sha256)) return 'duplicate'
  const earlier = 'raw' in known ? known.raw : await rawOf(trx, known.seq)
  return sameJson(earlier, raw) ? 'duplicate' : 'conflict'
}

async function rawOf(trx: Writing, seq: number): Promise<Uint8Array> {
  const row = await trx
    .selectFrom('candidate_payloads')
    .select('raw')
    .where('seq', '=', seq)
    .executeTakeFirstOrThrow()
  return row.raw
}

function sameJson(a: Uint8Array, b: Uint8Array): boolean {
  if (Buffer.from(a.buffer, a.byteOffset, a.length).equals(b)) return true
  try {
    return isDeepStrictEqual(JSON.parse(Buffer.from(a).toString()), JSON.parse(Buffer.from(b).toString()))
  } catch {
    // Nested deeper than the stack: whether the two are equal cannot be told, so neither is dropped silently.
    return false
  }
}

/** Returns those that another writer inserted first. */
async function insertFresh(trx: Writing, fresh: Fresh[], now: string): Promise<Fresh[]> {
  if (fresh.length === 0) return []
  await insertRuns(trx, fresh, now)
  const inserted = await trx
    .insertInto('candidates')
    .values(fresh.map(toRow))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning(['seq', 'id'])
    .execute()
  const seqs = new Map(inserted.map(({ id, seq }) => [id, seq]))
  const payloads: { seq: number; raw: Uint8Array; record: null }[] = []
  const tally = createTally()
  for (const row of fresh) {
    const seq = seqs.get(row.incoming.facts.id)
    if (seq === undefined) continue
    payloads.push({ seq, raw: row.incoming.raw, record: null })
    tally.add(toRow(row), 1)
  }
  if (payloads.length > 0) await trx.insertInto('candidate_payloads').values(payloads).execute()
  await addToCounters(trx, tally.rows())
  return fresh.filter(({ incoming }) => !seqs.has(incoming.facts.id))
}

async function insertRuns(trx: Writing, fresh: Fresh[], now: string): Promise<void> {
  const runs = new Map(fresh.map(({ incoming }) => [incoming.run_id, incoming.directory]))
  const sorted = [...runs].sort()
  await trx
    .insertInto('runs')
    .values(sorted.map(([run_id, directory]) => ({ run_id, directory, imported_at: now })))
    .onConflict((conflict) => conflict.column('run_id').doNothing())
    .execute()
  await trx
    .insertInto('run_directories')
    .values(sorted.map(([run_id, directory]) => ({ run_id, directory })))
    .onConflict((conflict) => conflict.columns(['run_id', 'directory']).doNothing())
    .execute()
}

function toRow({ incoming: { facts, run_id }, sha256 }: Fresh) {
  return {
    ...(facts.decided ?? UNDECIDED),
    ...columnsOf(facts),
    id: facts.id,
    run_id,
    version: 0,
    raw_sha256: sha256,
    decided_at: null,
  }
}

/** What of the facts is kept in columns, for lists, filters and rules. */
export function columnsOf(facts: Facts) {
  return {
    decided_elsewhere: facts.decided ? 1 : 0,
    teachable: promptFault(facts) ? 0 : 1,
    model_name: shown(facts.model_name),
    task_type: shown(facts.task_type),
    task_name: shown(facts.task_name),
    quality_score: facts.quality_score,
  }
}

function shown(text: string | null): string | null {
  return text === null ? null : cleanText(text)
}
