/** Owns the way from an endpoint to the workflow behind it: one row each, no logic. */
import { checkText } from '../domain/decision.ts'
import { containers } from '../formats/containers/index.ts'
import type { Format } from '../formats/format.ts'
import type { Source } from '../sources/source.ts'
import { checkThere, write } from '../store/open.ts'
import { getSetting, setSetting } from '../store/settings.ts'
import type { Deps } from '../workflow/deps.ts'
import { exportExamples } from '../workflow/export-examples.ts'
import { readExports, recordExport } from '../workflow/export-ledger.ts'
import { previewExport } from '../workflow/export-preview.ts'
import { fileNameOf, toRequest } from '../workflow/export-request.ts'
import type { ImportJobs } from '../workflow/import-jobs.ts'
import type { Uploads } from '../workflow/import-uploads.ts'
import type { Watch } from '../workflow/import-watch.ts'
import { readList, readRecentDecisions, readUnindexed } from '../workflow/list-cards.ts'
import { describeFormat } from '../workflow/list-formats.ts'
import { readReviewers } from '../workflow/list-reviewers.ts'
import { createRunContents, listRuns } from '../workflow/list-runs.ts'
import { keepDraft, readCard, readQueue, submit, undo } from '../workflow/review.ts'
import type { SearchIndex } from '../workflow/search-index.ts'
import { readStats } from '../workflow/stats.ts'
import { download } from './download.ts'
import { importRoutes } from './import-routes.ts'
import type { Handlers, Input } from './serve.ts'

export type ServerOptions = {
  source: Source
  formats: ReadonlyMap<string, Format>
  /** Who decides here. */
  reviewer: string
  /** Paths given at start: what lies inside may be imported from the page. So may the example. */
  roots: string[]
  /** Where the bundled example lies; null when it was not installed. */
  exampleRuns: string | null
  searchIndex: SearchIndex
  jobs: ImportJobs
  uploads: Uploads
  watch: Watch
  version: string
}

export function routes(deps: Deps, options: ServerOptions): Handlers {
  const { reviewer, source } = options
  const contents = createRunContents()
  return {
    listRuns: async () => listRuns(deps, source, contents),
    ...importRoutes(deps, options, contents),
    queue: async ({ query }) => ({
      ...(await readQueue(deps, query)),
      page: query.page,
      per_page: query.per_page,
    }),
    submit: async ({ body }) => ({ ok: true, ...(await submit(deps, body, reviewer)) }),
    undo: async ({ body }) => ({ ok: true, ...(await undo(deps, body, reviewer)) }),
    candidate: async ({ id }) => readCard(deps, id),
    listCandidates: async ({ query }) => listForPage(deps, options, query),
    recentDecisions: async ({ query }) => readRecentDecisions(deps, query.limit),
    saveDraft: async ({ id, body }) => ({ ok: true, revision: await keepDraft(deps, id, body, reviewer) }),
    export: async ({ query }) => exportDownload(deps, options, query),
    exportPreview: async ({ query }) => previewExport(deps, toRequest(options.formats, query)),
    formats: async () => [...options.formats.values()].map(describeFormat),
    listExports: async ({ query }) => readExports(deps, query.limit),
    listReviewers: async () => readReviewers(deps),
    stats: async ({ query }) => readStats(deps, query.run_id),
    config: async () => ({
      bench_results_dir: await getSetting(deps.store.db, 'bench_results_dir'),
      example_runs: options.exampleRuns,
    }),
    saveConfig: async ({ body }) => {
      checkText(body.bench_results_dir)
      await write(deps.store, (trx) => setSetting(trx, 'bench_results_dir', body.bench_results_dir))
      return { bench_results_dir: body.bench_results_dir }
    },
    health: async () => {
      checkThere(deps.store)
      await getSetting(deps.store.db, 'bench_results_dir')
      return { ok: true, version: options.version }
    },
  }
}

/** A list may be asked for because somebody else imported: the search has another look. */
async function listForPage(deps: Deps, options: ServerOptions, query: Input<'listCandidates'>['query']) {
  const list = await readList(deps, query)
  options.searchIndex.wake()
  return { ...list, page: query.page, per_page: query.per_page, unindexed: await readUnindexed(deps) }
}

async function exportDownload(
  deps: Deps,
  options: ServerOptions,
  query: Input<'export'>['query'],
): Promise<Response> {
  const request = toRequest(options.formats, query)
  const { outcome, chunks } = exportExamples(deps, request)
  async function* recorded(): AsyncGenerator<Uint8Array> {
    yield* chunks
    const by = { reviewer: options.reviewer, file: null }
    // The bytes are complete: a ledger that cannot be written is no reason to break the download.
    await recordExport(deps, request, outcome, by).catch((error) =>
      deps.log(`export not noted: ${error.message}`),
    )
  }
  return download(recorded(), fileNameOf(request, deps.now()), containers[request.as].contentType)
}
