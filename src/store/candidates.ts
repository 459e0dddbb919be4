/** Owns reading candidates with their text: one by its id, some for the queue, the approved ones for an export. */
import type { Expression, ExpressionBuilder, Selectable, SqlBool } from 'kysely'
import { type Facts, type SftQueueItem, type Standing, toQueueItem } from '../domain/candidate.ts'
import type { FailureCategory } from '../domain/failure-category.ts'
import { readRecord } from '../domain/record.ts'
import type { Reading } from './open.ts'
import type { Tables } from './tables.ts'

const STANDING_COLUMNS = [
  'candidates.seq',
  'candidates.run_id',
  'candidates.status',
  'candidates.corrected_response',
  'candidates.failure_category',
  'candidates.version',
] as const

export type StoredCandidate = { seq: number; facts: Facts; standing: Standing; item: SftQueueItem }

export async function findCandidate(db: Reading, id: string): Promise<StoredCandidate | undefined> {
  const row = await selectWhole(db).where('candidates.id', '=', id).executeTakeFirst()
  return row && toStored(row)
}

/** These candidates with their text, in import order. */
export async function listWhole(db: Reading, ids: string[]): Promise<StoredCandidate[]> {
  if (ids.length === 0) return []
  const rows = await selectWhole(db).where('candidates.id', 'in', ids).orderBy('candidates.seq').execute()
  return rows.map(toStored)
}

export type ApprovedFilter = {
  run_ids?: string[] | undefined
  model_names?: string[] | undefined
  task_types?: string[] | undefined
  /** null among them stands for corrections without a category. */
  failure_categories?: (FailureCategory | null)[] | undefined
}

const APPROVED_PAGE = 500

/** Approved candidates in import order, a page at a time, so that a million of them need no memory. */
export async function* pageApproved(db: Reading, filter: ApprovedFilter): AsyncGenerator<StoredCandidate[]> {
  let after = 0
  while (true) {
    const rows = await selectWhole(db)
      .where('candidates.status', '=', 'approved')
      .where('candidates.seq', '>', after)
      .where((eb) => approvedBy(eb, filter))
      .orderBy('candidates.seq')
      .limit(APPROVED_PAGE)
      .execute()
    const last = rows.at(-1)
    if (!last) return
    yield rows.map(toStored)
    after = last.seq
  }
}

function approvedBy(
  eb: ExpressionBuilder<Tables, 'candidates'>,
  filter: ApprovedFilter,
): Expression<SqlBool> {
  const conditions: Expression<SqlBool>[] = []
  if (filter.run_ids) conditions.push(eb('run_id', 'in', filter.run_ids))
  if (filter.model_names) conditions.push(eb('model_name', 'in', filter.model_names))
  if (filter.task_types) conditions.push(eb('task_type', 'in', filter.task_types))
  if (filter.failure_categories) {
    const named = filter.failure_categories.filter((category) => category !== null)
    const either: Expression<SqlBool>[] = []
    if (named.length > 0) either.push(eb('failure_category', 'in', named))
    if (filter.failure_categories.includes(null)) either.push(eb('failure_category', 'is', null))
    conditions.push(eb.or(either))
  }
  return eb.and(conditions)
}

/** Which of these ids are stored, in portions that every engine takes. */
export async function knownIds(db: Reading, ids: string[]): Promise<Set<string>> {
  const known = new Set<string>()
  for (let start = 0; start < ids.length; start += 1000) {
    const some = ids.slice(start, start + 1000)
    const rows = await db.selectFrom('candidates').select('id').where('id', 'in', some).execute()
    for (const { id } of rows) known.add(id)
  }
  return known
}

function selectWhole(db: Reading) {
  return db
    .selectFrom('candidates')
    .innerJoin('candidate_payloads', 'candidate_payloads.seq', 'candidates.seq')
    .select(STANDING_COLUMNS)
    .select(['candidate_payloads.raw', 'candidate_payloads.record'])
}

type WholeRow = Pick<Selectable<Tables['candidates']>, 'seq' | 'run_id' | 'version' | keyof Standing> &
  Selectable<Pick<Tables['candidate_payloads'], 'raw' | 'record'>>

function toStored(row: WholeRow): StoredCandidate {
  const facts = readFacts(row.record ?? row.raw)
  const { seq, run_id, version, status, corrected_response, failure_category } = row
  const standing = { status, corrected_response, failure_category }
  return { seq, facts, standing, item: toQueueItem(facts, standing, { run_id, version }) }
}

/** The facts of a record that was accepted when it came in. Throws if the bytes are not that record any more. */
export function readFacts(bytes: Uint8Array): Facts {
  const reading = readRecord(
    JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')),
  )
  if ('fault' in reading) throw new Error(`A stored record cannot be read any more: ${reading.fault.reason}`)
  return reading.facts
}
