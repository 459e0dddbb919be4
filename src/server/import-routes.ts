/** Owns the endpoints of imports: start, follow, cancel, report, upload, watch. */
import { AvocetError } from '../domain/error.ts'
import { write } from '../store/open.ts'
import { setSetting } from '../store/settings.ts'
import { checkPath } from '../workflow/check-path.ts'
import type { Deps } from '../workflow/deps.ts'
import type { Job } from '../workflow/import-jobs.ts'
import { readImport, readImportReport, readImports, readProblemLines } from '../workflow/import-ledger.ts'
import { findRunPath, type RunContents } from '../workflow/list-runs.ts'
import { download } from './download.ts'
import type { ServerOptions } from './routes.ts'
import type { Handlers, Input } from './serve.ts'

type ImportEndpoint =
  | ('importRun' | 'startImport' | 'listImports' | 'importReport' | 'cancelImport' | 'rejectedLines')
  | ('upload' | 'wantedFiles' | 'watch' | 'setWatch')

/** One page of either list; who wants all of them asks for the report. */
const PROBLEMS_ANSWERED = 1000

export function importRoutes(
  deps: Deps,
  options: ServerOptions,
  contents: RunContents,
): Pick<Handlers, ImportEndpoint> {
  const { jobs, uploads, watch } = options
  return {
    importRun: async ({ body }) => importAndWait(deps, options, await pathOf(deps, options, contents, body)),
    startImport: async ({ body }) => ({ import_id: (await startImport(deps, options, contents, body)).id }),
    cancelImport: async ({ id }) => {
      const found = await readImport(deps, id, jobs.stateOf)
      jobs.cancel(found.import_id)
      return found
    },
    listImports: async ({ query }) => readImports(deps, query.limit, jobs.stateOf),
    importReport: async ({ id, query }) => readImportReport(deps, id, query, jobs.stateOf),
    rejectedLines: async ({ id, query: { kind } }) =>
      download(await readProblemLines(deps, id, kind), `${kind}-${id}.jsonl`, 'application/x-ndjson'),
    upload: async ({ query, file }) => uploads.receive(query.name, file),
    wantedFiles: async ({ body }) => ({ wanted: uploads.wanted(body.names) }),
    watch: async () => watch.state(),
    setWatch: async ({ body }) => {
      await write(deps.store, (trx) => setSetting(trx, 'watch', body.on ? 'on' : 'off'))
      watch.switchTo(body.on)
      return watch.state()
    },
  }
}

async function startImport(
  deps: Deps,
  options: ServerOptions,
  contents: RunContents,
  { uploads: ids, ...named }: Input<'startImport'>['body'],
): Promise<Job> {
  const { jobs, uploads, searchIndex } = options
  if (ids && (named.run_id ?? named.path) !== undefined) throw unclear()
  const targets = ids ? uploads.find(ids) : [await pathOf(deps, options, contents, named)]
  const job = await jobs.start(targets)
  const after = async () => {
    searchIndex.wake()
    if (ids) await uploads.remove(ids)
  }
  void job.done.catch(() => {}).then(after)
  return job
}

function unclear(): AvocetError {
  return new AvocetError('invalid_request', 'Name either a run_id, a path, or uploads.')
}

async function importAndWait(deps: Deps, { jobs, searchIndex }: ServerOptions, path: string) {
  const { id, done } = await jobs.start([path])
  const { totals, state, files, refused } = await done
  searchIndex.wake()
  const page = { offset: 0, limit: PROBLEMS_ANSWERED }
  const report = await readImportReport(deps, String(id), page, jobs.stateOf)
  if (state !== 'finished') throw new AvocetError('stopped', report.trouble ?? '', { import_id: id })
  const [first] = report.files
  if (first?.refused && refused === files) {
    throw new AvocetError('not_found', `${first.path} was not read: ${first.refused.reason}.`)
  }
  const { imported, duplicate: skipped, rejected, conflict } = totals
  const { import_id, problems, conflicts, warnings } = report
  return {
    ...{ imported, skipped, rejected, conflict, totals, import_id },
    ...{ files: report.files, problems, conflicts, warnings },
  }
}

async function pathOf(
  deps: Deps,
  options: ServerOptions,
  contents: RunContents,
  { run_id, path }: Input<'importRun'>['body'],
): Promise<string> {
  if ((run_id === undefined) === (path === undefined)) {
    throw new AvocetError('invalid_request', 'Name either a run_id or a path.')
  }
  const found =
    run_id === undefined
      ? await checkPath(deps, path ?? '', rootsOf(options))
      : await findRunPath(deps, options.source, contents, run_id)
  if (found === undefined) throw new AvocetError('not_found', `There is no run ${JSON.stringify(run_id)}.`)
  return found
}

function rootsOf({ roots, exampleRuns }: ServerOptions): string[] {
  return exampleRuns === null ? roots : [...roots, exampleRuns]
}
