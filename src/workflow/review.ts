/** Owns reviewing: the queue, one card, and the one way in which a decision is made or taken back. */
import { createHash } from 'node:crypto'
import type { SftQueueItem, Standing } from '../domain/candidate.ts'
import { UNDECIDED } from '../domain/candidate.ts'
import {
  type Action,
  type Current,
  checkDecidable,
  checkText,
  checkUndoable,
  type Decision,
  isBlank,
  isStorable,
  STATUS_AFTER,
  standingAfter,
} from '../domain/decision.ts'
import { AvocetError } from '../domain/error.ts'
import type { FailureCategory } from '../domain/failure-category.ts'
import { findCandidate, listWhole } from '../store/candidates.ts'
import {
  appendDecision,
  type CandidateRow,
  type DecisionRow,
  decisionBefore,
  findDecision,
  listDecisions,
  lockCandidate,
  toDecision,
} from '../store/decisions.ts'
import {
  addDraft,
  consumeDraft,
  type Draft,
  type DraftText,
  findDraft,
  findDrafts,
  saveDraft,
} from '../store/drafts.ts'
import { type Reading, type Writing, write } from '../store/open.ts'
import type { Deps } from './deps.ts'
import { indexExamples } from './export-index.ts'
import { type PageRequest, readList } from './list-cards.ts'

export type QueuePage = { items: (SftQueueItem & { draft: Draft | null })[]; total: number }
/** What needs review, in import order, each with its draft. */
export async function readQueue(deps: Deps, request: PageRequest): Promise<QueuePage> {
  const { items: rows, total } = await readList(deps, { ...request, status: 'needs_review' })
  const whole = await listWhole(
    deps.store.db,
    rows.map(({ id }) => id),
  )
  const drafts = await findDrafts(
    deps.store.db,
    whole.map(({ seq }) => seq),
  )
  return { items: whole.map(({ seq, item }) => ({ ...item, draft: drafts.get(seq) ?? null })), total }
}

export type CardDetails = { candidate: SftQueueItem; history: Decision[]; draft: Draft | null }

/** Throws `not_found`. */
export async function readCard({ store }: Deps, id: string): Promise<CardDetails> {
  const found = await findCandidate(store.db, id)
  if (!found) throw unknownCandidate(id)
  const history = await listDecisions(store.db, found.seq)
  return {
    candidate: found.item,
    history: history.map(toDecision),
    draft: await findDraft(store.db, found.seq),
  }
}

export type DecisionRequest = {
  id: string
  decision_id?: string | undefined
  version?: number | undefined
}
export type SubmitRequest = DecisionRequest & {
  action: Action
  corrected_response?: string | null | undefined
  failure_category?: FailureCategory | null | undefined
}
export type DecisionAnswer = Pick<Decision, 'decision_id' | 'version'> & {
  id: string
  status: Standing['status']
}

/**
 * Decides. The same `decision_id` with the same body gets the same answer and acts once. Throws `not_found`,
 * `correction_blank`, `correction_unreadable`, `decision_id_reused`; and `not_in_review`, `stale_version` or
 * `decided_elsewhere` with the current candidate in its details, after the text was kept as a draft.
 */
export async function submit(deps: Deps, request: SubmitRequest, reviewer: string): Promise<DecisionAnswer> {
  const standing = standingAfter(request)
  try {
    const row = await act(deps, request, { action: request.action, reviewer }, async (trx, candidate) => {
      checkDecidable(currentOf(candidate), request.version)
      if (request.action === 'correct') await consumeDraft(trx, candidate.seq)
      return standing
    })
    return answerTo(request.id, row)
  } catch (error) {
    if (!isConflict(error)) throw error
    await keepRefusedText(deps, request, reviewer)
    throw new AvocetError(error.code, error.message, {
      candidate: (await readCard(deps, request.id)).candidate,
    })
  }
}

/** Takes the last decision back. Throws `not_found`, `nothing_to_undo`, `stale_version`, `decided_elsewhere`. */
export async function undo(
  deps: Deps,
  request: DecisionRequest,
  reviewer: string,
): Promise<DecisionAnswer & { draft: Draft | null }> {
  try {
    const row = await act(deps, request, { action: 'undo', reviewer }, async (trx, candidate) => {
      checkUndoable(currentOf(candidate), request.version)
      const draft = draftOf(candidate, await findDraft(trx, candidate.seq))
      if (draft) await addDraft(trx, candidate.seq, draft, { reviewer, now: deps.now() })
      return UNDECIDED
    })
    return { ...answerTo(request.id, row), draft: await draftAfterUndo(deps.store.db, row) }
  } catch (error) {
    if (!isConflict(error)) throw error
    throw new AvocetError(error.code, error.message, {
      candidate: (await readCard(deps, request.id)).candidate,
    })
  }
}

