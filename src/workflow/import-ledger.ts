/** Owns reading the ledger of imports: what each came to, how far one that runs is, what it could not take. */
import { AvocetError } from '../domain/error.ts'
import { remedyFor } from '../domain/import-problems.ts'
import { addCounts, type Ignored, type ImportProblem, noLines } from '../domain/import-report.ts'
import {
  type FoundProblem,
  listProblems,
  type ProblemKind,
  pageProblemLines,
} from '../store/import-problems.ts'
import {
  countsOf,
  listImportFiles,
  listImports,
  type StoredFile,
  type StoredImport,
} from '../store/imports.ts'
import type { ImportState } from '../store/tables.ts'
import type { Deps } from './deps.ts'

/** In ms. Who says "running" and gave no sign of life for so long was killed. */
const DEAD_AFTER = 60_000
const FILES_SHOWN = 1000
const TEXT_SHOWN = 500
const SECOND = 1000

/** What this process knows better than the ledger; null for what is none of its own. */
export type StateOf = (importSeq: number) => 'waiting' | 'running' | null

/** Newest first. */
export async function readImports({ store, now }: Deps, limit: number, known: StateOf) {
  const imports = await listImports(store.db, limit)
  const files = await listImportFiles(
    store.db,
    imports.map(({ seq }) => seq),
  )
  const byImport = Map.groupBy(files, (file) => file.import_seq)
  return imports.map((row) =>
    summarise(row, byImport.get(row.seq) ?? [], known(row.seq) ?? stateOf(row, now()), now()),
  )
}

/** Throws `not_found`. */
export async function readImport(deps: Deps, id: string, known: StateOf) {
  const { row, files } = await findImport(deps, id)
  return summarise(row, files, known(row.seq) ?? stateOf(row, deps.now()), deps.now())
}

/** Throws `not_found`. */
export async function readImportReport(
  deps: Deps,
  id: string,
  page: { offset: number; limit: number },
  known: StateOf,
) {
  const { row, files } = await findImport(deps, id)
  const warnings: Record<string, number> = {}
  for (const file of files) {
    for (const [code, n] of Object.entries(JSON.parse(file.warnings) as Record<string, number>)) {
      warnings[code] = (warnings[code] ?? 0) + n
    }
  }
  const problems = (kind: ProblemKind) =>
    listProblems(deps.store.db, row.seq, kind, { ...page, beginning: TEXT_SHOWN * 4 })
  return {
    ...summarise(row, files, known(row.seq) ?? stateOf(row, deps.now()), deps.now()),
    files: files.slice(0, FILES_SHOWN).map(toFileReport),
    file_count: files.length,
    problems: (await problems('rejected')).map(toShownProblem),
    conflicts: (await problems('conflict')).map(toShownProblem),
    warnings,
    ignored: JSON.parse(row.ignored) as Ignored,
  }
}

export type StoredReport = Awaited<ReturnType<typeof readImportReport>>

/** The bytes of each rejected or conflicting line that was kept, with a line feed behind it. Throws `not_found` at once. */
export async function readProblemLines(
  deps: Deps,
  id: string,
  kind: ProblemKind,
): Promise<AsyncGenerator<Uint8Array>> {
  const { row } = await findImport(deps, id)
  return pageProblemLines(deps.store.db, row.seq, kind)
}

async function findImport({ store }: Deps, id: string): Promise<{ row: StoredImport; files: StoredFile[] }> {
  const seq = /^\d{1,15}$/.test(id) ? Number(id) : 0
  const row = (await listImports(store.db, 1, seq))[0]
  if (!row) throw new AvocetError('not_found', `There is no import ${JSON.stringify(id)}.`)
  return { row, files: await listImportFiles(store.db, [seq]) }
}

function summarise(row: StoredImport, files: StoredFile[], state: ImportState | 'waiting', now: string) {
  const totals = noLines()
  for (const file of files) addCounts(totals, countsOf(file))
  const { seq: import_id, source, reviewer, started_at, finished_at, trouble } = row
  const met = files.reduce((sum, file) => sum + file.size, 0)
  const bytes_read = files.reduce((sum, file) => sum + file.bytes_read, 0)
  const size = Math.max(row.size ?? 0, met)
  return {
    ...{ import_id, source, reviewer, started_at, finished_at, state, trouble, totals, size, bytes_read },
    ...speedOf(row, { lines: totals.lines, bytes_read, size, now: state === 'running' ? now : null }),
    paths: files.slice(0, FILES_SHOWN).map(({ path }) => path),
  }
}

function stateOf({ state, seen_at, started_at }: StoredImport, now: string): ImportState {
  const silent = Date.parse(now) - Date.parse(seen_at ?? started_at)
  return state === 'running' && silent > DEAD_AFTER ? 'interrupted' : state
}

/** `now`: null when it does not run any more. */
type Progress = { lines: number; bytes_read: number; size: number; now: string | null }

function speedOf({ started_at, seen_at }: StoredImport, { lines, bytes_read, size, now }: Progress) {
  const seconds = (Date.parse(now ?? seen_at ?? started_at) - Date.parse(started_at)) / SECOND
  if (seconds <= 0 || lines === 0) return { lines_per_second: null, seconds_left: null }
  const left = now !== null && bytes_read > 0 ? ((size - bytes_read) / bytes_read) * seconds : null
  return {
    lines_per_second: Math.round(lines / seconds),
    seconds_left: left === null ? null : Math.max(0, Math.ceil(left)),
  }
}

function toFileReport(file: StoredFile) {
  const { refused_code: code, refused_reason } = file
  const refused = code === null ? undefined : { code, reason: refused_reason ?? '', remedy: remedyFor(code) }
  return { path: file.path, ...countsOf(file), ...(refused && { refused }) }
}

export type ShownProblem = ImportProblem & { text: string | null; is_cut: boolean; remedy: string | null }

function toShownProblem({ beginning, bytes, ...problem }: FoundProblem): ShownProblem {
  const text = beginning === null ? null : Buffer.from(beginning).toString('utf8')
  const shown = text?.slice(0, TEXT_SHOWN).toWellFormed() ?? null
  const is_cut = (bytes ?? 0) > (beginning?.length ?? 0) || (text?.length ?? 0) > TEXT_SHOWN
  return { ...problem, text: shown, is_cut, remedy: remedyFor(problem.code) }
}
