/** Owns the answers that the faked network gives: what the server would say of the cards of a test. */
import type {
  Answer,
  CandidateRow,
  ImportSummary,
  QueueItem,
  RecentDecision,
  Run,
  Stats,
} from '../../contract.ts'
import { STATUSES } from '../../domain/candidate.ts'
import { type Action, STATUS_AFTER } from '../../domain/decision.ts'
import { scoreBand } from '../../domain/score-band.ts'

type Logged = Answer<'candidate'>['history'][number] & { id: string }
/** What a test sets up beside its cards, and may change while it runs. */
export type World = {
  stored: QueueItem[]
  log: Logged[]
  runs: Run[]
  reports: Answer<'importReport'>[]
  config: Answer<'config'>
  /** Cards that the search does not know yet. */
  unindexed: number
  /** What the endpoints of the export say; without it there are none. */
  exports: ((asked: Asked) => Response | undefined) | undefined
  /** What an import by this path or run brings. */
  imports: (name: string) => Answer<'importRun'> | Response
}
export type Asked = { method: string; path: string; query: URLSearchParams; body: Record<string, unknown> }

export function json(body: object): Response {
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })
}

export function problem(status: number, code: string, detail: string, more: object = {}): Response {
  const body = JSON.stringify({ type: 'about:blank', title: code, status, detail, code, ...more })
  return new Response(body, { status, headers: { 'content-type': 'application/problem+json' } })
}

export function answer(world: World, asked: Asked): Response {
  const { method, path, query, body } = asked
  if (path === '/api/sft/queue') return json(queuePage(world, query))
  if (path === '/api/sft/stats') return json(statsOf(filtered(world.stored, query)))
  if (path === '/api/sft/candidates') return json(listPage(world, query))
  if (path === '/api/sft/decisions') return json(recent(world))
  if (path === '/api/sft/runs') return json(world.runs)
  if (path === '/api/sft/import') return imported(world, body)
  if (path === '/api/sft/imports') return json(world.reports.map(summaryOf))
  if (path.startsWith('/api/sft/imports/')) return reportOf(world, path)
  if (path === '/api/sft/config') return config(world, method, body)
  const exported = world.exports?.(asked)
  if (exported) return exported
  const item = world.stored.find(
    (each) => each.id === (body.id ?? decodeURIComponent(path.split('/').at(-1) ?? '')),
  )
  if (!item) return problem(404, 'not_found', 'There is no such card.')
  if (path === '/api/sft/submit') return json(submitted(world, item, body))
  if (path === '/api/sft/undo') return undone(world, item, body)
  if (path.startsWith('/api/sft/candidates/')) return json(detailsOf(world, item))
  item.draft = { text: String(body.text), failure_category: null, revision: 1, saved_at: '' }
  return json({ ok: true, revision: 1 })
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

function queuePage({ stored }: World, query: URLSearchParams): object {
  const waiting = filtered(stored, query).filter((item) => item.status === 'needs_review')
  return paged(waiting, query, 20)
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

function detailsOf({ log }: World, { draft, ...candidate }: QueueItem): object {
  return { candidate, history: log.filter((each) => each.id === candidate.id), draft }
}

function submitted(world: World, item: QueueItem, body: Record<string, unknown>): object {
  item.status = STATUS_AFTER[body.action as Action]
  item.corrected_response = (body.corrected_response as string | null) ?? null
  item.failure_category = (body.failure_category as QueueItem['failure_category']) ?? null
  item.draft = null
  return logged(world, item, body.action as Action, String(body.decision_id))
}

function undone(world: World, item: QueueItem, body: Record<string, unknown>): Response {
  if (item.status === 'needs_review') return problem(409, 'nothing_to_undo', 'There is nothing to undo.')
  const { failure_category } = item
  const draft = { text: item.corrected_response ?? '', failure_category, revision: 1, saved_at: '' }
  Object.assign(item, { status: 'needs_review', corrected_response: null, failure_category: null, draft })
  return json({ ...logged(world, item, 'undo', String(body.decision_id)), draft })
}

function logged({ log }: World, item: QueueItem, action: Logged['action'], decision_id: string): object {
  item.version += 1
  const { id, status, version, corrected_response, failure_category } = item
  const decided_at = new Date(Date.UTC(2026, 3, 7, 12, log.length)).toISOString()
  const row = { action, corrected_response, failure_category, version, reviewer: 'ada', decided_at }
  log.push({ ...row, id, decision_id })
  return { ok: true, id, decision_id, status, version }
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

function imported(world: World, body: Record<string, unknown>): Response {
  const report = world.imports(String(body.run_id ?? body.path))
  return report instanceof Response ? report : json(report)
}

function summaryOf({
  files: _,
  problems,
  conflicts,
  warnings,
  ...summary
}: Answer<'importReport'>): ImportSummary {
  return summary
}

function reportOf({ reports }: World, path: string): Response {
  const report = reports.find((each) => String(each.import_id) === path.split('/').at(-1))
  return report ? json(report) : problem(404, 'not_found', 'There is no such import.')
}

function config(world: World, method: string, body: Record<string, unknown>): Response {
  if (method === 'GET') return json(world.config)
  world.config.bench_results_dir = String(body.bench_results_dir)
  return json({ bench_results_dir: world.config.bench_results_dir })
}
