/** Two tabs on one card: one of them wins, the other sees who and when, and no text is lost. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeRecord, toJsonl, writeRun } from '../support/make-record.ts'
import { openBrowser } from '../support/open-browser.ts'
import { avocet, type Serving, serve } from '../support/start-avocet.ts'

const ROUNDS = 100

let browser: Browser
let folder: string
let server: Serving

beforeAll(async () => {
  browser = await openBrowser()
  folder = await mkdtemp(join(tmpdir(), 'avocet-tabs-'))
  const records = [...Array(ROUNDS).keys()].map((n) => makeRecord(n, { task_name: `Task ${n}` }))
  const path = await writeRun(join(folder, 'run-a/sft_candidates.jsonl'), toJsonl(records))
  await avocet(['import', path, '--db', join(folder, 'tabs.db')])
  server = await serve(['--db', join(folder, 'tabs.db')])
})

afterAll(async () => {
  await browser.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

async function openCard(page: Page, n: number): Promise<void> {
  await page.goto(`${server.url}/?card=${makeRecord(n).id}`)
  await page.getByRole('heading', { level: 1, name: `Task ${n}`, exact: true }).waitFor()
}

async function cardOf(n: number) {
  const response = await fetch(`${server.url}/api/sft/candidates/${makeRecord(n).id}`)
  type Text = { text: string }
  return (await response.json()) as {
    candidate: { corrected_response: string; version: number }
    draft: Text | null
    earlier_drafts: Text[]
  }
}

it(`has one winner and keeps the other's text, ${ROUNDS} times`, { timeout: 300_000 }, async () => {
  const context = await browser.newContext()
  const tabs = [await context.newPage(), await context.newPage()] as const
  for (let n = 0; n < ROUNDS; n++) {
    const texts = tabs.map((_, tab) => `text ${n} of tab ${tab}`)
    for (const [tab, page] of tabs.entries()) {
      await openCard(page, n)
      await page.keyboard.press('c')
      await page.getByRole('textbox').fill(texts[tab] as string)
    }
    await Promise.all(tabs.map((page) => page.getByRole('textbox').press('Control+Enter')))
    const refused = (page: Page) => page.getByText(/corrected this card/)
    await Promise.race(tabs.map((page) => refused(page).waitFor()))
    const { candidate, draft, earlier_drafts } = await cardOf(n)
    expect(candidate.version).toBe(1)
    expect(texts).toContain(candidate.corrected_response)
    const loser = texts.find((text) => text !== candidate.corrected_response)
    expect([draft, ...earlier_drafts].map((each) => each?.text)).toContain(loser)
    const told = await Promise.all(tabs.map((page) => refused(page).count()))
    expect(told.toSorted()).toEqual([0, 1])
  }
  await context.close()
})
