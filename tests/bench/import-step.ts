/** Owns one measured step of the import's bench, in a process of its own: prints its milliseconds, its work and its peak of memory. */

import { sources } from '../../src/sources/index.ts'
import { readLines } from '../../src/sources/read-lines.ts'
import type { Source } from '../../src/sources/source.ts'
import { openSqlite } from '../../src/store/dialect.ts'
import { migrated } from '../../src/store/open.ts'
import { importRun } from '../../src/workflow/import-run.ts'
import { testDeps } from '../support/test-deps.ts'

const [step = '', file = '', db = ''] = process.argv.slice(2)

const STEPS: Record<string, () => Promise<number>> = {
  split: () =>
    timed(async () => {
      for await (const _ of readLines(file, {}));
    }),
  parse: () =>
    timed(async () => {
      for await (const lines of readLines(file, {})) {
        for (const { bytes } of lines) if (bytes) JSON.parse(String(bytes))
      }
    }),
  import: importStep,
  duckdb: duckdbStep,
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

async function importStep(): Promise<number> {
  const store = await migrated(openSqlite(db))
  const source = sources.get('benchmark') as Source
  const ms = await timed(() => importRun(testDeps(store), [file], { source, reviewer: 'bench', alone: true }))
  await store.close()
  return ms
}

/** Not among our packages, for it has 70 MB: `npm install --no-save @duckdb/node-api`. */
async function duckdbStep(): Promise<number> {
  const name = '@duckdb/node-api'
  const { DuckDBInstance } = await import(name)
  const connection = await (await DuckDBInstance.create(db)).connect()
  await connection.run(`create table if not exists records (id varchar primary key, record json)`)
  return timed(async () => {
    await connection.run(`insert into records
      select json ->> 'id', json from read_json_objects('${file}', format = 'newline_delimited', maximum_object_size = 16777216)
      on conflict do nothing`)
    await connection.run('checkpoint')
  })
}

const run = STEPS[step]
if (!run) throw new Error(`There is no step ${step}.`)
const before = process.cpuUsage()
const ms = await run()
const { user, system } = process.cpuUsage(before)
process.stdout.write(
  JSON.stringify({
    ms,
    cpu: (user + system) / 1000,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
)
