/** Owns the network that the tests of the page stand on: `fetch` answers as the server would, and says what it was asked. */
import { vi } from 'vitest'
import type { QueueItem } from '../../contract.ts'
import { type Asked, answer, json, problem, type World } from './fake-server.ts'

export { problem }
export type Call = Asked & { keepalive: boolean }
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

export function fakeNetwork(stored: QueueItem[], more: Partial<Omit<World, 'stored'>> = {}) {
  const calls: Call[] = []
  const once: { path: string; respond: Responder }[] = []
  const world: World = {
    ...{ stored, log: [], texts: [], runs: [], reports: [], unindexed: 0, exports: undefined },
    config: { bench_results_dir: '', example_runs: null },
    imports: () => problem(404, 'not_found', 'There is nothing there.'),
    watch: { on: false, paths: [], looked_at: null, import_id: null, trouble: null },
    ...more,
  }
  const { fetch: real } = window
  let isDown = false

  async function respond(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const { pathname: path, searchParams: query } = new URL(String(input), location.href)
    // The test runner speaks through the same window.
    if (!path.startsWith('/api/sft/')) return real(input, init)
    const body = init?.body ? JSON.parse(String(init.body)) : {}
    const asked = { method: init?.method ?? 'GET', path, query, body }
    calls.push({ ...asked, keepalive: init?.keepalive ?? false })
    const index = once.findIndex((rule) => path.includes(rule.path))
    if (index >= 0) return once.splice(index, 1)[0]?.respond() ?? json({})
    if (isDown) throw new TypeError('Failed to fetch')
    return answer(world, asked)
  }

  vi.stubGlobal('fetch', respond)
  return {
    calls,
    world,
    of: (path: string) => calls.filter((call) => call.path.includes(path)),
    answerOnce: (path: string, respond: Responder) => void once.push({ path, respond }),
    /** The next call to this path is answered only when the returned function is called. */
    hold(path: string, refusal?: Response): () => void {
      const { promise, resolve } = Promise.withResolvers<void>()
      const respond = async (): Promise<Response> => {
        const asked = calls.at(-1) as Call
        // What was read is as old as the question; what is written happens late.
        const read = asked.method === 'GET' ? answer(world, asked) : null
        await promise
        return refusal ?? read ?? answer(world, asked)
      }
      once.push({ path, respond })
      return resolve
    },
    /** The next call to this path is heard, and its answer never arrives. */
    loseAnswer(path: string): void {
      const respond = async (): Promise<Response> => {
        answer(world, calls.at(-1) as Call)
        throw new TypeError('Failed to fetch')
      }
      once.push({ path, respond })
    },
    /** The server is there again, and no browser notices. */
    wakeUp: () => {
      isDown = false
    },
    /** The browser notices a network that is back, and tells. */
    goDown: (down: boolean) => {
      isDown = down
      if (!down) window.dispatchEvent(new Event('online'))
    },
    restore: () => void vi.unstubAllGlobals(),
  }
}
