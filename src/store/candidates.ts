/** Owns reading candidates with their text: one by its id, some for the queue, and the bytes of all. */
import { type Expression, type Selectable, type SqlBool, sql } from 'kysely'
import { type Facts, type SftQueueItem, type Standing, toQueueItem, UNKNOWN } from '../domain/candidate.ts'
import { readRecord } from '../domain/record.ts'
import { idKey } from './id-key.ts'
import type { Reading } from './open.ts'
import { type PayloadPlace, readPayloads } from './payloads.ts'
import { portionsOf } from './portions.ts'
import type { Tables } from './tables.ts'

const STANDING_COLUMNS = [
  'candidates.seq',
  'candidates.id',
  'candidates.run_id',
  'candidates.status',
  'candidates.corrected_response',
  'candidates.failure_category',
  'candidates.version',
] as const
export const PLACE_COLUMNS = ['block_seq', 'block_start', 'block_length'] as const

export type StoredCandidate = { seq: number; facts: Facts; standing: Standing; item: SftQueueItem }

export async function findCandidate(db: Reading, id: string): Promise<StoredCandidate | undefined> {
  const rows = await selectWhole(db).where('id_key', '=', idKey(id)).execute()
  return (await withPayloads(db, rows))[0]
}

/** Its number in the order of import. */
export async function findSeq(db: Reading, id: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('candidates')
    .select('seq')
    .where('id_key', '=', idKey(id))
    .executeTakeFirst()
  return row?.seq
}

/** More text than this is never in memory at once, one larger record excepted. */
const PORTION_BYTES = 16 * 1024 * 1024

type Sized = { bytes: number }

/** These candidates with their text, in import order; fewer of them where the records are huge. */
export async function listWhole(db: Reading, ids: string[]): Promise<StoredCandidate[]> {
  if (ids.length === 0) return []
  const sized = await selectSized(db)
    .where('id_key', 'in', ids.map(idKey))
    .orderBy('candidates.seq')
    .execute()
  const [first = []] = portions(sized)
  return readWhole(db, first)
}

export function portions<Row extends Sized>(rows: Row[]): Row[][] {
  const all: Row[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const row of rows) {
    if (bytes + row.bytes > PORTION_BYTES) {
      all.push([])
      bytes = 0
    }
    all.at(-1)?.push(row)
    bytes += row.bytes
  }
  return all
}

async function readWhole(db: Reading, rows: { seq: number }[]): Promise<StoredCandidate[]> {
  const seqs = rows.map(({ seq }) => seq)
  const found = await selectWhole(db).where('candidates.seq', 'in', seqs).orderBy('candidates.seq').execute()
  return withPayloads(db, found)
}

async function withPayloads(db: Reading, rows: WholeRow[]): Promise<StoredCandidate[]> {
  const payloads = await readPayloads(db, rows)
  return rows.map((row, at) => toStored(row, payloads[at] as Uint8Array))
}

const PAGE = 500

export type RecordBytes = { seq: number; raw: Uint8Array }

/** The bytes of every record, a portion at a time, in import order. */
export async function* pageRecords(db: Reading): AsyncGenerator<RecordBytes[]> {
  let after = 0
  while (true) {
    const records = await readRecords(db, after, PAGE)
    const last = records.at(-1)
    if (!last) return
    yield records
    after = last.seq
  }
}

/** The next ones in import order, `limit` at the most; fewer of them where the records are huge. */
export async function readRecords(db: Reading, after: number, limit: number): Promise<RecordBytes[]> {
  const rows = await selectSized(db)
    .select(PLACE_COLUMNS)
    .where('candidates.seq', '>', after)
    .orderBy('candidates.seq')
    .limit(limit)
    .execute()
  const [first = []] = portions(rows)
  const payloads = await readPayloads(db, first)
  return first.map(({ seq }, at) => ({ seq, raw: payloads[at] as Uint8Array }))
}

/** Totals count records without a name under "unknown"; a list or an export must find what they count. */
export function named(column: 'model_name' | 'task_type', names: string[]): Expression<SqlBool> {
  const known = sql<SqlBool>`${sql.ref(column)} in (${sql.join(names)})`
  return names.includes(UNKNOWN) ? sql<SqlBool>`(${sql.ref(column)} is null or ${known})` : known
}

/** Which of these ids are stored. */
export async function knownIds(db: Reading, ids: string[]): Promise<Set<string>> {
  const known = new Set<string>()
  for (const some of portionsOf(ids)) {
    const rows = await db
      .selectFrom('candidates')
      .select('id')
      .where('id_key', 'in', some.map(idKey))
      .execute()
    for (const { id } of rows) known.add(id)
  }
  return known
}

function selectSized(db: Reading) {
  return db
    .selectFrom('candidates')
    .select('candidates.seq')
    .select(sql<number>`block_length + coalesce(length(corrected_response), 0)`.as('bytes'))
}

function selectWhole(db: Reading) {
  return db.selectFrom('candidates').select([...STANDING_COLUMNS, ...PLACE_COLUMNS])
}

type WholeRow = Pick<Selectable<Tables['candidates']>, 'seq' | 'id' | 'run_id' | 'version' | keyof Standing> &
  PayloadPlace

function toStored(row: WholeRow, raw: Uint8Array): StoredCandidate {
  // Of an id that is a number, only the column knows how it was written.
  const facts = { ...readFacts(raw), id: row.id }
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
