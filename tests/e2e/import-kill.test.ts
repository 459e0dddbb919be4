/** No record twice, none missing: an import is killed again and again, and the same command goes on. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openSqlite } from '../../src/store/dialect.ts'
import { migrated } from '../../src/store/open.ts'
import { verifyStore } from '../../src/store/verify.ts'
import { makeRecord, toJsonl, writeRun } from '../support/make-record.ts'
import { avocet, MAIN } from '../support/start-avocet.ts'

const KILLS = 50
const RECORDS = 6000
const TEXT = 'a wrong answer, long enough to be worth a transaction now and then\n'.repeat(30)

/** Good records, with a damaged line, a conflict and a blank line among every thousand. */
function content(): string {
  const parts: string[] = []
  for (let n = 0; n < RECORDS; n++) {
    const record = makeRecord(n, { model_response: `${n} ${TEXT}` })
    parts.push(toJsonl([record]))
    if (n % 1000 === 500) parts.push(`[${n}]\n`, '\n', toJsonl([{ ...record, model_response: 'other' }]))
  }
  return parts.join('')
}

/** True when it was over before it could be killed. */
async function killedImport(path: string, db: string): Promise<boolean> {
  const child = spawn(process.execPath, [MAIN, 'import', path, '--db', db], { stdio: 'ignore' })
  const closed = once(child, 'close')
  await Promise.race([sleep(250 + Math.random() * 900), closed])
  child.kill('SIGKILL')
  const [code] = await closed
  return code !== null
}

it(`goes on where it ended through ${KILLS} kills`, { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'avocet-resume-'))
  const path = await writeRun(join(folder, 'run-a/sft_candidates.jsonl'), content())
  let db = ''
  let rounds = 0
  let goneOn = 0
  const databases: string[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    if (db === '') {
      db = join(folder, `${rounds++}.db`)
      databases.push(db)
      await (await migrated(openSqlite(db))).close()
    }
    // Beside a server, transactions are short: most kills leave something behind.
    const store = openSqlite(db)
    const endServing = store.beServed()
    const isOver = await killedImport(path, db)
    endServing()
    const { lines } = await store.db
      .selectFrom('import_files')
      .select((eb) => eb.fn.coalesce(eb.fn.max('taken_lines'), eb.lit(0)).as('lines'))
      .executeTakeFirstOrThrow()
    if (lines > 0 && !isOver) goneOn += 1
    await store.close()
    if (isOver) db = ''
  }
  expect(goneOn).toBeGreaterThan(0)
  for (const each of databases) await expectWhole(each, path)
  await rm(folder, { recursive: true, force: true })
})

async function expectWhole(db: string, path: string): Promise<void> {
  const { stdout } = await avocet(['import', path, '--db', db, '--json'])
  const report = JSON.parse(stdout)
  expect(report).toMatchObject({ state: 'finished' })
  const { imported, duplicate, ...rest } = report.totals
  expect(imported + duplicate).toBe(RECORDS)
  const odd = RECORDS / 1000
  expect(rest).toEqual({ lines: RECORDS + 3 * odd, conflict: odd, rejected: odd, skipped: 0, blank: odd })
  const lines = [...Array(odd).keys()].map((n) => n * 1003 + 502)
  expect(report.problems.map(({ line }: { line: number }) => line)).toEqual(lines)
  expect(report.conflicts.map(({ line }: { line: number }) => line)).toEqual(lines.map((line) => line + 2))
  const store = await migrated(openSqlite(db))
  expect(await verifyStore(store)).toMatchObject({ candidates: RECORDS, differences: [] })
  await store.close()
}
