/** Owns `npm run bench`: how import, queue and submit behave as the store grows. Ratios of one run are what counts. */
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formats } from '../../src/formats/index.ts'
import { createApp } from '../../src/server/create-app.ts'
import { loopbackHosts } from '../../src/server/guard.ts'
import { sources } from '../../src/sources/index.ts'
import { readLines } from '../../src/sources/read-lines.ts'
import type { Source } from '../../src/sources/source.ts'
import { openSqlite } from '../../src/store/dialect.ts'
import { migrated } from '../../src/store/open.ts'
import { importRun } from '../../src/workflow/import-run.ts'
import { createSearchIndex } from '../../src/workflow/search-index.ts'
import { makeRecord, toJsonl } from '../support/make-record.ts'
import { testDeps } from '../support/test-deps.ts'
import { measureExport } from './export.ts'

const SIZES = [1_000, 10_000, 100_000]
/** As many as the smallest store has cards: each is decided once. */
const REQUESTS = 1000
const HOST = '127.0.0.1:8503'

const folder = await mkdtemp(join(tmpdir(), 'avocet-bench-'))
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
  const read = await linesPerSecond(size, async () => {
    for await (const _ of readLines(file, {}));
  })
  const parse = await linesPerSecond(size, async () => {
    for await (const lines of readLines(file, {})) for (const { bytes } of lines) JSON.parse(String(bytes))
  })
  const store = await migrated(openSqlite(join(folder, `${size}.db`)))
  const deps = testDeps(store)
  const source = sources.get('benchmark') as Source
  const importing = () => importRun(deps, [file], { source, reviewer: 'bench' })
  const first = await linesPerSecond(size, importing)
  const again = await linesPerSecond(size, importing)
  const options = {
    source,
    formats,
    pages: new Map(),
    reviewer: 'bench',
    roots: [],
    exampleRuns: null,
    version: '0',
    searchIndex: createSearchIndex(deps),
    signal: new AbortController().signal,
  }
  const handle = createApp(deps, { ...options, hosts: loopbackHosts(8503) })
  const queue = await times(() => handle(request('/api/sft/queue')))
  const step = Math.max(1, Math.floor(size / REQUESTS))
  const submit = await times((n) => {
    const body = {
      id: makeRecord((n * step) % size).id,
      action: 'correct',
      corrected_response: 'right',
      version: 0,
    }
    return handle(request('/api/sft/submit', body))
  })
  await store.close()
  return { size, read, parse, import: first, again, ...named('queue', queue), ...named('submit', submit) }
}

async function writeRecords(file: string, size: number): Promise<void> {
  await mkdir(join(file, '..'))
  const handle = await open(file, 'w')
  const model_response = 'def f(x):\n    return x + 1  # "wrong", and long enough\n'.repeat(40)
  for (let start = 0; start < size; start += 1000) {
    const numbers = [...Array(Math.min(1000, size - start)).keys()]
    await handle.write(toJsonl(numbers.map((n) => makeRecord(start + n, { model_response }))))
  }
  await handle.close()
}

async function linesPerSecond(lines: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return Math.round(lines / ((performance.now() - start) / 1000))
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
  console.log('read, parse, import, again: lines per second. queue, submit: milliseconds.')
  for (const name of ['queue p50', 'queue p99', 'submit p50', 'submit p99']) {
    console.log(`${name}, 100 k : 1 k = ${((large[name] ?? 0) / (small[name] ?? 1)).toFixed(2)}`)
  }
  console.log(`import : JSON.parse alone at 100 k = ${((large.import ?? 0) / (large.parse ?? 1)).toFixed(2)}`)
}
