/** Owns the answers that the faked network gives: what the server would say of the cards of a test. */
import type { Answer, CandidateRow, QueueItem, RecentDecision, Run, Stats } from '../../contract.ts'
import { STATUSES } from '../../domain/candidate.ts'
import { scoreBand } from '../../domain/score-band.ts'
import { answerImport } from '../import/fake-imports.ts'
import {
  detailsOf,
  draftSaved,
  json,
  type Logged,
  problem,
  submitted,
  type Text,
  undone,
} from './fake-decisions.ts'

export { json, problem }
/** What a test sets up beside its cards, and may change while it runs. */
export type World = {
  stored: QueueItem[]
  log: Logged[]
  /** Every text that was ever typed. */
  texts: Text[]
  runs: Run[]
  reports: Answer<'importReport'>[]
  config: Answer<'config'>
  /** Cards that the search does not know yet. */
  unindexed: number
  /** What the endpoints of the export say; without it there are none. */
  exports: ((asked: Asked) => Response | undefined) | undefined
  /** What an import of this path, run or upload comes to; it is there as soon as it has begun. */
  imports: (name: string) => Answer<'importReport'> | Response
  watch: Answer<'watch'>
}
export type Asked = { method: string; path: string; query: URLSearchParams; body: Record<string, unknown> }

export function answer(world: World, asked: Asked): Response {
  const { method, path, query, body } = asked
  if (path === '/api/sft/queue') return queuePage(world, query)
  if (path === '/api/sft/stats') return json(statsOf(filtered(world.stored, query)))
  if (path === '/api/sft/candidates') return json(listPage(world, query))
  if (path === '/api/sft/decisions') return json(recent(world))
  if (path === '/api/sft/runs') return json(world.runs)
  if (/^\/api\/sft\/(imports|uploads|watch)/.test(path)) return answerImport(world, asked)
  if (path === '/api/sft/config') return config(world, method, body)
  const exported = world.exports?.(asked)
  if (exported) return exported
  const item = world.stored.find(
    (each) => each.id === (body.id ?? decodeURIComponent(path.split('/').at(-1) ?? '')),
  )
  if (!item) return problem(404, 'not_found', 'There is no such card.')
  if (path === '/api/sft/submit') return submitted(world, item, body)
  if (path === '/api/sft/undo') return undone(world, item, body)
  if (path.startsWith('/api/sft/candidates/')) return json(detailsOf(world, item))
  return draftSaved(world, item, body)
}

function filtered(stored: QueueItem[], query: URLSearchParams): QueueItem[] {
  const words = (query.get('q') ?? '').toLowerCase().split(/\s+/)
  return stored.filter((item) => {
    const band = item.quality_score === null ? 'none' : scoreBand(item.quality_score)
    const text = `${item.model_response} ${item.task_name} ${item.failure_reason}`.toLowerCase()
    const is = (name: string, value: string | null) => !query.has(name) || query.get(name) === value
    const category = item.status === 'needs_review' ? null : (item.failure_category ?? 'none')
    return (
      is('run_id', item.run_id) &&
      is('model_name', item.model_name ?? 'unknown') &&
      is('task_type', item.task_type ?? 'unknown') &&
      is('score_band', band) &&
      is('status', item.status) &&
      is('failure_category', category) &&
      words.every((word) => text.includes(word))
    )
  })
}

function paged<T>(items: T[], query: URLSearchParams, usual: number) {
  const page = Number(query.get('page') ?? 1)
  const per_page = Number(query.get('per_page') ?? usual)
  const start = (page - 1) * per_page
  return { items: structuredClone(items.slice(start, start + per_page)), total: items.length, page, per_page }
}

function queuePage({ stored }: World, query: URLSearchParams): Response {
  const waiting = filtered(stored, query).filter((item) => item.status === 'needs_review')
  const after = query.get('after')
  const place = after === null ? -1 : stored.findIndex((item) => item.id === after)
  if (after !== null && place < 0) return problem(404, 'not_found', 'There is no such card.')
  const behind = waiting.filter((item) => stored.indexOf(item) > place)
  return json({ ...paged(behind, query, 20), total: waiting.length })
}

function listPage({ stored, log, unindexed }: World, query: URLSearchParams): object {
  const rows = filtered(stored, query).map((item) => rowOf(item, log))
  const keys = {
    decided: (row: CandidateRow) => row.decided_at,
    score: (row: CandidateRow) => row.quality_score,
    task: (row: CandidateRow) => row.task_name,
    model: (row: CandidateRow) => row.model_name,
  }
  const key = keys[query.get('sort') as keyof typeof keys]
  if (key) rows.sort((a, b) => ((key(a) ?? '') < (key(b) ?? '') ? -1 : 1))
  if (query.get('order') === 'desc') rows.reverse()
  return { ...paged(rows, query, 50), unindexed }
}

function rowOf(item: QueueItem, log: Logged[]): CandidateRow {
  const last = log.findLast((each) => each.id === item.id)
  const { id, run_id, status, failure_category, decided_elsewhere, version } = item
  const { model_name, task_type, task_name, quality_score } = item
  const decided_at = last && last.action !== 'undo' ? last.decided_at : null
  return {
    ...{ id, run_id, status, failure_category, decided_elsewhere, version },
    ...{ model_name, task_type, task_name, quality_score, decided_at },
  }
}

function recent({ stored, log }: World): RecentDecision[] {
  return log
    .map(({ corrected_response: _, ...row }) => {
      const item = stored.find((each) => each.id === row.id)
      const { task_name = null, model_name = null, version = 0 } = item ?? {}
      return { ...row, task_name, model_name, is_latest: version === row.version }
    })
    .reverse()
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
    breakdown: stored.map(({ model_name, task_type, failure_category, status }) => ({
      ...{ model_name, task_type, failure_category, status },
      n: 1,
    })),
  }
}

/** Runs as the cards make them up, all of them imported. */
export function runsOf(stored: QueueItem[]): Run[] {
  return [...Map.groupBy(stored, (item) => item.run_id)].map(([run_id, items]) => ({
    run_id,
    directory: `dir-${run_id}`,
    timestamp: '2026-04-07T14:30:22',
    candidate_count: items.length,
    already_imported: true,
    import_state: 'all' as const,
    by_status: Object.fromEntries(
      STATUSES.map((status) => [status, items.filter((item) => item.status === status).length]),
    ) as Run['by_status'],
    models: [...new Set(items.map((item) => item.model_name ?? 'unknown'))],
  }))
}

function config(world: World, method: string, body: Record<string, unknown>): Response {
  if (method === 'GET') return json(world.config)
  world.config.bench_results_dir = String(body.bench_results_dir)
  return json({ bench_results_dir: world.config.bench_results_dir })
}
