/** Owns what the faked network answers about imports: start, follow, cancel, report, uploads, watch. */
import type { Answer, ImportSummary, ShownProblem } from '../../contract.ts'
import { type Asked, json, problem, type World } from '../review/fake-server.ts'

export type Report = Answer<'importReport'>

const PAGE = 200
const PATH = '/bench/2026-04-09-091512/sft_candidates.jsonl'

/** Of a damaged run: sixteen cards, and a line of every kind of trouble. */
export function importReport(changes: Partial<Report> = {}): Report {
  return {
    ...{ import_id: 7, source: 'benchmark', reviewer: 'ada', state: 'finished', trouble: null },
    ...{ started_at: '2026-04-10T10:00:00Z', finished_at: '2026-04-10T10:00:01Z' },
    totals: { lines: 23, imported: 16, duplicate: 1, conflict: 1, rejected: 4, skipped: 0, blank: 1 },
    ...{ size: 4000, bytes_read: 4000, lines_per_second: 23, seconds_left: null },
    ...{ paths: [PATH], files: [fileReport()], file_count: 1, ignored: { count: 0, paths: [] } },
    problems: [
      lineProblem(6, 'JSON_SYNTAX', 'the line is cut off', { text: '{"id":' }),
      lineProblem(11, 'ID_MISSING', 'there is no id'),
      lineProblem(16, 'JSON_SYNTAX', 'a comma is missing', { text: '{"id" "a\u200bb"}' }),
      lineProblem(23, 'LINE_TOO_LONG', 'more than 64 MB', { text: null }),
    ],
    conflicts: [lineProblem(18, 'ID_CONFLICT', 'id "x" is known', { text: '{"id":"x"', is_cut: true })],
    warnings: { EMPTY_RESPONSE: 2, SOMETHING_NEW: 1 },
    ...changes,
  }
}

/** Of an import that is half done. */
export function runningReport(changes: Partial<Report> = {}): Report {
  const totals = { lines: 5, imported: 5, duplicate: 0, conflict: 0, rejected: 0, skipped: 0, blank: 0 }
  return importReport({
    ...{ state: 'running', finished_at: null, bytes_read: 1000, totals, problems: [], conflicts: [] },
    ...{ lines_per_second: 1250, seconds_left: 8, warnings: {}, ...changes },
  })
}

export function fileReport(changes: Partial<Report['files'][number]> = {}): Report['files'][number] {
  const counts = { lines: 23, imported: 16, duplicate: 1, conflict: 1, rejected: 4, skipped: 0, blank: 1 }
  return { ...counts, path: PATH, ...changes }
}

export function lineProblem(
  line: number,
  code: string,
  reason: string,
  changes: Partial<ShownProblem> = {},
): ShownProblem {
  const shown = { text: `line ${line}`, is_cut: false, remedy: `Mend ${code}.` }
  return { path: PATH, line, code, reason, ...shown, ...changes }
}

export function answerImport(world: World, { method, path, query, body }: Asked): Response {
  const [, id, act] = /^\/api\/sft\/imports(?:\/(\d+))?(?:\/(\w+))?$/.exec(path) ?? []
  if (path === '/api/sft/watch') return watch(world, method, body)
  if (path === '/api/sft/uploads/wanted') return json({ wanted: (body.names as string[]).filter(isWanted) })
  if (id !== undefined) return one(world, Number(id), act, Number(query.get('offset') ?? 0))
  if (method === 'GET') return json(world.reports.map(summaryOf))
  const report = world.imports(String(body.run_id ?? body.path ?? body.uploads))
  if (report instanceof Response) return report
  world.reports.unshift(report)
  return json({ import_id: report.import_id })
}

export function isWanted(name: string): boolean {
  return /(^|\/)sft_candidates\.jsonl$/.test(name)
}

function watch(world: World, method: string, body: Asked['body']): Response {
  if (method === 'PUT') world.watch = { ...world.watch, on: body.on as boolean }
  return json(world.watch)
}

function summaryOf({ files: _, problems, conflicts, warnings, ignored, ...summary }: Report): ImportSummary {
  return summary
}

function one({ reports }: World, id: number, act: string | undefined, offset: number): Response {
  const report = reports.find(({ import_id }) => import_id === id)
  if (!report) return problem(404, 'not_found', 'There is no such import.')
  if (act === 'cancel') Object.assign(report, { state: 'cancelled', seconds_left: null })
  if (act === 'cancel') return json(summaryOf(report))
  const { problems, conflicts } = report
  const page = <T>(list: T[]) => list.slice(offset, offset + PAGE)
  return json({ ...report, problems: page(problems), conflicts: page(conflicts) })
}
