/** A browser that is killed in the middle of a sentence loses at most a second of it, and no decision. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { BrowserContext, Page } from 'playwright'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeRecord, toJsonl, writeRun } from '../support/make-record.ts'
import { openProfile } from '../support/open-browser.ts'
import { avocet, type Serving, serve } from '../support/start-avocet.ts'

const ROUNDS = 5
const CARDS = 60

let folder: string
let db: string
let server: Serving
let context: BrowserContext

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'avocet-killed-'))
  db = join(folder, 'killed.db')
  const records = [...Array(CARDS).keys()].map((n) => makeRecord(n, { task_name: `Task ${n}` }))
  await avocet([
    'import',
    await writeRun(join(folder, 'run-a/sft_candidates.jsonl'), toJsonl(records)),
    '--db',
    db,
  ])
  server = await serve(['--db', db])
})

afterEach(async () => {
  await context.close().catch(() => {})
  await killBrowser()
  await server.kill()
  await rm(folder, { recursive: true, force: true, maxRetries: 10 })
})

async function openPage(): Promise<Page> {
  context = await openProfile(join(folder, 'profile'))
  const page = await context.newPage()
  await page.goto(server.url)
  await page.locator('.stage .shown h1').waitFor()
  return page
}

/** All its processes at once, as a crash of the machine would; the profile's path is in their command line. */
async function killBrowser(): Promise<void> {
  await promisify(execFile)('pkill', ['-9', '-f', `user-data-dir=${join(folder, 'profile')}`]).catch(() => {})
}

async function discarded(): Promise<number> {
  const response = await fetch(`${server.url}/api/sft/stats`)
  return ((await response.json()) as { by_status: { discarded: number } }).by_status.discarded
}

async function restart(): Promise<void> {
  server = await serve(['--db', db], { port: Number(new URL(server.url).port) })
}

it('finds all but the last second of a sentence again, while the server was away', {
  timeout: 120_000,
}, async () => {
  const page = await openPage()
  await page.keyboard.press('c')
  await server.kill()
  const typed: { at: number; text: string }[] = []
  for (let text = ''; text.length < 40; ) {
    text += 'abcdefghij'[text.length % 10]
    await page.keyboard.type(text.at(-1) as string)
    typed.push({ at: Date.now(), text })
    await sleep(40 + Math.random() * 60)
  }
  const killedAt = Date.now()
  await killBrowser()
  await restart()
  const found = await (await openPage()).getByRole('textbox').inputValue()
  const safe = typed.findLast(({ at }) => at < killedAt - 1000)?.text ?? ''
  expect(safe.length).toBeGreaterThan(10)
  expect(found.startsWith(safe)).toBe(true)
})

it(`sends what was decided before it was killed, ${ROUNDS} times`, { timeout: 240_000 }, async () => {
  let pressed = 0
  for (let round = 0; round < ROUNDS; round++) {
    const page = await openPage()
    await server.kill()
    for (let n = 0; n < 5; n++) {
      const before = await page.locator('.stage .shown h1').innerText()
      await page.keyboard.press('d')
      await expect.poll(() => page.locator('.stage .shown h1').innerText()).not.toBe(before)
      pressed += 1
    }
    await sleep(50)
    await killBrowser()
    await restart()
    const again = await openPage()
    await expect.poll(discarded, { timeout: 20_000 }).toBe(pressed)
    await again.close()
    await context.close()
  }
})
