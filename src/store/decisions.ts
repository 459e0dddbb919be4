/** Owns the log of decisions and the candidate's standing, which are written together or not at all. */
import type { Selectable } from 'kysely'
import type { Standing } from '../domain/candidate.ts'
import type { Decision } from '../domain/decision.ts'
import { AvocetError } from '../domain/error.ts'
import { addToCounters, createTally } from './counters.ts'
import { forgetExample } from './example-index.ts'
import { idKey } from './id-key.ts'
import type { Reading, Writing } from './open.ts'
import type { Tables } from './tables.ts'

export type CandidateRow = Selectable<Tables['candidates']>
export type DecisionRow = Selectable<Tables['decisions']>

/** The candidate's row, which nobody else changes until this transaction ends. */
export async function lockCandidate(
  trx: Writing,
  locksRows: boolean,
  id: string,
): Promise<CandidateRow | undefined> {
  const query = trx.selectFrom('candidates').selectAll().where('id_key', '=', idKey(id))
  return (locksRows ? query.forUpdate() : query).executeTakeFirst()
}

export async function findDecision(db: Reading, decisionId: string): Promise<DecisionRow | undefined> {
  return db.selectFrom('decisions').selectAll().where('decision_id', '=', decisionId).executeTakeFirst()
}

/** Appends the row and moves the candidate and its counters to where the row leads. */
export async function appendDecision(
  trx: Writing,
  candidate: CandidateRow,
  standing: Standing,
  decision: Omit<
    DecisionRow,
    'seq' | 'candidate_seq' | 'version' | 'corrected_response' | 'failure_category'
  >,
): Promise<DecisionRow> {
  const version = candidate.version + 1
  const row = await trx
    .insertInto('decisions')
    .values({
      ...decision,
      candidate_seq: candidate.seq,
      version,
      corrected_response: standing.corrected_response,
      failure_category: standing.failure_category,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  const { numUpdatedRows } = await trx
    .updateTable('candidates')
    .set({ ...standing, version, decided_at: decision.action === 'undo' ? null : decision.decided_at })
    .where('seq', '=', candidate.seq)
    .where('version', '=', candidate.version)
    .executeTakeFirst()
  // The lock makes this impossible; correctness does not rest on the lock.
  if (numUpdatedRows !== 1n)
    throw new AvocetError('stale_version', 'Somebody changed this card at the same moment.')
  await forgetExample(trx, candidate.seq)
  const tally = createTally()
  tally.add(candidate, -1)
  tally.add({ ...candidate, ...standing }, 1)
  await addToCounters(trx, tally.rows())
  return row
}

/** Oldest first. */
export async function listDecisions(db: Reading, candidateSeq: number): Promise<DecisionRow[]> {
  return db
    .selectFrom('decisions')
    .selectAll()
    .where('candidate_seq', '=', candidateSeq)
    .orderBy('version')
    .execute()
}

export async function decisionBefore(db: Reading, row: DecisionRow): Promise<DecisionRow | undefined> {
  return db
    .selectFrom('decisions')
    .selectAll()
    .where('candidate_seq', '=', row.candidate_seq)
    .where('version', '=', row.version - 1)
    .executeTakeFirst()
}

export function toDecision(row: DecisionRow): Decision {
  const { seq: _, candidate_seq: __, request_sha256: ___, ...decision } = row
  return decision
}

export type RecentDecision = DecisionRow & {
  id: string
  task_name: string | null
  model_name: string | null
  candidate_version: number
}

/** Newest first. */
export async function listRecentDecisions(db: Reading, limit: number): Promise<RecentDecision[]> {
  return db
    .selectFrom('decisions')
    .innerJoin('candidates', 'candidates.seq', 'decisions.candidate_seq')
    .selectAll('decisions')
    .select(['candidates.id', 'candidates.task_name', 'candidates.model_name'])
    .select('candidates.version as candidate_version')
    .orderBy('decisions.seq', 'desc')
    .limit(limit)
    .execute()
}
