/** Owns the way from an endpoint to the workflow behind it: one row each, no logic. */
import { checkText } from '../domain/decision.ts'
import { AvocetError } from '../domain/error.ts'
import { containers } from '../formats/containers/index.ts'
import type { Format } from '../formats/format.ts'
import type { Source } from '../sources/source.ts'
import { checkThere, write } from '../store/open.ts'
import { getSetting, setSetting } from '../store/settings.ts'
import { checkPath } from '../workflow/check-path.ts'
import type { Deps } from '../workflow/deps.ts'
import { exportExamples } from '../workflow/export-examples.ts'
import { readExports, recordExport } from '../workflow/export-ledger.ts'
import { previewExport } from '../workflow/export-preview.ts'
import { fileNameOf, toRequest } from '../workflow/export-request.ts'
import { readImportReport, readImports, readRejectedLines } from '../workflow/import-ledger.ts'
import { importRun } from '../workflow/import-run.ts'
import { readList, readRecentDecisions, readUnindexed } from '../workflow/list-cards.ts'
import { describeFormat } from '../workflow/list-formats.ts'
import { readReviewers } from '../workflow/list-reviewers.ts'
import { createRunContents, findRunPath, listRuns, type RunContents } from '../workflow/list-runs.ts'
import { keepDraft, readCard, readQueue, submit, undo } from '../workflow/review.ts'
import type { SearchIndex } from '../workflow/search-index.ts'
import { readStats } from '../workflow/stats.ts'
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
  /** Aborts when the server stops: an import ends between two transactions. */
  signal: AbortSignal
  version: string
}

export function routes(deps: Deps, options: ServerOptions): Handlers {
  const { reviewer, source } = options
  const contents = createRunContents()
  return {
    listRuns: async () => listRuns(deps, source, contents),
    importRun: async ({ body }) => importByRequest(deps, options, contents, body),
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
    listImports: async ({ query }) => readImports(deps, query.limit),
    importReport: async ({ id }) => readImportReport(deps, id),
    rejectedLines: async ({ id }) =>
      download(await readRejectedLines(deps, id), `rejected-${id}.jsonl`, 'application/x-ndjson'),
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

async function importByRequest(
  deps: Deps,
  options: ServerOptions,
  contents: RunContents,
  { run_id, path }: Input<'importRun'>['body'],
) {
  if ((run_id === undefined) === (path === undefined)) {
    throw new AvocetError('invalid_request', 'Name either a run_id or a path.')
  }
  const found =
    run_id === undefined
      ? await checkPath(deps, path ?? '', rootsOf(options))
      : await findRunPath(deps, options.source, contents, run_id)
  if (found === undefined) throw new AvocetError('not_found', `There is no run ${JSON.stringify(run_id)}.`)
  const { source, reviewer, signal } = options
  const report = await importRun(deps, [found], { source, reviewer, signal })
  const [first] = report.files
  if (first?.refused && report.files.every(({ refused }) => refused)) {
    throw new AvocetError('not_found', `${first.path} was not read: ${first.refused.reason}.`)
  }
  options.searchIndex.wake()
  const { imported, duplicate: skipped, rejected, conflict } = report.totals
  return { imported, skipped, rejected, conflict, ...report }
}

function rootsOf({ roots, exampleRuns }: ServerOptions): string[] {
  return exampleRuns === null ? roots : [...roots, exampleRuns]
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

/** The first piece is read before the answer begins: what fails there is still an answer with a status. */
async function download(chunks: AsyncGenerator<Uint8Array>, name: string, type: string): Promise<Response> {
  const first = await chunks.next()
  return new Response(toStream(first, chunks), {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  })
}

/** Pulled by the reader: a slow download holds back the database, not the memory. */
function toStream(
  first: IteratorResult<Uint8Array>,
  rest: AsyncGenerator<Uint8Array>,
): ReadableStream<Uint8Array> {
  let next: Promise<IteratorResult<Uint8Array>> | undefined = Promise.resolve(first)
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await (next ?? rest.next())
      next = undefined
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await rest.return(undefined)
    },
  })
}
