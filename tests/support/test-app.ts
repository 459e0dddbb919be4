/** Owns the app of HTTP tests: the real handler on a real SQLite file, called without a socket. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formats } from '../../src/formats/index.ts'
import { createApp } from '../../src/server/create-app.ts'
import { loopbackHosts } from '../../src/server/guard.ts'
import type { Pages } from '../../src/server/static.ts'
import { sources } from '../../src/sources/index.ts'
import type { Source } from '../../src/sources/source.ts'
import { openSqlite } from '../../src/store/dialect.ts'
import { migrated, type Store } from '../../src/store/open.ts'
import { createImportJobs } from '../../src/workflow/import-jobs.ts'
import { createUploads } from '../../src/workflow/import-uploads.ts'
import { createWatch, type Watch } from '../../src/workflow/import-watch.ts'
import { createSearchIndex } from '../../src/workflow/search-index.ts'
import { type TestDeps, testDeps } from './test-deps.ts'

export const HOST = '127.0.0.1:8503'
/** Small, so that a test can exceed it. */
export const UPLOAD_LIMIT = 100_000
export const BENCHMARK = sources.get('benchmark') as Source

/** Answers are looked into as they come; the contract tests check their shape. */
// biome-ignore lint/suspicious/noExplicitAny: what a test expects of an answer is its own assertion
type Json = any

export type TestApp = {
  deps: TestDeps
  store: Store
  watch: Watch
  /** A folder for runs; inside the allowed roots. */
  folder: string
  handle(request: Request): Promise<Response>
  /** Raw: nothing is added but the host, unless the headers name one. */
  request(path: string, init?: RequestInit): Promise<Response>
  get(path: string): Promise<{ status: number; json: Json }>
  post(path: string, body: unknown): Promise<{ status: number; json: Json }>
  put(path: string, body: unknown): Promise<{ status: number; json: Json }>
  close(): Promise<void>
}

const PAGE = new TextEncoder().encode('<!doctype html><title>Avocet</title>')
const PAGES: Pages = new Map([
  ['/index.html', { body: PAGE, headers: { 'Content-Type': 'text/html; charset=utf-8', ETag: '"1"' } }],
])

export async function createTestApp(): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), 'avocet-http-'))
  const store = await migrated(openSqlite(join(folder, 'db/test.db')))
  const app = appOn(store, join(folder, 'runs'))
  return {
    ...app,
    get: (path) => app.send('GET', path),
    post: (path, body) => app.send('POST', path, body),
    put: (path, body) => app.send('PUT', path, body),
    async close() {
      await app.stop()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The app on a store that somebody else opens and closes; runs in `folder` may be imported. */
export function appOn(store: Store, folder: string) {
  const deps = testDeps(store)
  const searchIndex = createSearchIndex(deps)
  const jobs = createImportJobs(deps, { source: BENCHMARK.name, reviewer: 'ada' })
  const uploads = createUploads({
    directory: join(folder, '../uploads'),
    source: BENCHMARK,
    newId: deps.newId,
    limit: UPLOAD_LIMIT,
  })
  const watch = createWatch(deps, {
    source: BENCHMARK,
    paths: async () => [folder],
    importFiles: async (files) => {
      const { id, done } = await jobs.start(files, { leaveTail: true })
      await done
      return id
    },
  })
  const options = {
    source: BENCHMARK,
    formats,
    pages: PAGES,
    reviewer: 'ada',
    version: '1.2.3',
    exampleRuns: null,
    ...{ searchIndex, jobs, uploads, watch },
  }
  const handle = createApp(deps, { ...options, roots: [folder], hosts: loopbackHosts(8503) })

  function request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    if (!headers.has('host')) headers.set('host', HOST)
    // As the HTTP server does it: the URL bears the host of the header, where it can be one.
    const named = headers.get('host') ?? ''
    const host = URL.canParse(`http://${named}`) && !named.includes('@') ? named : HOST
    return handle(new Request(`http://${host}${path}`, { ...init, headers }))
  }

  async function send(method: string, path: string, body?: unknown): Promise<{ status: number; json: Json }> {
    const json = body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
    }
    const response = await request(path, { method, ...json })
    return { status: response.status, json: await response.json() }
  }

  async function stop(): Promise<void> {
    await watch.stop()
    await jobs.stop()
    await searchIndex.stop()
  }

  return { deps, store, folder, watch, handle, request, send, stop }
}
