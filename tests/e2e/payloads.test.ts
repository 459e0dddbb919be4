/** Proves with the real program and its real policy that no text of a benchmark file runs, loads, or is complained about. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeRecord, toJsonl, writeRun } from '../support/make-record.ts'
import { openBrowser } from '../support/open-browser.ts'
import { PAYLOADS } from '../support/payloads.ts'
import { type Serving, serve } from '../support/start-avocet.ts'

let browser: Browser
let cwd: string
let server: Serving
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'avocet-payloads-'))
  const file = await writeRun(join(cwd, 'run/sft_candidates.jsonl'), toJsonl(PAYLOADS.map(attack)))
  browser = await openBrowser()
  server = await serve([file], { cwd })
  page = await browser.newPage()
  await listen()
  await page.goto(server.url)
})

afterAll(async () => {
  await browser.close()
  await server.stop()
  await rm(cwd, { recursive: true, force: true })
})

/** JSON of a real file has no half characters: our reader refuses them, and the browser tests show them. */
function attack(payload: string, index: number) {
  const text = payload.toWellFormed()
  return makeRecord(index, {
    prompt_messages: [
      { role: 'system', content: text },
      { role: 'user', content: text },
      { role: 'user', content: numbered(index) },
    ],
    model_response: `${text}\n\nWords, and again:\n\n${text}`,
    task_name: text,
    model_name: text,
    failure_reason: text,
    task_type: text,
    node_id: text,
  })
}

function numbered(index: number): string {
  return `This is payload ${index}.`
}

async function listen(): Promise<void> {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`error: ${error}`))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('popup', (popup) => complaints.push(`popup: ${popup.url()}`))
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame()) complaints.push(`frame: ${frame.url()}`)
  })
  page.on('request', (request) => {
    const { origin, pathname } = new URL(request.url())
    const isOurs =
      origin === server.url &&
      /^\/(api\/sft\/|assets\/|favicon\.svg$|$|(cards|runs|insights)\b)/.test(pathname)
    if (!isOurs) complaints.push(`request: ${request.url()}`)
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)
    })
  })
}

const said = (view: string) =>
  page
    .locator('.stage .shown')
    .getByRole('group', { name: 'Show the answer as' })
    .getByRole('button', { name: view, exact: true })
    .dispatchEvent('click')

it('runs, loads and complains about nothing on any card, as Markdown and raw', {
  timeout: 300_000,
}, async () => {
  for (const index of PAYLOADS.keys()) {
    await page.getByText(numbered(index), { exact: true }).waitFor()
    await said('Raw')
    await said('Markdown')
    const found = await page.evaluate(inspect)
    expect({ index, found, complaints }).toEqual({
      index,
      found: { pwned: false, foreign: [] },
      complaints: [],
    })
    await page.keyboard.press('d')
  }
  await expect
    .poll(async () => (await (await page.request.get(`${server.url}/api/sft/stats`)).json()) as object)
    .toMatchObject({ by_status: { discarded: PAYLOADS.length, needs_review: 0 } })
  expect(complaints).toEqual([])
})

it("runs, loads and complains about nothing in lists, statistics and on the cards' own pages", {
  timeout: 300_000,
}, async () => {
  const ids = [...PAYLOADS.keys()].map((index) => `/cards/${makeRecord(index).id}`)
  const lists = [1, 2, 3, 4].map((number) => `/cards?page=${number}`)
  for (const path of ['/', '/runs', '/runs?import=1', '/insights', ...lists, ...ids]) {
    await page.goto(server.url + path)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await page.waitForLoadState('networkidle')
    const found = await page.evaluate(inspect)
    expect({ path, found, complaints }).toEqual({
      path,
      found: { pwned: false, foreign: [] },
      complaints: [],
    })
  }
})

/** Runs in the page: what no text may have become there. */
function inspect() {
  const elements =
    'img, iframe, object, embed, frame, base, form, video, audio, math, dialog, template, body script, body style, body link, body meta'
  // Forms of our own bear the mark of a component's styles.
  const isOurs = (element: Element) =>
    element.localName === 'form' && element.getAttributeNames().some((name) => name.startsWith('data-v-'))
  const foreign = [...document.querySelectorAll(elements)]
    .filter((element) => !isOurs(element))
    .map((element) => element.outerHTML.slice(0, 200))
  for (const element of document.querySelectorAll('body *')) {
    for (const { name, value } of element.attributes) {
      const isHandler = name.startsWith('on') || name === 'srcdoc'
      const isTrick = name === 'href' && !/^(https?:|mailto:|\/|#)/.test(value)
      if (isHandler || isTrick) foreign.push(`${element.localName} ${name}=${value}`)
    }
  }
  return { pwned: '__pwned' in window, foreign }
}
