/** Owns reading the ledger of imports: what each came to, how far one that runs is, what it could not take. */

import { AvocetError } from '../domain/error.ts'
import { addCounts, type FileReport, type ImportProblem, noLines } from '../domain/import-report.ts'
import {
  listImportFiles,
  listImports,
  listProblems,
  pageRejectedLines,
  type StoredImport,
} from '../store/imports.ts'
import type { Deps } from './deps.ts'

type ImportFileRow = Awaited<ReturnType<typeof listImportFiles>>[number]

/** Newest first. */
export async function readImports({ store }: Deps, limit: number) {
  const imports = await listImports(store.db, limit)
  const files = await listImportFiles(
    store.db,
    imports.map(({ seq }) => seq),
  )
  const byImport = Map.groupBy(files, (file) => file.import_seq)
  return imports.map((row) => summarise(row, byImport.get(row.seq) ?? []))
}

/** Throws `not_found`. */
export async function readImportReport(deps: Deps, id: string) {
  const { row, files } = await findImport(deps, id)
  const warnings: Record<string, number> = {}
  for (const file of files) {
    for (const [code, n] of Object.entries(JSON.parse(file.warnings) as Record<string, number>)) {
      warnings[code] = (warnings[code] ?? 0) + n
    }
  }
  const problems = await listProblems(deps.store.db, row.seq)
  return {
    ...summarise(row, files),
    files: files.map(toFileReport),
    problems: problems.filter(({ kind }) => kind === 'rejected').map(toProblem),
    conflicts: problems.filter(({ kind }) => kind === 'conflict').map(toProblem),
    warnings,
  }
}

/** The bytes of each rejected line that was kept, with a line feed behind it. Throws `not_found` at once. */
export async function readRejectedLines(deps: Deps, id: string): Promise<AsyncGenerator<Uint8Array>> {
  const { row } = await findImport(deps, id)
  return pageRejectedLines(deps.store.db, row.seq)
}

async function findImport(
  { store }: Deps,
  id: string,
): Promise<{ row: StoredImport; files: ImportFileRow[] }> {
  const seq = /^\d{1,15}$/.test(id) ? Number(id) : 0
  const row = (await listImports(store.db, 1, seq))[0]
  if (!row) throw new AvocetError('not_found', `There is no import ${JSON.stringify(id)}.`)
  return { row, files: await listImportFiles(store.db, [seq]) }
}

function summarise(row: StoredImport, files: ImportFileRow[]) {
  const totals = noLines()
  for (const file of files) addCounts(totals, file)
  const { seq: import_id, source, reviewer, started_at, finished_at } = row
  return {
    ...{ import_id, source, reviewer, started_at, finished_at, totals },
    size: files.reduce((sum, file) => sum + file.size, 0),
    bytes_read: files.reduce((sum, file) => sum + file.bytes_read, 0),
    paths: files.map(({ path }) => path),
  }
}

function toFileReport(file: ImportFileRow): FileReport {
  const counts = noLines()
  addCounts(counts, file)
  const refused = file.refused_code !== null && {
    refused: { code: file.refused_code, reason: file.refused_reason ?? '' },
  }
  return { path: file.path, ...counts, ...refused }
}

function toProblem({ path, line, code, reason }: ImportProblem): ImportProblem {
  return { path, line, code, reason }
}
