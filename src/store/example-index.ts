/** Owns what an export knows of every decided candidate before it reads any text, and the reading of that text. */
import {
  type Expression,
  type ExpressionBuilder,
  type Insertable,
  type Selectable,
  type SqlBool,
  sql,
} from 'kysely'
import { STATUSES, type Status } from '../domain/candidate.ts'
import type { Teaching } from '../domain/example.ts'
import type { FailureCategory } from '../domain/failure-category.ts'
import { named, PLACE_COLUMNS, portions } from './candidates.ts'
import type { Reading, Writing } from './open.ts'
import { eachPayload } from './payloads.ts'
import type { Tables } from './tables.ts'

/** What decides over a candidate; the other columns are for filters alone. */
const ROW_COLUMNS = [
  'candidate_seq',
  'reviewer',
  'decision_seq',
  'decided_elsewhere',
  'bytes',
  'prompt_high',
  'prompt_low',
  'answer_hash',
  'fault',
  'pair_fault',
  'verdicts',
  'suspect',
] as const

export type IndexRow = Pick<Selectable<Tables['example_index']>, (typeof ROW_COLUMNS)[number]>

export type ExampleFilter = {
  statuses: Status[]
  run_ids?: string[] | undefined
  model_names?: string[] | undefined
  task_types?: string[] | undefined
  /** null among them stands for corrections without a category. */
  failure_categories?: (FailureCategory | null)[] | undefined
  reviewers?: string[] | undefined
  /** Moments as ISO 8601 in UTC: the first that counts, and the first that does not any more. */
  decided_from?: string | undefined
  decided_before?: string | undefined
}

/** In import order, a page at a time, so that a million of them need no memory. */
export async function* pageIndex(
  db: Reading,
  filter: ExampleFilter,
  { suspectsOnly = false, rows = 2000 }: { suspectsOnly?: boolean; rows?: number } = {},
): AsyncGenerator<IndexRow[]> {
  let after = 0
  while (true) {
    let query = db.selectFrom('example_index').select(ROW_COLUMNS).where('candidate_seq', '>', after)
    // Written out, not as a parameter: only so does the engine see that its index of suspects will do.
    if (suspectsOnly) query = query.where('suspect', '=', sql.lit(1))
    const page = await query
      .where((eb) => takenBy(eb, filter))
      .orderBy('candidate_seq')
      .limit(rows)
      .execute()
    const last = page.at(-1)
    if (!last) return
    yield page
    after = last.candidate_seq
  }
}

function takenBy(eb: ExpressionBuilder<Tables, 'example_index'>, filter: ExampleFilter): Expression<SqlBool> {
  const conditions: Expression<SqlBool>[] = [eb('status', 'in', filter.statuses)]
  if (filter.run_ids) conditions.push(eb('run_id', 'in', filter.run_ids))
  if (filter.model_names) conditions.push(named('model_name', filter.model_names))
  if (filter.task_types) conditions.push(named('task_type', filter.task_types))
  if (filter.reviewers) conditions.push(eb('reviewer', 'in', filter.reviewers))
  if (filter.decided_from) conditions.push(eb('decided_at', '>=', filter.decided_from))
  if (filter.decided_before) conditions.push(eb('decided_at', '<', filter.decided_before))
  if (filter.failure_categories) {
    const categories = filter.failure_categories.filter((category) => category !== null)
    const either: Expression<SqlBool>[] = []
    if (categories.length > 0) either.push(eb('failure_category', 'in', categories))
    if (filter.failure_categories.includes(null)) either.push(eb('failure_category', 'is', null))
    conditions.push(eb.or(either))
  }
  return eb.and(conditions)
}

/** Whose text is read, and how much of it there is. */
export type Place = Pick<IndexRow, 'candidate_seq' | 'bytes' | 'reviewer'>

export type StoredTeaching<P extends Place = Place> = { place: P; teaching: Teaching }

const ABOUT_COLUMNS = [
  'status',
  'run_id',
  'model_name',
  'task_type',
  'task_name',
  'quality_score',
  'decided_at',
] as const

/** The text of these candidates, in import order as they come: never much more than a portion is in memory. */
export async function* readTeachings<P extends Place>(
  db: Reading,
  places: P[],
): AsyncGenerator<StoredTeaching<P>[]> {
  for (const portion of portions(places)) {
    const seqs = portion.map(({ candidate_seq }) => candidate_seq)
    const found = await db
      .selectFrom('candidates')
      .select(['candidates.seq', 'id', 'corrected_response', 'failure_category', 'decided_elsewhere'])
      .select(ABOUT_COLUMNS)
      .select(PLACE_COLUMNS)
      .where('candidates.seq', 'in', seqs)
      .execute()
    const reviewers = new Map(portion.map(({ candidate_seq, reviewer }) => [candidate_seq, reviewer]))
    const teachings = new Map<number, Teaching>()
    await eachPayload(db, found, (at, bytes) => {
      const row = found[at] as (typeof found)[number]
      teachings.set(row.seq, toTeaching(row, bytes, reviewers.get(row.seq) ?? null))
    })
    yield portion.flatMap((place) => {
      const teaching = teachings.get(place.candidate_seq)
      return teaching ? [{ place, teaching }] : []
    })
  }
}

