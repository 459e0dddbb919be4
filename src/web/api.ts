/** Owns every call to the server: one function per endpoint, one error for everything that can go wrong. */
import type {
  Answer,
  Body,
  Decision,
  Draft,
  EndpointName,
  Query,
  SftQueueItem,
  SubmitRequest,
} from '../contract.ts'

/** Sent with a conflict: the card as the server has it, the last decision on it, the draft that is in the way. */
type InTheWay = { candidate: SftQueueItem | null; decision: Decision | null; draft: Draft | null }

/** `status` 0 means that nobody answered. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly candidate: SftQueueItem | null
  readonly decision: Decision | null
  readonly draft: Draft | null

  constructor(status: number, code: string, detail: string, inTheWay: Partial<InTheWay> = {}) {
    super(detail)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.detail = detail
    this.candidate = inTheWay.candidate ?? null
    this.decision = inTheWay.decision ?? null
    this.draft = inTheWay.draft ?? null
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

export function rejectedLinesUrl(importId: number, kind: Query<'rejectedLines'>['kind']): string {
  return `/api/sft/imports/${importId}/rejected${search({ kind })}`
}

export function fetchQueue(query: Partial<Query<'queue'>> = {}): Promise<Answer<'queue'>> {
  return call<'queue'>('GET', `/api/sft/queue${search(query)}`)
}

export function fetchStats(query: Partial<Query<'stats'>> = {}): Promise<Answer<'stats'>> {
  return call<'stats'>('GET', `/api/sft/stats${search(query)}`)
}

export function fetchCandidates(query: Partial<Query<'listCandidates'>>): Promise<Answer<'listCandidates'>> {
  return call<'listCandidates'>('GET', `/api/sft/candidates${search(query)}`)
}

export function fetchCandidate(id: string): Promise<Answer<'candidate'>> {
  return call<'candidate'>('GET', `/api/sft/candidates/${encodeURIComponent(id)}`)
}

export function fetchDecisions(limit: number): Promise<Answer<'recentDecisions'>> {
  return call<'recentDecisions'>('GET', `/api/sft/decisions${search({ limit })}`)
}

export function fetchRuns(): Promise<Answer<'listRuns'>> {
  return call<'listRuns'>('GET', '/api/sft/runs')
}

export function fetchImports(): Promise<Answer<'listImports'>> {
  return call<'listImports'>('GET', '/api/sft/imports')
}

/** From `offset` on, of each list. */
export function fetchImportReport(id: string, offset = 0): Promise<Answer<'importReport'>> {
  const page = search({ offset: offset || undefined })
  return call<'importReport'>('GET', `/api/sft/imports/${encodeURIComponent(id)}${page}`)
}

export function fetchConfig(): Promise<Answer<'config'>> {
  return call<'config'>('GET', '/api/sft/config')
}

export function saveConfig(config: Body<'saveConfig'>): Promise<Answer<'saveConfig'>> {
  return call<'saveConfig'>('POST', '/api/sft/config', config)
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
  return call<'saveDraft'>('PUT', `/api/sft/drafts/${encodeURIComponent(id)}`, draft, { isClosing })
}

export function toApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, 'unexpected', String(error))
}

/** `patience` null waits for ever. */
type Manner = { isClosing?: boolean; patience?: number | null }

async function call<N extends EndpointName>(
  method: string,
  path: string,
  body?: object,
  { isClosing = false, patience = PATIENCE_MS }: Manner = {},
): Promise<Answer<N>> {
  const signal = patience === null ? null : AbortSignal.timeout(patience)
  const response = await send(path, { ...requestOf(method, body, isClosing), signal })
  if (!response.ok) throw await refusal(response)
  try {
    return (await response.json()) as Answer<N>
  } catch {
    throw new ApiError(0, 'unreadable_answer', 'The answer of the server broke off.')
  }
}

type Asked = string | number | boolean | undefined

