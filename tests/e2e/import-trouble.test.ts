/** Imports when something is in the way: a full disk, another import, a server that people work with, a stop. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqlite } from '../../src/store/dialect.ts'
import { migrated } from '../../src/store/open.ts'
import { verifyStore } from '../../src/store/verify.ts'
import { importRun } from '../../src/workflow/import-run.ts'
import { makeRecord, toJsonl, writeRun } from '../support/make-record.ts'
import { avocet, post, type Serving, serve } from '../support/start-avocet.ts'
import { BENCHMARK } from '../support/test-app.ts'
import { testDeps } from '../support/test-deps.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'avocet-trouble-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** Random, so that no compression makes it small. */
function records(count: number, bytes: number) {
  return [...Array(count).keys()].map((n) => {
    let model_response = ''
    while (model_response.length < bytes) model_response += Math.random().toString(36).slice(2)
    return makeRecord(n, { model_response })
  })
}

function runFile(content: string): Promise<string> {
  return writeRun(join(folder, 'runs/run-a/sft_candidates.jsonl'), content)
}

async function verified(db: string) {
  const store = await migrated(openSqlite(db))
  const found = await verifyStore(store)
  await store.close()
  return found
}

/** False where this user may not mount anything. */
function mounted(path: string, size: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('a full disk', () => {
  it('ends the import in words; with more room the same command goes on', { timeout: 120_000 }, async () => {
    const path = await runFile(toJsonl(records(4000, 3000)))
    const disk = join(folder, 'disk')
    await mkdir(disk)
    if (!mounted(disk, '6m')) return fullByLimit(path)
    try {
      const db = join(disk, 'avocet.db')
      // Beside a server transactions are short, so that some of it is kept.
      const store = await migrated(openSqlite(db))
      const endServing = store.beServed()
      const full = await avocet(['import', path, '--db', db])
      endServing()
      await store.close()
      expect(full).toMatchObject({ code: 1, stderr: expect.stringContaining('The disk is full') })
      expect(full.stderr).not.toContain('    at ')
      const { candidates, differences } = await verified(db)
      expect(differences).toEqual([])
      expect(candidates).toBeGreaterThan(0)
      expect(candidates).toBeLessThan(4000)
      execFileSync('mount', ['-o', 'remount,size=100m', disk])
      const again = await avocet(['import', path, '--db', db, '--json'])
      expect(JSON.parse(again.stdout).totals).toMatchObject({
        lines: 4000,
        imported: 4000 - candidates,
        duplicate: candidates,
      })
      expect(await verified(db)).toMatchObject({ candidates: 4000, differences: [] })
    } finally {
      execFileSync('umount', [disk])
    }
  })

  /** Without the right to mount: the database itself may have no more pages, which SQLite tells as a full disk. */
  async function fullByLimit(path: string): Promise<void> {
    const db = join(folder, 'limited.db')
    const store = await migrated(openSqlite(db))
    await sql`pragma max_page_count = 300`.execute(store.db)
    const importing = importRun(testDeps(store), [path], { source: BENCHMARK, reviewer: 'ada' })
    await expect(importing).rejects.toThrow('The disk is full')
    await store.close()
    const again = await avocet(['import', path, '--db', db, '--json'])
    expect(JSON.parse(again.stdout).totals).toMatchObject({ lines: 4000 })
    expect(await verified(db)).toMatchObject({ candidates: 4000, differences: [] })
  }
})

describe('two imports of one file at once', () => {
  it('make one database, take each record once, and agree on what they saw', {
    timeout: 120_000,
  }, async () => {
    const path = await runFile(`${toJsonl(records(3000, 500))}[1]\n`)
    for (const round of [1, 2, 3, 4]) await importTwice(path, join(folder, `two-${round}.db`))
  })

  async function importTwice(path: string, db: string): Promise<void> {
    const both = await Promise.all([1, 2].map(() => avocet(['import', path, '--db', db, '--json'])))
    const totals = both.map(({ stdout }) => JSON.parse(stdout).totals)
    expect(totals[0].imported + totals[1].imported).toBe(3000)
    for (const each of totals) expect(each).toMatchObject({ lines: 3001, conflict: 0, rejected: 1 })
    expect(await verified(db)).toMatchObject({ candidates: 3000, differences: [] })
  }
})

describe('an import that has the file to itself', () => {
  it('lets in whoever opens it meanwhile', { timeout: 120_000 }, async () => {
    const LINES = 60_000
    const path = await runFile(toJsonl(records(LINES, 1500)))
    const db = join(folder, 'alone.db')
    let isOver = false
    const importing = avocet(['import', path, '--db', db, '--json']).finally(() => {
      isOver = true
    })
    await expect.poll(() => existsSync(`${db}-journal`), { interval: 5 }).toBe(true)
    let answers = 0
    for (; !isOver; answers++) {
      expect(await avocet(['stats', '--db', db])).toMatchObject({ code: 0 })
    }
    expect(answers).toBeGreaterThan(1)
    expect(JSON.parse((await importing).stdout).totals).toMatchObject({ lines: LINES, imported: LINES })
    expect(await verified(db)).toMatchObject({ candidates: LINES, differences: [] })
    expect(existsSync(`${db}-journal`)).toBe(false)
  })
})

describe('beside a server', () => {
  let server: Serving
  const DECIDED = 300

  async function serveSmall(): Promise<string> {
    const db = join(folder, 'served.db')
    const first = await writeRun(
      join(folder, 'first/sft_candidates.jsonl'),
      toJsonl([...Array(DECIDED).keys()].map((n) => makeRecord(1_000_000 + n))),
    )
    await avocet(['import', first, '--db', db])
    server = await serve(['--db', db])
    await post(`${server.url}/api/sft/config`, { bench_results_dir: join(folder, 'runs') })
    return db
  }

  async function stateOf(id: unknown) {
    return (await (await fetch(`${server.url}/api/sft/imports/${id}`)).json()) as {
      state: string
      trouble: string | null
      totals: { lines: number; imported: number }
    }
  }

  /** Decides cards while `isOver` says no; the ids that were acknowledged. */
  async function review(isOver: () => Promise<boolean>): Promise<string[]> {
    const done: string[] = []
    for (let n = 0; n < DECIDED && !(await isOver()); n++) {
      const { id } = makeRecord(1_000_000 + n)
      const { status } = await post(`${server.url}/api/sft/submit`, { id, action: 'discard' })
      expect(status).toBe(200)
      done.push(id)
    }
    return done
  }

  it('people go on deciding while it runs', {
    timeout: 120_000,
  }, async () => {
    const db = await serveSmall()
    const big = await writeRun(join(folder, 'runs/big/sft_candidates.jsonl'), toJsonl(records(8000, 1500)))
    const { json } = await post(`${server.url}/api/sft/imports`, { path: big })
    const seen = new Set<number>()
    const fromPage = await review(async () => {
      const { state, totals } = await stateOf(json.import_id)
      seen.add(totals.lines)
      return state === 'finished'
    })
    // Both went on between each other: decisions were answered between reports of progress.
    expect(fromPage.length).toBeGreaterThan(5)
    expect(seen.size).toBeGreaterThan(3)
    await expect.poll(async () => (await stateOf(json.import_id)).state, { timeout: 60_000 }).toBe('finished')
    await server.stop()
    expect(await verified(db)).toMatchObject({ candidates: 8000 + DECIDED, differences: [] })
  })

  it('stops resumably when the server is stopped, and no internal error is logged', {
    timeout: 120_000,
  }, async () => {
    // Seconds of work, so that the server is surely stopped in the middle of it.
    const LINES = 100_000
    const db = await serveSmall()
    const big = await writeRun(join(folder, 'runs/big/sft_candidates.jsonl'), toJsonl(records(LINES, 1500)))
    const waiting = post(`${server.url}/api/sft/import`, { path: big })
    // Behind the one with which the database was made.
    const running = 2
    await expect.poll(async () => (await stateOf(running)).totals?.lines).toBeGreaterThan(0)
    await post(`${server.url}/api/sft/imports`, { path: big })
    expect(await server.stop()).toBe(0)
    expect(await waiting).toMatchObject({ status: 503, json: { code: 'stopped' } })
    expect(server.output.stderr).not.toContain('internal error')
    server = await serve(['--db', db, '--no-open'])
    expect(await stateOf(running)).toMatchObject({
      state: 'interrupted',
      trouble: expect.stringContaining('import again to go on'),
    })
    await server.stop()
    await avocet(['import', big, '--db', db])
    expect(await verified(db)).toMatchObject({ candidates: LINES + DECIDED, differences: [] })
  })
})
