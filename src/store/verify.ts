/** Owns the audit: recomputes every candidate and every counter from the log, and names what differs. */
import { crc32 } from 'node:zlib'
import { type Facts, UNDECIDED } from '../domain/candidate.ts'
import { foldDecisions } from '../domain/decision.ts'
import { pageRecords, type RecordBytes, readFacts } from './candidates.ts'
import { createTally, listCounters } from './counters.ts'
import type { CandidateRow, DecisionRow } from './decisions.ts'
import { idKey } from './id-key.ts'
import { columnsOf } from './incoming.ts'
import { type Reading, type Store, snapshot } from './open.ts'
import type { Tables } from './tables.ts'

export type Difference = { what: string; stored: string; recomputed: string }
export type Verification = { candidates: number; decisions: number; differences: Difference[] }

/** Reads one moment of the store; writers go on meanwhile. */
export async function verifyStore(store: Store): Promise<Verification> {
  for await (const verification of snapshot(store, verifyMoment)) return verification
  throw new Error('The store gave no answer.')
}

async function* verifyMoment(db: Reading): AsyncGenerator<Verification> {
  const result: Verification = { candidates: 0, decisions: 0, differences: [] }
  const tally = createTally()
  for await (const records of pageRecords(db)) {
    for (const { candidate, raw, log } of await withLogs(db, records)) {
      result.candidates += 1
      result.decisions += log.length
      const recomputed = recompute(raw, log)
      result.differences.push(...compareCandidate(candidate, recomputed), ...compareKey(candidate))
      tally.add({ ...candidate, ...recomputed }, 1)
    }
  }
  result.differences.push(...(await compareBlocks(db)))
  result.differences.push(...compareCounters(await listCounters(db), tally.rows()))
  yield result
}

/** What the record and its log add up to, down to gaps in the numbering of versions; null when the record is unreadable. */
function recompute(record: Uint8Array, log: DecisionRow[]) {
  const facts = readOrNull(record)
  if (!facts) return null
  const gap = log.findIndex((row, index) => row.version !== index + 1)
  return {
    ...foldDecisions(facts.decided ?? UNDECIDED, log),
    ...columnsOf(facts),
    version: gap === -1 ? log.length : gap,
    decided_at: standsHere(log.at(-1)),
  }
}

function readOrNull(record: Uint8Array): Facts | null {
  try {
    return readFacts(record)
  } catch {
    return null
  }
}

/** Blocks whose bytes are not what was written: the disk, or somebody, changed them. */
async function compareBlocks(db: Reading): Promise<Difference[]> {
  const differences: Difference[] = []
  const rows = await db.selectFrom('payload_blocks').select(['seq', 'crc32']).orderBy('seq').execute()
  for (const { seq, crc32: stored } of rows) {
    if (stored === null) continue
    const { bytes } = await db
      .selectFrom('payload_blocks')
      .select('bytes')
      .where('seq', '=', seq)
      .executeTakeFirstOrThrow()
    const found = crc32(bytes)
    if (found !== stored) differences.push(differ(`block ${seq}: raw bytes`, stored, found))
  }
  return differences
}

function compareCandidate(candidate: CandidateRow, recomputed: ReturnType<typeof recompute>): Difference[] {
  if (!recomputed) return [differ(`candidate ${candidate.id}: record`, 'a record', 'unreadable')]
  return Object.entries(recomputed)
    .map(([field, value]) => ({ field, value, stored: candidate[field as keyof typeof recomputed] }))
    .filter(({ value, stored }) => stored !== value)
    .map(({ field, value, stored }) => differ(`candidate ${candidate.id}: ${field}`, stored, value))
}

function compareKey({ id, id_key }: CandidateRow): Difference[] {
  const [stored, key] = [id_key, idKey(id)].map((bytes) => Buffer.from(bytes).toString('hex'))
  return stored === key ? [] : [differ(`candidate ${id}: id_key`, stored, key)]
}

/** When the decision was made that stands; none does after an undo. */
function standsHere(last: DecisionRow | undefined): string | null {
  return last === undefined || last.action === 'undo' ? null : last.decided_at
}

function differ(what: string, stored: unknown, recomputed: unknown): Difference {
  return { what, stored: JSON.stringify(stored ?? null), recomputed: JSON.stringify(recomputed ?? null) }
}

function compareCounters(stored: Tables['counters'][], recomputed: Tables['counters'][]): Difference[] {
  const differences: Difference[] = []
  const open = new Map(recomputed.map((row) => [nameOf(row), row.n]))
  for (const row of stored) {
    const wanted = open.get(nameOf(row)) ?? 0
    open.delete(nameOf(row))
    if (wanted !== row.n) differences.push(differ(`counter ${nameOf(row)}`, row.n, wanted))
  }
  for (const [name, n] of open) if (n !== 0) differences.push(differ(`counter ${name}`, 0, n))
  return differences
}

/** JSON, because a model may be called anything. */
function nameOf({
  run_id,
  model_name,
  task_type,
  failure_category,
  status,
  export_ready,
}: Tables['counters']): string {
  return JSON.stringify({ run_id, model_name, task_type, failure_category, status, export_ready })
}

type Stored = {
  raw: Uint8Array
  candidate: CandidateRow
  log: DecisionRow[]
}

async function withLogs(db: Reading, records: RecordBytes[]): Promise<Stored[]> {
  const seqs = records.map(({ seq }) => seq)
  const candidates = await db
    .selectFrom('candidates')
    .selectAll()
    .where('seq', 'in', seqs)
    .orderBy('seq')
    .execute()
  const log = db.selectFrom('decisions').selectAll().where('candidate_seq', 'in', seqs).orderBy('version')
  const logs = Map.groupBy(await log.execute(), (row) => row.candidate_seq)
  const bytes = new Map(records.map(({ seq, raw }) => [seq, raw]))
  return candidates.flatMap((candidate) => {
    const raw = bytes.get(candidate.seq)
    return raw ? [{ raw, candidate, log: logs.get(candidate.seq) ?? [] }] : []
  })
}
