/** Owns reviewing: the queue, one card, and the one way in which a decision is made or taken back. */
import { createHash } from 'node:crypto'
import type { SftQueueItem, Standing } from '../domain/candidate.ts'
import { UNDECIDED } from '../domain/candidate.ts'
import {
  type Action,
  type Beginning,
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
  keepText,
  listEarlierDrafts,
  saveDraft,
} from '../store/drafts.ts'
import { type Reading, type Writing, write } from '../store/open.ts'
import type { Deps } from './deps.ts'
import { indexExamples } from './export-index.ts'
import { type PageRequest, readList, unknownCandidate } from './list-cards.ts'

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

export type CardDetails = {
  candidate: SftQueueItem
  history: Decision[]
  draft: Draft | null
  /** Texts that were used up, replaced or refused, newest first. */
  earlier_drafts: Draft[]
}

/** Throws `not_found`. */
export async function readCard({ store }: Deps, id: string): Promise<CardDetails> {
  const found = await findCandidate(store.db, id)
  if (!found) throw unknownCandidate(id)
  const history = await listDecisions(store.db, found.seq)
  return {
    candidate: found.item,
    history: history.map(toDecision),
    draft: await findDraft(store.db, found.seq),
    earlier_drafts: await listEarlierDrafts(store.db, found.seq),
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
  active_seconds?: number | null | undefined
  began_from?: Beginning | null | undefined
}
export type DecisionAnswer = Pick<Decision, 'decision_id' | 'version'> & {
  id: string
  status: Standing['status']
}

/**
 * Decides. The same `decision_id` with the same body gets the same answer and acts once. Throws `not_found`,
 * `correction_blank`, `correction_unreadable`, `decision_id_reused`; and `not_in_review`, `stale_version` or
 * `decided_elsewhere` with the current candidate and its last decision in their details, after the text was kept.
 */
export async function submit(deps: Deps, request: SubmitRequest, reviewer: string): Promise<DecisionAnswer> {
  const standing = standingAfter(request)
  try {
    const by = { action: request.action, reviewer, ...provenanceOf(request) }
    const row = await act(deps, request, by, async (trx, candidate) => {
      checkDecidable(currentOf(candidate), request.version)
      if (request.action === 'correct') await consumeDraft(trx, candidate.seq)
      return standing
    })
    return answerTo(request.id, row)
  } catch (error) {
    if (!isConflict(error)) throw error
    await keepRefusedText(deps, request, reviewer)
    throw await withCurrent(deps, request.id, error)
  }
}

function provenanceOf({ active_seconds = null, began_from = null }: Partial<SubmitRequest>) {
  return { active_seconds, began_from }
}

/** The caller sees what came before it: the card as it is, and who decided what and when. */
async function withCurrent(deps: Deps, id: string, { code, message }: AvocetError): Promise<AvocetError> {
  const { candidate, history } = await readCard(deps, id)
  return new AvocetError(code, message, { candidate, decision: history.at(-1) ?? null })
}

/** Takes the last decision back. Throws `not_found`, `nothing_to_undo`, `stale_version`, `decided_elsewhere`. */
export async function undo(
  deps: Deps,
  request: DecisionRequest,
  reviewer: string,
): Promise<DecisionAnswer & { draft: Draft | null }> {
  try {
    const by = { action: 'undo' as const, reviewer, ...provenanceOf({}) }
    const row = await act(deps, request, by, async (trx, candidate) => {
      checkUndoable(currentOf(candidate), request.version)
      const draft = draftOf(candidate, await findDraft(trx, candidate.seq))
      const author = { reviewer, writer: null, now: deps.now() }
      if (draft) await addDraft(trx, candidate.seq, draft, author)
      return UNDECIDED
    })
    return { ...answerTo(request.id, row), draft: await draftAfterUndo(deps.store.db, row) }
  } catch (error) {
    if (!isConflict(error)) throw error
    throw await withCurrent(deps, request.id, error)
  }
}

export type DraftRequest = DraftText & { base_revision?: number | undefined; writer?: string | undefined }

/**
 * Keeps what is typed; returns the revision. Throws `not_found`, `correction_unreadable`; and `stale_draft` with the
 * draft that is in the way, after this text was set aside.
 */
export async function keepDraft(
  deps: Deps,
  id: string,
  { base_revision, writer, ...draft }: DraftRequest,
  reviewer: string,
): Promise<number> {
  checkText(draft.text)
  const saved = await write(deps.store, async (trx) => {
    const candidate = await lockCandidate(trx, deps.store.locksRows, id)
    if (!candidate) throw unknownCandidate(id)
    const author = { reviewer, writer: writer ?? null, now: deps.now() }
    return saveDraft(trx, candidate.seq, draft, author, base_revision)
  })
  if ('revision' in saved) return saved.revision
  const words =
    'Another text was written for this card meanwhile. Both are kept: choose the one to go on with.'
  throw new AvocetError('stale_draft', words, { draft: saved.inTheWay })
}

/** The one transaction of every decision: lock, recognise a repeat, check, append. */
async function act(
  deps: Deps,
  request: DecisionRequest,
  by: Pick<Decision, 'action' | 'reviewer' | 'active_seconds' | 'began_from'>,
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
    await indexExamples(trx, [candidate.seq])
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
  if (text === '' && failure_category === null) return null
  return { text, failure_category, began_from: typed?.began_from ?? null }
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
    const { failure_category = null, began_from = null } = request
    const author = { reviewer, writer: null, now: deps.now() }
    await keepText(trx, candidate.seq, { text, failure_category, began_from }, author)
  })
}