type TextRow = Omit<Teaching['about'], 'reviewer'> &
  Pick<
    Selectable<Tables['candidates']>,
    'id' | 'corrected_response' | 'failure_category' | 'decided_elsewhere'
  >

function toTeaching(row: TextRow, raw: Uint8Array, reviewer: string | null): Teaching {
  // It was checked when it came in: a second check of every field would take as long as the parsing.
  const { prompt_messages, model_response } = JSON.parse(
    Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString(),
  ) as Teaching
  const { id, corrected_response, failure_category, decided_elsewhere } = row
  const { status, run_id, model_name, task_type, task_name, quality_score, decided_at } = row
  return {
    ...{ id, prompt_messages, model_response },
    decided_elsewhere: decided_elsewhere === 1,
    standing: { status, corrected_response, failure_category },
    about: { run_id, model_name, task_type, task_name, quality_score, status, reviewer, decided_at },
  }
}

/** What stood there is not true any more; whoever decides puts the new row in its place. */
export async function forgetExample(trx: Writing, seq: number): Promise<void> {
  await trx.deleteFrom('example_index').where('candidate_seq', '=', seq).execute()
}

export async function forgetAllExamples(trx: Writing): Promise<void> {
  await trx.deleteFrom('example_index').execute()
}

export async function insertIndexRows(
  trx: Writing,
  rows: Insertable<Tables['example_index']>[],
): Promise<void> {
  if (rows.length === 0) return
  await trx
    .insertInto('example_index')
    .values(rows)
    .onConflict((conflict) => conflict.column('candidate_seq').doNothing())
    .execute()
}

/** How many candidates have one of these standings, whatever else a filter asks for. */
export async function countDecided(db: Reading, statuses: Status[]): Promise<number> {
  const { decided } = await db
    .selectFrom('counters')
    .select(sql<number>`coalesce(sum(n), 0)`.as('decided'))
    .where('status', 'in', statuses)
    .executeTakeFirstOrThrow()
  return Number(decided)
}

/** Whether every decided candidate is there: two counts, no join. */
export async function isIndexWhole(db: Reading): Promise<boolean> {
  const decided = await countDecided(
    db,
    STATUSES.filter((status) => status !== 'needs_review'),
  )
  const { known } = await db
    .selectFrom('example_index')
    .select((eb) => eb.fn.countAll<number>().as('known'))
    .executeTakeFirstOrThrow()
  return decided === known
}

/** Decided candidates that are not in the index, after this one. */
export async function findUnindexed(db: Reading, after: number, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom('candidates')
    .select('seq')
    .where('seq', '>', after)
    .where('status', '<>', 'needs_review')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('example_index')
            .select('candidate_seq')
            .whereRef('example_index.candidate_seq', '=', 'candidates.seq'),
        ),
      ),
    )
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map(({ seq }) => seq)
}

export type Standing = Place & Pick<IndexRow, 'decision_seq'>

/** Where these decided candidates stand, with the decision that put them there; those that wait are left out. */
export async function readStandings(db: Reading, seqs: number[]): Promise<Standing[]> {
  return db
    .selectFrom('candidates')
    .leftJoin('decisions', (join) =>
      join
        .onRef('decisions.candidate_seq', '=', 'candidates.seq')
        .onRef('decisions.version', '=', 'candidates.version'),
    )
    .select(['candidates.seq as candidate_seq', 'decisions.seq as decision_seq', 'decisions.reviewer'])
    .select(sql<number>`block_length + coalesce(length(candidates.corrected_response), 0)`.as('bytes'))
    .where('candidates.seq', 'in', seqs)
    .where('candidates.status', '<>', 'needs_review')
    .orderBy('candidates.seq')
    .execute()
}

/** The ids of these candidates, in the order given. */
export async function findIds(db: Reading, seqs: number[]): Promise<string[]> {
  if (seqs.length === 0) return []
  const rows = await db.selectFrom('candidates').select(['seq', 'id']).where('seq', 'in', seqs).execute()
  const ids = new Map(rows.map(({ seq, id }) => [seq, id]))
  return seqs.flatMap((seq) => ids.get(seq) ?? [])
}

/** Ids of corrections of this prompt, the newest decision first.  */
export async function findSamePrompt(
  db: Reading,
  filter: ExampleFilter,
  prompt: Pick<IndexRow, 'prompt_high' | 'prompt_low'>,
): Promise<string[]> {
  const rows = await db
    .selectFrom('example_index')
    .select('candidate_seq')
    .where('prompt_high', '=', prompt.prompt_high)
    .where('prompt_low', '=', prompt.prompt_low)
    .where('fault', 'is', null)
    .where((eb) => takenBy(eb, filter))
    .orderBy(sql`coalesce(decision_seq, 0)`, 'desc')
    .limit(5)
    .execute()
  return findIds(
    db,
    rows.map(({ candidate_seq }) => candidate_seq),
  )
}
