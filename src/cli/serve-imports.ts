/** Owns what a server imports: the paths of the command line at start, what the page asks for, what watching finds. */
import { resolve } from 'node:path'
import { getSetting } from '../store/settings.ts'
import type { Deps } from '../workflow/deps.ts'
import { createImportJobs, type ImportJobs } from '../workflow/import-jobs.ts'
import { createUploads, type Uploads } from '../workflow/import-uploads.ts'
import { createWatch, type Watch } from '../workflow/import-watch.ts'
import type { SearchIndex } from '../workflow/search-index.ts'
import type { Config, Terminal } from './command.ts'
import { sourceOf } from './config.ts'
import { describeReport, exitCodeOf, progressBar, readReport } from './import.ts'

export type Importing = {
  jobs: ImportJobs
  uploads: Uploads
  watch: Watch
  /** Imports the paths of the command line, then begins to watch when that is on. The exit code of the import; 0 with --watch. */
  first(): Promise<number>
  stop(): Promise<void>
}

const PROBLEMS_SHOWN = 20

export async function createImporting(
  deps: Deps,
  config: Config,
  terminal: Terminal,
  { paths, searchIndex }: { paths: string[]; searchIndex: SearchIndex },
): Promise<Importing> {
  const source = sourceOf(config.flags)
  const onProgress = progressBar(terminal)
  const jobs = createImportJobs(deps, { source: source.name, reviewer: config.reviewer, onProgress })
  const directory = `${config.db}-uploads`
  const uploads = createUploads({ directory, source, newId: deps.newId })
  // What a killed server left behind; unless another one is at work with it.
  if (!deps.store.isServed()) await uploads.removeAll()
  const endServing = deps.store.beServed()
  const watch = createWatch(deps, {
    source,
    paths: async () => watchedPaths(paths, await getSetting(deps.store.db, 'bench_results_dir')),
    importFiles: async (files) => {
      const { id, done } = await jobs.start(files, { leaveTail: true })
      await done
      searchIndex.wake()
      return id
    },
  })
  return {
    ...{ jobs, uploads, watch },
    async first() {
      const on = config.flags.watch === true || (await getSetting(deps.store.db, 'watch')) === 'on'
      const learn = on ? await watch.learn(paths.map((path) => resolve(path))) : undefined
      const code = await importPaths(deps, terminal, jobs, paths, on)
      searchIndex.wake()
      if (!on) return code
      // What failed is tried again; what is not there yet may come.
      if (code !== 1) learn?.()
      watch.switchTo(true)
      return config.flags.watch === true ? 0 : code
    },
    async stop() {
      await jobs.stop()
      await watch.stop()
      await uploads.removeOwn()
      endServing()
    },
  }
}

function watchedPaths(paths: string[], results: string): string[] {
  return [...new Set([...paths, ...(results === '' ? [] : [results])].map((path) => resolve(path)))]
}

async function importPaths(
  deps: Deps,
  terminal: Terminal,
  jobs: ImportJobs,
  paths: string[],
  leaveTail: boolean,
): Promise<number> {
  if (paths.length === 0) return 0
  try {
    const { id, done } = await jobs.start(paths, { leaveTail })
    await done
    terminal.progress('')
    const report = await readReport(deps, id, PROBLEMS_SHOWN)
    terminal.note(describeReport(report).trimEnd())
    return exitCodeOf(report)
  } catch (error) {
    deps.log(`The import stopped: ${(error as Error).message}`)
    return 1
  }
}
