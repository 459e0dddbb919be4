/** Owns a process that imports one path into a new database and tells what it came to, and its peak of memory in MiB. */
import { readFileSync } from 'node:fs'
import benchmark from '../../src/sources/benchmark.ts'
import { openSqlite } from '../../src/store/dialect.ts'
import { migrated } from '../../src/store/open.ts'
import { readImportReport } from '../../src/workflow/import-ledger.ts'
import { importRun } from '../../src/workflow/import-run.ts'
import { testDeps } from '../support/test-deps.ts'

const [path = '', database = ''] = process.argv.slice(2)
const store = await migrated(openSqlite(database))
const deps = testDeps(store)
const { import_id } = await importRun(deps, [path], { source: benchmark, reviewer: 'ada', alone: true })
const report = await readImportReport(deps, String(import_id), { offset: 0, limit: 10 }, () => null)
await store.close()
const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
const codes = [...report.problems, ...report.files.flatMap(({ refused }) => refused ?? [])].map(
  ({ code }) => code,
)
process.stdout.write(JSON.stringify({ imported: report.totals.imported, codes, peak: Math.round(peak) }))
