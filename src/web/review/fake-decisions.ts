/** Owns how the faked network decides, takes back and keeps texts: by the rules of the real server. */
import type { Answer, Decision, Draft, QueueItem } from '../../contract.ts'
import { type Action, isBlank, STATUS_AFTER } from '../../domain/decision.ts'

export type Logged = Decision & { id: string }
/** `state` of a text: the draft, or one that must not be lost. */
export type Text = Draft & { id: string; writer: string | null; state: 'draft' | 'earlier' }
type Ledger = { log: Logged[]; texts: Text[] }
type Body = Record<string, unknown>

/** Whoever looks at the page in a test. */
const REVIEWER = 'ada'

export function json(body: object): Response {
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })
}

export function problem(status: number, code: string, detail: string, more: object = {}): Response {
  const body = JSON.stringify({ type: 'about:blank', title: code, status, detail, code, ...more })
  return new Response(body, { status, headers: { 'content-type': 'application/problem+json' } })
}

export function detailsOf({ log, texts }: Ledger, { draft, ...candidate }: QueueItem): Answer<'candidate'> {
  const earlier = texts.filter(({ id, state, text }) => id === candidate.id && state === 'earlier' && text)
  const history = log.filter((each) => each.id === candidate.id)
  return { candidate, history, draft, earlier_drafts: earlier.reverse() }
}

export function submitted(ledger: Ledger, item: QueueItem, body: Body): Response {
  const told = repeated(ledger, body)
  if (told) return json(told)
  const refusal = conflict(ledger, item, body, item.status === 'needs_review' ? null : 'not_in_review')
  if (refusal) return refusal
  if (body.action === 'correct') putAway(ledger, item)
  const action = body.action as Action
  item.status = STATUS_AFTER[action]
  item.corrected_response = (body.corrected_response as string | null) ?? null
  item.failure_category = (body.failure_category as QueueItem['failure_category']) ?? null
  return json(logged(ledger, item, action, body))
}

export function undone(ledger: Ledger, item: QueueItem, body: Body): Response {
  const told = repeated(ledger, body)
  if (told) return json({ ...told, draft: item.draft })
  const refusal = conflict(ledger, item, body, item.status === 'needs_review' ? 'nothing_to_undo' : null)
  if (refusal) return refusal
  const { failure_category } = item
  const text = item.corrected_response ?? item.draft?.text ?? ''
  if (text !== '' || failure_category) insert(ledger, item, { text, failure_category }, null)
  Object.assign(item, { status: 'needs_review', corrected_response: null, failure_category: null })
  return json({ ...logged(ledger, item, 'undo', body), draft: item.draft })
}

export function draftSaved(ledger: Ledger, item: QueueItem, body: Body): Response {
  const { draft } = item
  const now = ledger.texts.find(({ id, state }) => id === item.id && state === 'draft')
  const words = body as Pick<Draft, 'text' | 'failure_category'>
  if (draft && isSame(draft, words)) return json({ ok: true, revision: draft.revision })
  const isOwn = now !== undefined && now.writer === (body.writer ?? null)
  if (draft && !isOwn && typeof body.base_revision === 'number' && body.base_revision !== draft.revision) {
    ledger.texts.push({ ...textOf(ledger, item, words), revision: 0, writer: null, state: 'earlier' })
    return problem(409, 'stale_draft', 'Another text was written.', { draft })
  }
  if (isOwn && (!isBlank(words.text) || isBlank(now.text))) {
    ledger.texts = ledger.texts.filter((each) => each !== now)
  }
  insert(ledger, item, words, String(body.writer))
  return json({ ok: true, revision: item.draft?.revision })
}

function isSame(one: Pick<Draft, 'text' | 'failure_category'>, other: typeof one): boolean {
  return one.text === other.text && one.failure_category === other.failure_category
}

/** Becomes the draft; the one before is an earlier text. */
function insert(
  ledger: Ledger,
  item: QueueItem,
  words: Pick<Draft, 'text' | 'failure_category'>,
  writer: string | null,
): void {
  if (item.draft && isSame(item.draft, words)) return
  const text = textOf(ledger, item, words)
  putAway(ledger, item)
  ledger.texts.push({ ...text, writer, state: 'draft' })
  const { text: typed, failure_category, began_from, revision, reviewer, saved_at } = text
  item.draft = { text: typed, failure_category, began_from, revision, reviewer, saved_at }
}

function textOf({ texts }: Ledger, item: QueueItem, words: object) {
  const last = Math.max(
    item.draft?.revision ?? 0,
    ...texts.map(({ id, revision }) => (id === item.id ? revision : 0)),
  )
  const draft = { text: '', failure_category: null, began_from: null, reviewer: REVIEWER, saved_at: NOW }
  return { ...draft, ...words, id: item.id, revision: last + 1 }
}

const NOW = '2026-04-07T12:00:00.000Z'

function putAway({ texts }: Ledger, item: QueueItem): void {
  for (const text of texts) if (text.id === item.id) text.state = 'earlier'
  item.draft = null
}

function repeated({ log }: Ledger, body: Body): object | null {
  const row = log.find(({ decision_id }) => decision_id === body.decision_id)
  return row && row.action !== undefined ? told(row) : null
}

function conflict({ log }: Ledger, item: QueueItem, body: Body, code: string | null): Response | null {
  const isStale = typeof body.version === 'number' && body.version !== item.version
  if (!isStale && code === null) return null
  const decision = log.findLast(({ id }) => id === item.id) ?? null
  const { draft: _, ...candidate } = item
  return problem(409, code ?? 'stale_version', 'Somebody was faster.', { candidate, decision })
}

function logged({ log }: Ledger, item: QueueItem, action: Decision['action'], body: Body): object {
  item.version += 1
  const { id, version, corrected_response, failure_category } = item
  const decided_at = new Date(Date.UTC(2026, 3, 7, 12, log.length)).toISOString()
  const provenance = {
    active_seconds: (body.active_seconds as number | null | undefined) ?? null,
    began_from: (body.began_from as Decision['began_from'] | undefined) ?? null,
  }
  const row = { action, corrected_response, failure_category, version, reviewer: REVIEWER, decided_at }
  const entry = { ...row, ...provenance, id, decision_id: String(body.decision_id) }
  log.push(entry)
  return told(entry)
}

function told({ id, decision_id, action, version }: Logged): object {
  return { ok: true, id, decision_id, status: STATUS_AFTER[action], version }
}
