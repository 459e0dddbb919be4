/** Owns lists of cards: all of them by filter, order and words, and the decisions made last. */

import type { Status } from '../domain/candidate.ts'
import type { Decision } from '../domain/decision.ts'
import { AvocetError } from '../domain/error.ts'
import type { FailureCategory } from '../domain/failure-category.ts'
import { findSeq } from '../store/candidates.ts'
import { listRecentDecisions, toDecision } from '../store/decisions.ts'
import {
  type CandidateListRow,
  type CandidateOrder,
  countCandidates,
  listCandidates,
  type ScoreFilter,
} from '../store/list-candidates.ts'
import { findRunIds } from '../store/runs.ts'
import { countUnindexed, searchWords } from '../store/search.ts'
import type { Deps } from './deps.ts'

export type PageRequest = {
  page: number
  per_page: number
  /** An id or a directory's name. */
  run_id?: string | undefined
  model_name?: string | undefined
  task_type?: string | undefined
  score_band?: ScoreFilter | undefined
  /** Only what was imported after this candidate, by its id; the total counts the others too. */
  after?: string | undefined
}

export type ListRequest = PageRequest &
  Partial<CandidateOrder> & {
    q?: string | undefined
    status?: Status | undefined
    failure_category?: FailureCategory | 'none' | undefined
  }
export type CardRow = Omit<CandidateListRow, 'decided_elsewhere'> & { decided_elsewhere: boolean }

/** Throws `not_found` for an `after` that is not there. */
export async function readList(
  { store }: Deps,
  request: ListRequest,
): Promise<{ items: CardRow[]; total: number }> {
  const {
    run_id,
    q,
    failure_category,
    sort = 'imported',
    order = 'asc',
    page,
    per_page,
    after,
    ...same
  } = request
  const run_ids = run_id === undefined ? undefined : await findRunIds(store.db, run_id)
  const words = q === undefined ? undefined : searchWords(q)
  if (run_ids?.length === 0 || words?.length === 0) return { items: [], total: 0 }
  const category = failure_category === 'none' ? null : failure_category
  const filter = { ...same, run_ids, words, failure_category: category }
  const stretch = { offset: (page - 1) * per_page, limit: per_page, after: await placeOf(store, after) }
  const rows = await listCandidates(store, filter, { sort, order }, stretch)
  return {
    items: rows.map((row) => ({ ...row, decided_elsewhere: row.decided_elsewhere === 1 })),
    total: await countCandidates(store, filter),
  }
}

async function placeOf({ db }: Deps['store'], id: string | undefined): Promise<number | undefined> {
  if (id === undefined) return undefined
  const seq = await findSeq(db, id)
  if (seq === undefined) throw unknownCandidate(id)
  return seq
}

export function unknownCandidate(id: string): AvocetError {
  return new AvocetError('not_found', `There is no candidate with the id ${JSON.stringify(id)}.`)
}

export function readUnindexed({ store }: Deps): Promise<number> {
  return countUnindexed(store.db)
}

export type RecentDecision = Omit<Decision, 'corrected_response'> & {
  id: string
  task_name: string | null
  model_name: string | null
  is_latest: boolean
}

export async function readRecentDecisions({ store }: Deps, limit: number): Promise<RecentDecision[]> {
  const rows = await listRecentDecisions(store.db, limit)
  return rows.map(({ id, task_name, model_name, candidate_version, ...row }) => {
    const { corrected_response: _, ...decision } = toDecision(row)
    return { ...decision, id, task_name, model_name, is_latest: row.version === candidate_version }
  })
}
