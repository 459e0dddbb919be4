/**
 * Owns `npm run bench`: how an import compares, and how queue and submit behave as the store grows and beside an
 * import. Ratios of one run are what counts. `--full`: a million records.
 */
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formats } from '../../src/formats/index.ts'
import { createApp } from '../../src/server/create-app.ts'
import { loopbackHosts } from '../../src/server/guard.ts'
import { sources } from '../../src/sources/index.ts'
import type { Source } from '../../src/sources/source.ts'
import { openSqlite } from '../../src/store/dialect.ts'
import { migrated } from '../../src/store/open.ts'
import { createImportJobs } from '../../src/workflow/import-jobs.ts'
import { importRun } from '../../src/workflow/import-run.ts'
import { createUploads } from '../../src/workflow/import-uploads.ts'
import { createWatch } from '../../src/workflow/import-watch.ts'
import { createSearchIndex } from '../../src/workflow/search-index.ts'
import { makeRecord, toJsonl } from '../support/make-record.ts'
import { testDeps } from '../support/test-deps.ts'
import { measureExport } from './export.ts'
import { benchImport } from './import-bench.ts'

const SIZES = [1_000, 10_000, 100_000]
/** As many as the smallest store has cards: each is decided once. */
const REQUESTS = 1000
/** Records of the import beside which decisions are measured: more than it can do meanwhile. */
const BESIDE = 60_000
const HOST = '127.0.0.1:8503'

const isFull = process.argv.includes('--full')
const folder = await mkdtemp(join(tmpdir(), 'avocet-bench-'))
await benchImport(folder, isFull ? 1_000_000 : 100_000, isFull ? 1 : 5)
const rows: Record<string, number>[] = []
for (const size of SIZES) {
  process.stderr.write(`${size} records…\n`)
  rows.push(await measure(size))
}
const exports = await measureExport(folder, 100_000)
await rm(folder, { recursive: true, force: true })
printTable(rows)
console.table([exports])

async function measure(size: number): Promise<Record<string, number>> {
  const file = join(folder, `${size}/sft_candidates.jsonl`)
  await writeRecords(file, size)
  const store = await migrated(openSqlite(join(folder, `${size}.db`)))
  const deps = testDeps(store)
  const source = sources.get('benchmark') as Source
  await importRun(deps, [file], { source, reviewer: 'bench', alone: true })
  const jobs = createImportJobs(deps, { source: source.name, reviewer: 'bench' })
  const uploads = createUploads({ directory: join(folder, 'uploads'), source, newId: deps.newId })
  const watch = createWatch(deps, { source, paths: async () => [], importFiles: async () => null })
  const options = {
    source,
    formats,
    pages: new Map(),
    reviewer: 'bench',
    roots: [],
    exampleRuns: null,
    version: '0',
    searchIndex: createSearchIndex(deps),
    ...{ jobs, uploads, watch },
  }
  const handle = createApp(deps, { ...options, hosts: loopbackHosts(8503) })
  const queue = await times(() => handle(request('/api/sft/queue')))
  const step = Math.max(1, Math.floor(size / REQUESTS))
  const submitOne = (n: number, version?: number) => {
    const body = {
      id: makeRecord((n * step) % size).id,
      action: 'correct',
      corrected_response: 'right',
      ...(version !== undefined && { version }),
    }
    return handle(request('/api/sft/submit', body))
  }
  const undoOne = (n: number) => handle(request('/api/sft/undo', { id: makeRecord((n * step) % size).id }))
  const submit = await times((n) => submitOne(n, 0))
  const other = join(folder, `beside-${size}/sft_candidates.jsonl`)
  await writeRecords(other, BESIDE, 5_000_000)
  const { done } = await jobs.start([other])
  // While the other thread imports: each decision is taken back and made again.
  const beside = await times((n) => (n % 2 === 0 ? undoOne(n >> 1) : submitOne(n >> 1)))
  await done
  await jobs.stop()
  await store.close()
  return { size, ...named('queue', queue), ...named('submit', submit), ...named('beside import', beside) }
}

async function writeRecords(file: string, size: number, first = 0): Promise<void> {
  await mkdir(join(file, '..'))
  const handle = await open(file, 'w')
  const model_response = 'def f(x):\n    return x + 1  # "wrong", and long enough\n'.repeat(40)
  for (let start = 0; start < size; start += 1000) {
    const numbers = [...Array(Math.min(1000, size - start)).keys()]
    await handle.write(toJsonl(numbers.map((n) => makeRecord(first + start + n, { model_response }))))
  }
  await handle.close()
}

function request(path: string, body?: unknown): Request {
  const json = body !== undefined && { method: 'POST', body: JSON.stringify(body) }
  return new Request(`http://${HOST}${path}`, {
    headers: { host: HOST, 'Content-Type': 'application/json' },
    ...json,
  })
}

/** Milliseconds, sorted. The first requests warm up and are not counted. */
async function times(send: (n: number) => Promise<Response>): Promise<number[]> {
  const measured: number[] = []
  for (let n = 0; n < REQUESTS; n++) {
    const start = performance.now()
    const response = await send(n)
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`request ${n} answered ${response.status}`)
    if (n >= 20) measured.push(performance.now() - start)
  }
  return measured.sort((a, b) => a - b)
}

function named(name: string, sorted: number[]): Record<string, number> {
  const at = (share: number) => Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2))
  return { [`${name} p50`]: at(0.5), [`${name} p99`]: at(0.99) }
}

function printTable(measured: Record<string, number>[]): void {
  const [small, large] = [measured[0] ?? {}, measured.at(-1) ?? {}]
  console.table(measured.map(({ size, ...figures }) => ({ stored: size, ...figures })))
  console.log('Milliseconds. Beside an import: decisions, while it writes.')
  for (const name of ['queue p50', 'queue p99', 'submit p50', 'submit p99']) {
    console.log(`${name}, 100 k : 1 k = ${((large[name] ?? 0) / (small[name] ?? 1)).toFixed(2)}`)
  }
}
