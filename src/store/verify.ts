/** Owns the audit: recomputes every candidate and every counter from the log, and names what differs. */
import { createHash } from 'node:crypto'
import { UNDECIDED } from '../domain/candidate.ts'
import { foldDecisions } from '../domain/decision.ts'
import { readFacts } from './candidates.ts'
import { createTally, listCounters } from './counters.ts'
import type { CandidateRow, DecisionRow } from './decisions.ts'
import { type Reading, type Store, snapshot } from './open.ts'
import type { Tables } from './tables.ts'

export type Difference = { what: string; stored: string; recomputed: string }
export type Verification = { candidates: number; decisions: number; differences: Difference[] }

const PAGE = 500

/** Reads one moment of the store; writers go on meanwhile. */
export async function verifyStore(store: Store): Promise<Verification> {
  for await (const verification of snapshot(store, verifyMoment)) return verification
  throw new Error('The store gave no answer.')
}

async function* verifyMoment(db: Reading): AsyncGenerator<Verification> {
  const result: Verification = { candidates: 0, decisions: 0, differences: [] }
  const tally = createTally()
  for await (const { candidate, raw, record, log } of pageWithLogs(db)) {
    result.candidates += 1
    result.decisions += log.length
    const recomputed = recompute(record ?? raw, log)
    const sha256 = createHash('sha256').update(raw).digest()
    if (!sha256.equals(candidate.raw_sha256)) {
      result.differences.push(
        differ(`candidate ${candidate.id}: raw bytes`, hex(candidate.raw_sha256), hex(sha256)),
      )
    }
    tally.add({ ...candidate, ...recomputed }, 1)
    for (const [field, value] of Object.entries(recomputed)) {
      const stored = candidate[field as keyof typeof recomputed]
      if (stored !== value)
        result.differences.push(differ(`candidate ${candidate.id}: ${field}`, stored, value))
    }
  }
  result.differences.push(...compareCounters(await listCounters(db), tally.rows()))
  yield result
}

/** What the record and its log add up to, down to gaps in the numbering of versions. */
function recompute(record: Uint8Array, log: DecisionRow[]) {
  const facts = readFacts(record)
  const gap = log.findIndex((row, index) => row.version !== index + 1)
  return {
    ...foldDecisions(facts.decided ?? UNDECIDED, log),
    version: gap === -1 ? log.length : gap,
    decided_elsewhere: facts.decided ? 1 : 0,
    decided_at: standsHere(log.at(-1)),
  }
}

/** When the decision was made that stands; none does after an undo. */
function standsHere(last: DecisionRow | undefined): string | null {
  return last === undefined || last.action === 'undo' ? null : last.decided_at
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function differ(what: string, stored: unknown, recomputed: unknown): Difference {
  return { what, stored: JSON.stringify(stored ?? null), recomputed: JSON.stringify(recomputed ?? null) }
}

function compareCounters(stored: Tables['counters'][], recomputed: Tables['counters'][]): Difference[] {
  const differences: Difference[] = []
  const name = ({ n, ...key }: Tables['counters']) =>
    Object.entries(key)
      .map(([column, value]) => `${column}=${value || '-'}`)
      .sort()
      .join(' ')
  const open = new Map(recomputed.map((row) => [name(row), row.n]))
  for (const row of stored) {
    const wanted = open.get(name(row)) ?? 0
    open.delete(name(row))
    if (wanted !== row.n) differences.push(differ(`counter ${name(row)}`, row.n, wanted))
  }
  for (const [key, n] of open) if (n !== 0) differences.push(differ(`counter ${key}`, 0, n))
  return differences
}

async function* pageWithLogs(
  db: Reading,
): AsyncGenerator<
  Pick<Tables['candidate_payloads'], 'raw' | 'record'> & { candidate: CandidateRow; log: DecisionRow[] }
> {
  let after = 0
  while (true) {
    const rows = await db
      .selectFrom('candidates')
      .innerJoin('candidate_payloads', 'candidate_payloads.seq', 'candidates.seq')
      .selectAll('candidates')
      .select(['candidate_payloads.raw', 'candidate_payloads.record'])
      .where('candidates.seq', '>', after)
      .orderBy('candidates.seq')
      .limit(PAGE)
      .execute()
    const last = rows.at(-1)
    if (!last) return
    const logs = await logsOf(
      db,
      rows.map(({ seq }) => seq),
    )
    for (const { raw, record, ...candidate } of rows) {
      yield { candidate, raw, record, log: logs.get(candidate.seq) ?? [] }
    }
    after = last.seq
  }
}

async function logsOf(db: Reading, seqs: number[]): Promise<Map<number, DecisionRow[]>> {
  const rows = await db
    .selectFrom('decisions')
    .selectAll()
    .where('candidate_seq', 'in', seqs)
    .orderBy('version')
    .execute()
  const logs = new Map<number, DecisionRow[]>()
  for (const row of rows) logs.set(row.candidate_seq, [...(logs.get(row.candidate_seq) ?? []), row])
  return logs
}
