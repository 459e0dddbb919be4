/** Owns the network that the tests of the page stand on: `fetch` answers as the server would, and says what it was asked. */
import { vi } from 'vitest'
import type { QueueItem, Stats } from '../../contract.ts'
import { type Action, STATUS_AFTER } from '../../domain/decision.ts'

export type Call = { method: string; path: string; body: Record<string, unknown>; keepalive: boolean }
type Responder = () => Response | Promise<Response>

/** A card with everything on it; `changes` take away or add. */
export function card(id: string, changes: Partial<QueueItem> = {}): QueueItem {
  return {
    id,
    source: 'cf-orch-benchmark',
    benchmark_run_id: 'run-1',
    run_id: 'run-1',
    timestamp: '2026-04-07T14:31:34Z',
    status: 'needs_review',
    prompt_messages: [
      { role: 'system', content: 'Answer with code only.' },
      { role: 'user', content: 'Write median(values).' },
    ],
    model_response: 'def median(values):\n    return values[0]',
    corrected_response: null,
    quality_score: 0.3,
    failure_reason: 'pattern_match: 1/3 required patterns matched',
    failure_category: null,
    task_id: 'code-function',
    task_type: 'code',
    task_name: `Task ${id}`,
    model_id: 'Qwen/Qwen2.5-3B-Instruct',
    model_name: 'Qwen2.5-3B',
    node_id: 'heimdall',
    gpu_id: 0,
    tokens_per_sec: 38.4,
    decided_elsewhere: false,
    version: 0,
    draft: null,
    ...changes,
  }
}

export function cards(count: number): QueueItem[] {
  return Array.from({ length: count }, (_, index) => card(`c${index + 1}`))
}

export function problem(status: number, code: string, detail: string, more: object = {}): Response {
  const body = JSON.stringify({ type: 'about:blank', title: code, status, detail, code, ...more })
  return new Response(body, { status, headers: { 'content-type': 'application/problem+json' } })
}

export function fakeNetwork(stored: QueueItem[]) {
  const calls: Call[] = []
  const once: { path: string; respond: Responder }[] = []
  const { fetch: real } = window
  let isDown = false

  async function respond(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const path = new URL(String(input), location.href).pathname
    // The test runner speaks through the same window.
    if (!path.startsWith('/api/sft/')) return real(input, init)
    const body = init?.body ? JSON.parse(String(init.body)) : {}
    calls.push({ method: init?.method ?? 'GET', path, body, keepalive: init?.keepalive ?? false })
    const index = once.findIndex((rule) => path.includes(rule.path))
    if (index >= 0) return once.splice(index, 1)[0]?.respond() ?? json({})
    if (isDown) throw new TypeError('Failed to fetch')
    return answer(stored, path, body)
  }

  vi.stubGlobal('fetch', respond)
  return {
    calls,
    of: (path: string) => calls.filter((call) => call.path.includes(path)),
    answerOnce: (path: string, respond: Responder) => void once.push({ path, respond }),
    /** The next call to this path is answered only when the returned function is called. */
    hold(path: string, refusal?: Response): () => void {
      const { promise, resolve } = Promise.withResolvers<void>()
      const respond = async (): Promise<Response> => {
        const { method, path: asked, body } = calls.at(-1) ?? { method: 'GET', path, body: {} }
        // What was read is as old as the question; what is written happens late.
        const read = method === 'GET' ? answer(stored, asked, body) : null
        await promise
        return refusal ?? read ?? answer(stored, asked, body)
      }
      once.push({ path, respond })
      return resolve
    },
    goDown: (down: boolean) => {
      isDown = down
    },
    restore: () => void vi.unstubAllGlobals(),
  }
}

function answer(stored: QueueItem[], path: string, body: Record<string, unknown>): Response {
  if (path === '/api/sft/queue') return json(pageOf(stored))
  if (path === '/api/sft/stats') return json(statsOf(stored))
  const item = stored.find(
    (each) => each.id === (body.id ?? decodeURIComponent(path.split('/').at(-1) ?? '')),
  )
  if (!item) return problem(404, 'not_found', 'There is no such card.')
  if (path === '/api/sft/submit') return json(submitted(item, body))
  if (path === '/api/sft/undo') return json(undone(item, body))
  item.draft = { text: String(body.text), failure_category: null, revision: 1, saved_at: '' }
  return json({ ok: true, revision: 1 })
}

function submitted(item: QueueItem, body: Record<string, unknown>): object {
  item.status = STATUS_AFTER[body.action as Action]
  item.corrected_response = (body.corrected_response as string | null) ?? null
  item.failure_category = (body.failure_category as QueueItem['failure_category']) ?? null
  item.version += 1
  item.draft = null
  return { ok: true, id: item.id, decision_id: body.decision_id, status: item.status, version: item.version }
}

function undone(item: QueueItem, body: Record<string, unknown>): object {
  const draft = {
    text: item.corrected_response ?? '',
    failure_category: item.failure_category,
    revision: 1,
    saved_at: '',
  }
  Object.assign(item, { status: 'needs_review', corrected_response: null, failure_category: null, draft })
  item.version += 1
  const { id, status, version } = item
  return { ok: true, id, decision_id: body.decision_id, status, version, draft }
}

function pageOf(stored: QueueItem[]): object {
  const waiting = stored.filter((item) => item.status === 'needs_review')
  return { items: structuredClone(waiting.slice(0, 20)), total: waiting.length, page: 1, per_page: 20 }
}

function statsOf(stored: QueueItem[]): Stats {
  const by_status = { needs_review: 0, approved: 0, discarded: 0, model_rejected: 0 }
  const by_failure_category: Record<string, number> = {}
  for (const { status, failure_category } of stored) {
    by_status[status] += 1
    const reason = failure_category ?? 'none'
    if (status !== 'needs_review') by_failure_category[reason] = (by_failure_category[reason] ?? 0) + 1
  }
  return {
    total: stored.length,
    by_status,
    by_model: {},
    by_task_type: {},
    by_failure_category,
    export_ready: by_status.approved,
  }
}

function json(body: object): Response {
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })
}
