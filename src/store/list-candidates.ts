/** Owns the list of all candidates: filtered, sorted, searched, a page at a time, without their text. */
import type { Selectable } from 'kysely'
import type { Status } from '../domain/candidate.ts'
import type { FailureCategory } from '../domain/failure-category.ts'
import { BAND_LIMITS, type ScoreBand } from '../domain/score-band.ts'
import { named } from './candidates.ts'
import { listCounters } from './counters.ts'
import type { SearchWord } from './dialect.ts'
import type { Reading, Store } from './open.ts'
import type { Tables } from './tables.ts'

export type ScoreFilter = ScoreBand | 'none'
export type CandidateFilter = {
  run_ids?: string[] | undefined
  model_name?: string | undefined
  task_type?: string | undefined
  status?: Status | undefined
  /** null for those without a category. */
  failure_category?: FailureCategory | null | undefined
  score_band?: ScoreFilter | undefined
  words?: SearchWord[] | undefined
}
/** `after`: only what was imported after this candidate, by its number. */
export type Stretch = { offset: number; limit: number; after?: number | undefined }
export type CandidateOrder = {
  sort: 'imported' | 'decided' | 'score' | 'task' | 'model'
  order: 'asc' | 'desc'
}

const SORT_COLUMN = {
  imported: 'seq',
  decided: 'decided_at',
  score: 'quality_score',
  task: 'task_name',
  model: 'model_name',
} as const

const ROW_COLUMNS = [
  'id',
  'run_id',
  'status',
  'failure_category',
  'decided_elsewhere',
  'version',
  'model_name',
  'task_type',
  'task_name',
  'quality_score',
  'decided_at',
] as const

export type CandidateListRow = Pick<Selectable<Tables['candidates']>, (typeof ROW_COLUMNS)[number]>

/** Rows without a value to sort by come last in either direction; ties keep the import order. */
export async function listCandidates(
  { db, search }: Store,
  filter: CandidateFilter,
  { sort, order }: CandidateOrder,
  page: Stretch,
): Promise<CandidateListRow[]> {
  const column = SORT_COLUMN[sort]
  let query = filtered(db, search, filter).select(ROW_COLUMNS)
  if (page.after !== undefined) query = query.where('seq', '>', page.after)
  if (column !== 'seq') {
    query = query.orderBy(column, (by) => (order === 'asc' ? by.asc() : by.desc()).nullsLast())
  }
  return query
    .orderBy('seq', column === 'seq' ? order : 'asc')
    .offset(page.offset)
    .limit(page.limit)
    .execute()
}

/** From the counters where they know enough; a band of scores or words to look for must be counted. */
export async function countCandidates(store: Store, filter: CandidateFilter): Promise<number> {
  const { db, search } = store
  if (!filter.score_band && !filter.words) return sumCounters(await listCounters(db, filter), filter)
  const query = filtered(db, search, filter).select(db.fn.countAll<number>().as('n'))
  return (await query.executeTakeFirstOrThrow()).n
}

function sumCounters(
  rows: Tables['counters'][],
  { status, failure_category: category }: CandidateFilter,
): number {
  let sum = 0
  for (const row of rows) {
    if (status !== undefined && row.status !== status) continue
    if (category !== undefined && row.failure_category !== (category ?? '')) continue
    if (category === null && row.status === 'needs_review') continue
    sum += row.n
  }
  return sum
}

function filtered(db: Reading, search: Store['search'], filter: CandidateFilter) {
  let query = db.selectFrom('candidates')
  if (filter.run_ids) query = query.where('run_id', 'in', filter.run_ids)
  if (filter.model_name !== undefined) query = query.where(named('model_name', [filter.model_name]))
  if (filter.task_type !== undefined) query = query.where(named('task_type', [filter.task_type]))
  if (filter.status !== undefined) query = query.where('status', '=', filter.status)
  // What waits has no category yet: "without a category" means decided without one.
  if (filter.failure_category === null) {
    query = query.where('failure_category', 'is', null).where('status', '<>', 'needs_review')
  }
  if (filter.failure_category) query = query.where('failure_category', '=', filter.failure_category)
  if (filter.words) query = query.where(search.matches(filter.words))
  if (filter.score_band === 'none') return query.where('quality_score', 'is', null)
  if (filter.score_band) {
    const { from, below } = BAND_LIMITS[filter.score_band]
    query = query.where('quality_score', '>=', from).where('quality_score', '<', below)
  }
  return query
}
