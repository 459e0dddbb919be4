/** Owns every call to the server: one function per endpoint, one error for everything that can go wrong. */
import type { Answer, Body, EndpointName, Query, SftQueueItem, SubmitRequest } from '../contract.ts'

/** `status` 0 means that nobody answered. `candidate` is the card as the server has it, sent with a conflict. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly candidate: SftQueueItem | null

  constructor(status: number, code: string, detail: string, candidate: SftQueueItem | null = null) {
    super(detail)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.detail = detail
    this.candidate = candidate
  }

  /** Nobody decided anything: the same request may be sent again. */
  get unanswered(): boolean {
    return this.status === 0 || this.status >= 500
  }
}

/** Longer than a busy disk needs, shorter than a person waits before closing the tab. */
const PATIENCE_MS = 15_000
/** A write outlives the page that sent it, if it is small: browsers refuse more than 64 KiB of such requests at once. */
const OUTLIVING_BYTES = 15_000
const LAST_WORDS_BYTES = 60_000

export const EXPORT_URL = '/api/sft/export'

export function fetchQueue(query: Partial<Query<'queue'>> = {}): Promise<Answer<'queue'>> {
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
  return call<'queue'>('GET', `/api/sft/queue?${search}`)
}

export function fetchStats(): Promise<Answer<'stats'>> {
  return call<'stats'>('GET', '/api/sft/stats')
}

export function submit(request: SubmitRequest): Promise<Answer<'submit'>> {
  return call<'submit'>('POST', '/api/sft/submit', request)
}

export function undo(request: Body<'undo'>): Promise<Answer<'undo'>> {
  return call<'undo'>('POST', '/api/sft/undo', request)
}

/** `isClosing`: the page may go away before the answer comes. */
export function saveDraft(
  id: string,
  draft: Body<'saveDraft'>,
  isClosing = false,
): Promise<Answer<'saveDraft'>> {
  return call<'saveDraft'>('PUT', `/api/sft/drafts/${encodeURIComponent(id)}`, draft, isClosing)
}

async function call<N extends EndpointName>(
  method: string,
  path: string,
  body?: object,
  isClosing = false,
): Promise<Answer<N>> {
  const response = await send(path, requestOf(method, body, isClosing))
  if (!response.ok) throw await refusal(response)
  try {
    return (await response.json()) as Answer<N>
  } catch {
    throw new ApiError(0, 'unreadable_answer', 'The answer of the server broke off.')
  }
}

function requestOf(method: string, body: object | undefined, isClosing: boolean): RequestInit {
  if (!body) return { method }
  const json = JSON.stringify(body)
  const keepalive = new TextEncoder().encode(json).length < (isClosing ? LAST_WORDS_BYTES : OUTLIVING_BYTES)
  return { method, body: json, headers: { 'content-type': 'application/json' }, keepalive }
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) })
  } catch {
    throw new ApiError(0, 'unreachable', 'The server does not answer.')
  }
}

async function refusal(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Record<string, unknown>
  const code = typeof problem.code === 'string' ? problem.code : 'unknown'
  const detail =
    typeof problem.detail === 'string' ? problem.detail : `The server answered ${response.status}.`
  return new ApiError(response.status, code, detail, (problem.candidate as SftQueueItem | undefined) ?? null)
}
