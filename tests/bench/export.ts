/** Owns the export's part of `npm run bench`: a store of approved corrections streamed to a file, beside a plain copy of it. */
import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { formats } from '../../src/formats/index.ts'
import { sources } from '../../src/sources/index.ts'
import type { Source } from '../../src/sources/source.ts'
import { openSqlite } from '../../src/store/dialect.ts'
import { migrated } from '../../src/store/open.ts'
import { exportExamples } from '../../src/workflow/export-examples.ts'
import { fillIndex } from '../../src/workflow/export-index.ts'
import { previewExport } from '../../src/workflow/export-preview.ts'
import { toRequest } from '../../src/workflow/export-request.ts'
import { importRun } from '../../src/workflow/import-run.ts'
import { queryOf } from '../support/export-query.ts'
import { makeRecord, toJsonl } from '../support/make-record.ts'
import { testDeps } from '../support/test-deps.ts'

const RESPONSE = 'def f(x):\n    return x + 1  # "wrong", and long enough\n'.repeat(20)
const PROMPT = 'Write a function that "does" something useful with x, and say why it does.\n'.repeat(10)

/** Megabytes per second, milliseconds to the first byte, and the most memory that the exporting process ever had. */
export async function measureExport(folder: string, size: number): Promise<Record<string, number>> {
  const store = await migrated(openSqlite(join(folder, `export-${size}.db`)))
  const deps = testDeps(store)
  await importRecords(folder, size, deps)
  approveAll(store.name)
  await fillIndex(deps)
  const file = join(folder, `export-${size}.jsonl`)
  const written = await inOwnProcess(store.name, file)
  const { size: bytes } = await stat(file)
  const copying = await seconds(() => pipeline(createReadStream(file), createWriteStream(`${file}.copy`)))
  const looking = await seconds(() => previewExport(deps, toRequest(formats, queryOf())))
  await store.close()
  await rm(file)
  return {
    size,
    'MB/s': Math.round(bytes / 1e6 / written.seconds),
    'copy MB/s': Math.round(bytes / 1e6 / copying),
    'first byte ms': Math.round(written.firstByte),
    'preview ms': Math.round(looking * 1000),
    'peak MB': Math.round(written.peak),
  }
}

type Written = { seconds: number; firstByte: number; peak: number }

/** Alone, so that the import's memory is not counted as the export's. */
async function inOwnProcess(db: string, file: string): Promise<Written> {
  const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename, 'write', db, file])
  return JSON.parse(stdout)
}

async function writeExport(db: string, file: string): Promise<Written> {
  const store = await migrated(openSqlite(db))
  const start = performance.now()
  let firstByte = 0
  const { chunks } = exportExamples(testDeps(store), toRequest(formats, queryOf()))
  async function* timed() {
    for await (const chunk of chunks) {
      firstByte ||= performance.now() - start
      yield chunk
    }
  }
  // The next piece is made while the last one is written, as by the command itself.
  await pipeline(timed, createWriteStream(file, { highWaterMark: 512 * 1024 }))
  const took = (performance.now() - start) / 1000
  await store.close()
  return { seconds: took, firstByte, peak: process.resourceUsage().maxRSS / 1024 }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

async function importRecords(folder: string, size: number, deps: ReturnType<typeof testDeps>): Promise<void> {
  const file = join(folder, `export-${size}/sft_candidates.jsonl`)
  await mkdir(join(file, '..'), { recursive: true })
  const handle = await open(file, 'w')
  for (let start = 0; start < size; start += 1000) {
    const numbers = [...Array(Math.min(1000, size - start)).keys()].map((n) => start + n)
    await handle.write(toJsonl(numbers.map(recordOf)))
  }
  await handle.close()
  await importRun(deps, [file], { source: sources.get('benchmark') as Source, reviewer: 'bench' })
  await rm(file)
}

function recordOf(number: number) {
  const prompt_messages = [
    { role: 'system', content: 'Answer with code only.' },
    { role: 'user', content: `Task ${number}\n${PROMPT}` },
  ]
  return makeRecord(number, { model_response: RESPONSE, prompt_messages })
}

/** As a million decisions would leave the store, without the hours that they take. */
function approveAll(path: string): void {
  const database = new DatabaseSync(path)
  const text = `'def f(y):' || char(10) || '    return y + ' || seq || '${'    pass  # filling the page with words'.repeat(25)}'`
  database.exec(`begin;
    insert into decisions (decision_id, candidate_seq, version, action, corrected_response, failure_category, reviewer, decided_at, request_sha256)
      select 'd' || seq, seq, 1, 'correct', ${text}, 'wrong_answer', 'bench', '2026-04-07T12:00:00.000Z', x'00' from candidates;
    update candidates set status = 'approved', version = 1, failure_category = 'wrong_answer',
      decided_at = '2026-04-07T12:00:00.000Z', corrected_response = ${text};
    update counters set status = 'approved', failure_category = 'wrong_answer', export_ready = 1;
    commit`)
  database.close()
}

// Run alone, `node tests/bench/export.ts 1000000`, it measures this size and nothing else.
if (process.argv[1] === import.meta.filename) {
  const [what = '100000', db = '', file = ''] = process.argv.slice(2)
  if (what === 'write') process.stdout.write(JSON.stringify(await writeExport(db, file)))
  else await measureAlone(Number(what))
}

async function measureAlone(size: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'avocet-bench-export-'))
  console.table([await measureExport(folder, size)])
  await rm(folder, { recursive: true, force: true })
}
