/** Owns the list of runs: those imported, and those that lie in the results directory. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Status } from '../domain/candidate.ts'
import { newestRunFirst, timestampOfDirectory } from '../domain/run.ts'
import { type FoundFile, findAll, refusalOf } from '../sources/find-files.ts'
import { toPath } from '../sources/open-regular.ts'
import type { Source } from '../sources/source.ts'
import { knownIds } from '../store/candidates.ts'
import { listCounters } from '../store/counters.ts'
import {
  findImportedPaths,
  findRunIds,
  findUnfinishedRunIds,
  listRuns as listImportedRuns,
} from '../store/runs.ts'
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

/** What one file holds of one run. */
type FileContent = { path: string; directory: string; run_id: string; ids: string[]; models: string[] }

/** What was read from each file, until it changes: a list of runs is asked for far more often than one is written. */
export type RunContents = Map<string, { stamp: string; contents: FileContent[] }>

export function createRunContents(): RunContents {
  return new Map()
}

/** Newest first. A file that cannot be read is left out and logged. */
export async function listRuns(deps: Deps, source: Source, known: RunContents): Promise<Run[]> {
  const runs = new Map<string, Run>()
  for (const run of await importedRuns(deps)) runs.set(run.run_id, run)
  const found = Map.groupBy(await readResultsDirectory(deps, source, known), ({ run_id }) => run_id)
  for (const [run_id, contents] of found) {
    const ids = [...new Set(contents.flatMap((content) => content.ids))]
    const stored = await knownIds(deps.store.db, ids)
    runs.set(run_id, mergeRun(runs.get(run_id), contents, { all: ids.length, stored: stored.size }))
  }
  return [...runs.values()].sort(newestRunFirst)
}

/** The file of a run that is asked for by its id or its directory's name (an id wins); undefined when there is none. */
export async function findRunPath(
  deps: Deps,
  source: Source,
  known: RunContents,
  name: string,
): Promise<string | undefined> {
  const contents = await readResultsDirectory(deps, source, known)
  const found =
    contents.find(({ run_id }) => run_id === name) ?? contents.find(({ directory }) => directory === name)
  if (found) return found.path
  const [run_id] = await findRunIds(deps.store.db, name)
  return run_id === undefined ? undefined : (await findImportedPaths(deps.store.db, run_id))[0]
}

async function importedRuns({ store }: Deps): Promise<Run[]> {
  const counters = Map.groupBy(await listCounters(store.db), (row) => row.run_id)
  const unfinished = await findUnfinishedRunIds(store.db)
  return (await listImportedRuns(store.db)).map(({ run_id, directory }) => {
    const rows = counters.get(run_id) ?? []
    const isWhole = !unfinished.has(run_id)
    return {
      run_id,
      directory,
      timestamp: timestampOfDirectory(directory),
      candidate_count: rows.reduce((sum, row) => sum + row.n, 0),
      already_imported: isWhole,
      import_state: isWhole ? 'all' : 'part',
      by_status: countByStatus(rows),
      models: [...new Set(rows.map((row) => row.model_name).filter((name) => name !== ''))].sort(),
    }
  })
}

type Ids = { all: number; stored: number }

function mergeRun(imported: Run | undefined, contents: FileContent[], ids: Ids): Run {
  const directory = imported?.directory ?? contents[0]?.directory ?? null
  const state = ids.stored === 0 ? 'none' : ids.stored < ids.all ? 'part' : 'all'
  return {
    run_id: contents[0]?.run_id ?? '',
    directory,
    timestamp: timestampOfDirectory(directory),
    candidate_count: Math.max(ids.all, imported?.candidate_count ?? 0),
    already_imported: state === 'all',
    import_state: state,
    by_status: imported?.by_status ?? countByStatus([]),
    models: [...new Set([...(imported?.models ?? []), ...contents.flatMap(({ models }) => models)])].sort(),
  }
}

async function readResultsDirectory(deps: Deps, source: Source, known: RunContents): Promise<FileContent[]> {
  const directory = await getSetting(deps.store.db, 'bench_results_dir')
  if (directory === '') return []
  const { files, refused } = await findAll(resolve(directory), source)
  for (const { path, reason } of refused) deps.log(`${path} is not listed: ${reason}`)
  const contents: FileContent[] = []
  for (const file of files) contents.push(...(await readContents(deps, source, known, file)))
  return contents
}

async function readContents(
  deps: Deps,
  source: Source,
  known: RunContents,
  file: FoundFile,
): Promise<FileContent[]> {
  try {
    const { size, mtimeMs, ino } = await stat(toPath(file.location))
    const stamp = `${ino} ${size} ${mtimeMs}`
    const earlier = known.get(file.path)
    if (earlier?.stamp === stamp) return earlier.contents
    const contents = await readFile(source, file)
    known.set(file.path, { stamp, contents })
    return contents
  } catch (error) {
    deps.log(`${file.path} is not listed: ${refusalOf(error).reason}`)
    return []
  }
}

/** One entry for each run in it: a file may be joined from several, and its directory stands for records without one. */
async function readFile(source: Source, { path, location, directory }: FoundFile): Promise<FileContent[]> {
  const runs = new Map<string, { ids: Set<string>; models: Set<string> }>()
  for await (const items of source.open(location, {})) {
    for (const item of items) {
      if (item.kind !== 'candidate') continue
      const { id, benchmark_run_id, model_name } = item.facts
      const run_id = benchmark_run_id ?? directory
      const run = runs.get(run_id) ?? { ids: new Set(), models: new Set() }
      run.ids.add(id)
      if (model_name) run.models.add(model_name)
      runs.set(run_id, run)
    }
  }
  if (runs.size === 0) return [{ path, directory, run_id: directory, ids: [], models: [] }]
  return [...runs].map(([run_id, { ids, models }]) => ({
    ...{ path, directory, run_id },
    ids: [...ids],
    models: [...models],
  }))
}
