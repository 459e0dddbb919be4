/** Nothing is lost between a browser and a server that goes away, comes back, or is killed. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSqlite } from '../../src/store/dialect.ts'
import { migrated } from '../../src/store/open.ts'
import { verifyStore } from '../../src/store/verify.ts'
import { makeRecord, toJsonl, writeRun } from '../support/make-record.ts'
import { openBrowser } from '../support/open-browser.ts'
import { avocet, type Serving, serve } from '../support/start-avocet.ts'

const CARDS = 400
const KILLS = 30

type Sent = { id: string; action: string; decision_id: string }

let browser: Browser
let folder: string
let db: string
let server: Serving
let page: Page
/** What the page asked for, by its decision_id. */
let asked: Map<string, Sent>

// One for each test: a tab that refused to be closed has been seen to take its browser with it.
beforeEach(async () => {
  browser = await openBrowser()
  folder = await mkdtemp(join(tmpdir(), 'avocet-outbox-'))
  db = join(folder, 'outbox.db')
  const records = [...Array(CARDS).keys()].map((n) => makeRecord(n, { task_name: `Task ${n}` }))
  await avocet([
    'import',
    await writeRun(join(folder, 'run-a/sft_candidates.jsonl'), toJsonl(records)),
    '--db',
    db,
  ])
  server = await serve(['--db', db])
  page = await (await browser.newContext()).newPage()
  asked = new Map()
  page.on('request', (request) => {
    if (request.method() !== 'POST') return
    const sent = request.postDataJSON() as Sent
    asked.set(sent.decision_id, { ...sent, action: sent.action ?? 'undo' })
  })
  await page.goto(server.url)
  await page.locator('.stage .shown h1').waitFor()
})

afterEach(async () => {
  await browser.close()
  await server.kill()
  await rm(folder, { recursive: true, force: true })
})

const title = () => page.locator('.stage .shown h1').innerText()
const status = () => page.locator('.saved').first().innerText()

async function restart(): Promise<void> {
  server = await serve(['--db', db], { port: Number(new URL(server.url).port) })
}

/** Presses the key once the next card is there. */
async function press(key: string): Promise<void> {
  const before = await title()
  await page.keyboard.press(key)
  await expect.poll(title).not.toBe(before)
}

async function readLog() {
  const store = await migrated(openSqlite(db))
  const log = await store.db
    .selectFrom('decisions')
    .innerJoin('candidates', 'candidates.seq', 'decisions.candidate_seq')
    .select(['decision_id', 'action', 'candidates.id'])
    .orderBy('decisions.seq')
    .execute()
  const { differences } = await verifyStore(store)
  await store.close()
  return { log, differences }
}

it('saves ten decisions once each, in their order, that were made while the server was away', async () => {
  await server.kill()
  for (const key of ['d', 'f', 'd', 'd', 'f', 'f', 'd', 'f', 'd', 'd']) await press(key)
  await expect.poll(status).toMatch(/offline.*10 waiting/i)
  expect(await title()).toBe('Task 10')
  await restart()
  await expect.poll(status, { timeout: 20_000 }).toMatch(/^saved/i)
  const { log } = await readLog()
  const word = { d: 'discard', f: 'flag' }
  const expected = [...'dfddffdfdd'].map((key, n) => [makeRecord(n).id, word[key as 'd' | 'f']])
  expect(log.map(({ id, action }) => [id, action])).toEqual(expected)
})

it('goes on after a reload with what was not sent', async () => {
  await server.kill()
  for (const key of ['d', 'f', 'd']) await press(key)
  await restart()
  // The page is loaded anew before the outbox has tried again, whatever it warns of.
  page.once('dialog', (dialog) => dialog.accept())
  await page.reload()
  await expect.poll(status, { timeout: 20_000 }).toMatch(/^saved/i)
  const { log } = await readLog()
  expect(log.map(({ action }) => action)).toEqual(['discard', 'flag', 'discard'])
  expect(await title()).toBe('Task 3')
})

it('warns before a tab is closed with work that was not sent', async () => {
  await server.kill()
  await press('d')
  await expect.poll(status).toMatch(/offline/i)
  const asking = page.waitForEvent('dialog')
  void page.close({ runBeforeUnload: true })
  const dialog = await asking
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
})

it(`agrees with the store after the server was killed at ${KILLS} random moments`, {
  timeout: 300_000,
}, async () => {
  let isOver = false
  async function work(): Promise<void> {
    while (!isOver) {
      await page.keyboard.press(['d', 'f', 'd', 'f', 'u'][Math.floor(Math.random() * 5)] as string)
      await sleep(20 + Math.random() * 80)
    }
  }
  const working = work()
  for (let round = 0; round < KILLS; round++) {
    await sleep(100 + Math.random() * 500)
    await server.kill()
    await restart()
  }
  isOver = true
  await working
  await expect.poll(status, { timeout: 30_000 }).toMatch(/^saved/i)
  const { log, differences } = await readLog()
  expect(differences).toEqual([])
  expect(asked.size).toBeGreaterThan(KILLS)
  const sent = [...asked.values()].map(({ decision_id, action, id }) => ({ decision_id, action, id }))
  const byId = (one: Sent, other: Sent): number => (one.decision_id < other.decision_id ? -1 : 1)
  expect(log.sort(byId)).toEqual(sent.sort(byId))
})