/** Keeps what is typed. Throws `not_found`, `correction_unreadable`. */
export async function keepDraft(deps: Deps, id: string, draft: DraftText, reviewer: string): Promise<number> {
  checkText(draft.text)
  return write(deps.store, async (trx) => {
    const candidate = await lockCandidate(trx, deps.store.locksRows, id)
    if (!candidate) throw unknownCandidate(id)
    return saveDraft(trx, candidate.seq, draft, { reviewer, now: deps.now() })
  })
}

/** The one transaction of every decision: lock, recognise a repeat, check, append. */
async function act(
  deps: Deps,
  request: DecisionRequest,
  by: { action: Decision['action']; reviewer: string },
  rule: (trx: Writing, candidate: CandidateRow) => Promise<Standing>,
): Promise<DecisionRow> {
  const decision_id = request.decision_id ?? deps.newId()
  const request_sha256 = fingerprint(request, by.action)
  return write(deps.store, async (trx) => {
    const candidate = await lockCandidate(trx, deps.store.locksRows, request.id)
    const earlier = request.decision_id === undefined ? undefined : await findDecision(trx, decision_id)
    if (earlier) return sameDecision(earlier, request_sha256)
    if (!candidate) throw unknownCandidate(request.id)
    const standing = await rule(trx, candidate)
    const row = await appendDecision(trx, candidate, standing, {
      decision_id,
      ...by,
      decided_at: deps.now(),
      request_sha256,
    })
    await indexExamples(deps.store, trx, [candidate.seq])
    return row
  })
}

function sameDecision(earlier: DecisionRow, sha256: Buffer): DecisionRow {
  if (sha256.equals(earlier.request_sha256)) return earlier
  throw new AvocetError('decision_id_reused', 'This decision_id belongs to another decision. Make a new one.')
}

/** Equal for equal meaning: a field left out and a field of null are the same request. */
function fingerprint(request: Partial<SubmitRequest> & DecisionRequest, action: Decision['action']): Buffer {
  const { id, version = null, corrected_response = null, failure_category = null } = request
  return createHash('sha256')
    .update(JSON.stringify([action, id, version, corrected_response, failure_category]))
    .digest()
}

function currentOf(candidate: CandidateRow): Current {
  return {
    status: candidate.status,
    version: candidate.version,
    decided_elsewhere: candidate.decided_elsewhere === 1,
  }
}

function answerTo(id: string, row: DecisionRow): DecisionAnswer {
  return { id, decision_id: row.decision_id, version: row.version, status: STATUS_AFTER[row.action] }
}

/** An undone correction stands in the editor again; an undone discard keeps what was typed before it. */
function draftOf(candidate: CandidateRow, typed: Draft | null): DraftText | null {
  const text = candidate.corrected_response ?? typed?.text ?? ''
  const { failure_category } = candidate
  return text === '' && failure_category === null ? null : { text, failure_category }
}

/** From the log, so that a repeated request gets the same text even after somebody typed on. */
async function draftAfterUndo(db: Reading, row: DecisionRow): Promise<Draft | null> {
  const draft = await findDraft(db, row.candidate_seq)
  const undone = await decisionBefore(db, row)
  if (!draft || undone?.corrected_response == null) return draft
  return { ...draft, text: undone.corrected_response, failure_category: undone.failure_category }
}

const CONFLICTS = new Set(['not_in_review', 'stale_version', 'decided_elsewhere', 'nothing_to_undo'])

function isConflict(error: unknown): error is AvocetError {
  return error instanceof AvocetError && CONFLICTS.has(error.code)
}

async function keepRefusedText(deps: Deps, request: SubmitRequest, reviewer: string): Promise<void> {
  const text = request.corrected_response ?? ''
  // What no file can hold was refused before it could be too late.
  if (isBlank(text) || !isStorable(text)) return
  await write(deps.store, async (trx) => {
    const candidate = await lockCandidate(trx, deps.store.locksRows, request.id)
    if (!candidate) return
    const draft = { text, failure_category: request.failure_category ?? null }
    await addDraft(trx, candidate.seq, draft, { reviewer, now: deps.now() })
  })
}

function unknownCandidate(id: string): AvocetError {
  return new AvocetError('not_found', `There is no candidate with the id ${JSON.stringify(id)}.`)
}