/** With its question mark; nothing where nothing is asked for. A list is asked for value by value. */
function search(query: Record<string, Asked | Asked[]>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    [value]
      .flat()
      .filter((one) => one !== undefined && one !== '')
      .map((one) => [name, String(one)]),
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

function requestOf(method: string, body: object | undefined, isClosing: boolean): RequestInit {
  if (!body) return { method }
  const json = JSON.stringify(body)
  const keepalive = new TextEncoder().encode(json).length < (isClosing ? LAST_WORDS_BYTES : OUTLIVING_BYTES)
  return { method, body: json, headers: { 'content-type': 'application/json' }, keepalive }
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init)
  } catch {
    throw new ApiError(0, 'unreachable', 'The server does not answer.')
  }
}

async function refusal(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Record<string, unknown>
  const code = typeof problem.code === 'string' ? problem.code : 'unknown'
  const detail =
    typeof problem.detail === 'string' ? problem.detail : `The server answered ${response.status}.`
  return new ApiError(response.status, code, detail, problem as Partial<InTheWay>)
}

export function startImport(what: Body<'startImport'>): Promise<Answer<'startImport'>> {
  return call<'startImport'>('POST', '/api/sft/imports', what)
}

export function cancelImport(id: number): Promise<Answer<'cancelImport'>> {
  return call<'cancelImport'>('POST', `/api/sft/imports/${id}/cancel`)
}

export function fetchWanted(names: string[]): Promise<Answer<'wantedFiles'>> {
  return call<'wantedFiles'>('POST', '/api/sft/uploads/wanted', { names })
}

export function fetchWatch(): Promise<Answer<'watch'>> {
  return call<'watch'>('GET', '/api/sft/watch')
}

export function setWatch(on: boolean): Promise<Answer<'setWatch'>> {
  return call<'setWatch'>('PUT', '/api/sft/watch', { on })
}

type Sending = { onSent: (bytes: number) => void; signal: AbortSignal }

/** Sends a file from the disk as it is. Only this kind of request tells how far it is. */
export function uploadFile(name: string, file: File, { onSent, signal }: Sending): Promise<Answer<'upload'>> {
  const request = new XMLHttpRequest()
  const { promise, resolve, reject } = Promise.withResolvers<Answer<'upload'>>()
  const abort = () => request.abort()
  request.open('POST', `/api/sft/uploads${search({ name })}`)
  request.responseType = 'text'
  request.upload.onprogress = ({ loaded }) => onSent(loaded)
  request.onload = () => {
    const response = new Response(request.responseText, { status: request.status })
    if (response.ok) response.json().then(resolve, reject)
    else refusal(response).then(reject)
  }
  request.onerror = () => {
    reject(new ApiError(0, 'unreachable', `${name} could not be sent: it was moved, or the server is gone.`))
  }
  request.onabort = () => reject(new ApiError(0, 'cancelled', `${name} was not sent to its end.`))
  signal.addEventListener('abort', abort)
  request.send(file)
  return promise.finally(() => signal.removeEventListener('abort', abort))
}

/** What an export may be asked for; left out means all, or the usual. */
export type ExportChoice = {
  [Name in keyof Query<'export'>]?: Query<'export'>[Name] extends boolean
    ? true | undefined
    : Query<'export'>[Name] | undefined
}

/** Counting a million corrections takes a while. */
const COUNTING_MS = 60_000

export function exportUrl(choice: ExportChoice): string {
  return `/api/sft/export${search(choice)}`
}

export function fetchExportPreview(choice: ExportChoice): Promise<Answer<'exportPreview'>> {
  const path = `/api/sft/export/preview${search(choice)}`
  return call<'exportPreview'>('GET', path, undefined, { patience: COUNTING_MS })
}

export function fetchFormats(): Promise<Answer<'formats'>> {
  return call<'formats'>('GET', '/api/sft/formats')
}

export function fetchExports(): Promise<Answer<'listExports'>> {
  return call<'listExports'>('GET', '/api/sft/exports')
}

export function fetchReviewers(): Promise<Answer<'listReviewers'>> {
  return call<'listReviewers'>('GET', '/api/sft/reviewers')
}
