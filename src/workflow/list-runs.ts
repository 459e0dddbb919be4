/** Owns the list of runs: those imported, and those that lie in the results directory. */
import { basename, dirname, resolve } from 'node:path'
import { STATUSES, type Status } from '../domain/candidate.ts'
import { newestRunFirst, timestampOfDirectory } from '../domain/run.ts'
import { type FoundFile, findFiles, refusalOf } from '../sources/find-files.ts'
import type { Source } from '../sources/source.ts'
import { knownIds } from '../store/candidates.ts'
import { listCounters } from '../store/counters.ts'
import { findImportedPaths, listRuns as listImportedRuns } from '../store/runs.ts'
import { getSetting } from '../store/settings.ts'
import type { Deps } from './deps.ts'
import { countByStatus } from './stats.ts'

export type Run = {
  run_id: string
  directory: string | null
  timestamp: string | null
  candidate_count: number
  already_imported: boolean
  import_state: 'none' | 'part' | 'all'
  by_status: Record<Status, number>
  models: string[]
}

type FileContent = { path: string; directory: string; run_id: string; ids: string[]; models: string[] }

/** Newest first. A file that cannot be read is left out and logged. */
export async function listRuns(deps: Deps, source: Source): Promise<Run[]> {
  const runs = new Map<string, Run>()
  for (const run of await importedRuns(deps)) runs.set(run.run_id, run)
  for (const content of await readResultsDirectory(deps, source)) {
    const known = await knownIds(deps.store.db, content.ids)
    runs.set(content.run_id, mergeRun(runs.get(content.run_id), content, known.size))
  }
  return [...runs.values()].sort(newestRunFirst)
}

/** The file of a run that is asked for by its id or its directory's name (an id wins); undefined when there is none. */
export async function findRunPath(deps: Deps, source: Source, name: string): Promise<string | undefined> {
  const contents = await readResultsDirectory(deps, source)
  const found =
    contents.find(({ run_id }) => run_id === name) ?? contents.find(({ directory }) => directory === name)
  if (found) return found.path
  const runs = await listImportedRuns(deps.store.db)
  const run = runs.find(({ run_id }) => run_id === name) ?? runs.find(({ directory }) => directory === name)
  return run && (await findImportedPaths(deps.store.db, run.run_id))[0]
}

async function importedRuns({ store }: Deps): Promise<Run[]> {
  const counters = Map.groupBy(await listCounters(store.db), (row) => row.run_id)
  return (await listImportedRuns(store.db)).map(({ run_id, directory }) => {
    const rows = counters.get(run_id) ?? []
    return {
      run_id,
      directory,
      timestamp: timestampOfDirectory(directory),
      candidate_count: rows.reduce((sum, row) => sum + row.n, 0),
      already_imported: true,
      import_state: 'all',
      by_status: countByStatus(rows),
      models: [...new Set(rows.map((row) => row.model_name).filter((name) => name !== ''))].sort(),
    }
  })
}

function mergeRun(imported: Run | undefined, content: FileContent, known: number): Run {
  const state = known === content.ids.length ? 'all' : known === 0 ? 'none' : 'part'
  const nothing = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>
  return {
    run_id: content.run_id,
    directory: imported?.directory ?? content.directory,
    timestamp: timestampOfDirectory(imported?.directory ?? content.directory),
    candidate_count: Math.max(content.ids.length, imported?.candidate_count ?? 0),
    already_imported: state === 'all',
    import_state: state,
    by_status: imported?.by_status ?? nothing,
    models: [...new Set([...(imported?.models ?? []), ...content.models])].sort(),
  }
}

async function readResultsDirectory(deps: Deps, source: Source): Promise<FileContent[]> {
  const directory = await getSetting(deps.store.db, 'bench_results_dir')
  if (directory === '') return []
  const { files, refused } = await findFiles(resolve(directory), source)
  for (const { path, reason } of refused) deps.log(`${path} is not listed: ${reason}`)
  const contents: FileContent[] = []
  for (const file of files) {
    const content = await readContent(deps, source, file)
    if (content) contents.push(content)
  }
  return contents
}

async function readContent(deps: Deps, source: Source, file: FoundFile): Promise<FileContent | undefined> {
  const ids = new Set<string>()
  const models = new Set<string>()
  let run_id: string | undefined
  try {
    for await (const items of source.open(file.path, {})) {
      for (const item of items) {
        if (item.kind !== 'candidate') continue
        ids.add(item.facts.id)
        run_id ??= item.facts.benchmark_run_id ?? undefined
        if (item.facts.model_name) models.add(item.facts.model_name)
      }
    }
  } catch (error) {
    deps.log(`${file.path} is not listed: ${refusalOf(error).reason}`)
    return undefined
  }
  const directory = basename(dirname(resolve(file.path)))
  return { path: file.path, directory, run_id: run_id ?? directory, ids: [...ids], models: [...models] }
}
