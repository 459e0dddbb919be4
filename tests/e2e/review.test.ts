/** The whole loop in a real browser on the real program: import, card, decision, export. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { openBrowser } from '../support/open-browser.ts'
import { avocet, EXAMPLES, type Serving, serve } from '../support/start-avocet.ts'

type Correction = { id: string; corrected_response: string; failure_category: string | null }

const CATEGORY_KEYS: Record<string, string> = {
  scoring_artifact: '1',
  style_violation: '2',
  partial_answer: '3',
  wrong_answer: '4',
  format_error: '5',
  hallucination: '6',
}

let browser: Browser
let cwd: string
let server: Serving
let page: Page
let complaints: string[]

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'avocet-page-'))
  server = await serve([EXAMPLES], { cwd })
  page = await browser.newPage()
  complaints = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    if (!request.url().startsWith(`${server.url}/`)) complaints.push(`asked for ${request.url()}`)
  })
  await page.goto(server.url)
})

afterEach(async () => {
  await page.close()
  await server.stop()
  await rm(cwd, { recursive: true, force: true })
})

async function readCorrections(): Promise<Correction[]> {
  return JSON.parse(await readFile(join(EXAMPLES, '../corrections.json'), 'utf8')) as Correction[]
}

const heading = () =>
  page
    .getByRole('heading', { level: 1 })
    .or(page.getByRole('heading', { level: 2 }))
    .first()

async function waitForCard(id: string): Promise<void> {
  const response = await page.request.get(`${server.url}/api/sft/candidates/${id}`)
  const { candidate } = (await response.json()) as {
    candidate: { task_name: string; model_response: string }
  }
  // The first words that Markdown shows too: no fence, and no number of a list.
  const lines = candidate.model_response.split('\n').map((line) => line.replace(/^\s*(\d+\.|```.*)?\s*/, ''))
  const start = lines.find((line) => line !== '') as string
  await page.locator('.stage .shown').getByText(start, { exact: false }).first().waitFor()
}

/** Types as a hand does: `c`, a category, the text, Ctrl+Enter. */
async function correct({ id, corrected_response, failure_category }: Correction): Promise<void> {
  await waitForCard(id)
  if (failure_category) await page.keyboard.press(CATEGORY_KEYS[failure_category] as string)
  await page.keyboard.press('c')
  await page.keyboard.insertText(corrected_response)
  await page.keyboard.press('Control+Enter')
}

async function saved(approved: number): Promise<void> {
  await expect
    .poll(async () => {
      const stats = await (await page.request.get(`${server.url}/api/sft/stats`)).json()
      return (stats as { by_status: { approved: number } }).by_status.approved
    })
    .toBe(approved)
}

it('corrects five cards by keyboard alone, with an undo and a reload in between, and exports them', async () => {
  const corrections = await readCorrections()
  const [first, second, third, fourth, fifth] = corrections as [
    Correction,
    Correction,
    Correction,
    Correction,
    Correction,
  ]
  await correct(first)
  await correct({
    ...second,
    corrected_response: `${second.corrected_response} oops`,
    failure_category: second.failure_category,
  })
  await waitForCard(third.id)
  await page.keyboard.press('u')
  await waitForCard(second.id)
  const editor = page.getByRole('textbox')
  await expect.poll(() => editor.inputValue()).toBe(`${second.corrected_response} oops`)
  await editor.focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(second.corrected_response)
  await page.keyboard.press('Control+Enter')
  await correct(third)
  await saved(3)

  await waitForCard(fourth.id)
  await page.keyboard.press(CATEGORY_KEYS[fourth.failure_category as string] as string)
  await page.keyboard.press('c')
  await page.keyboard.insertText(fourth.corrected_response.slice(0, 40))
  await page.getByText(/draft kept/i).waitFor()
  await page.reload()
  await waitForCard(fourth.id)
  await expect.poll(() => page.getByRole('textbox').inputValue()).toBe(fourth.corrected_response.slice(0, 40))
  await page.getByRole('textbox').focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.insertText(fourth.corrected_response.slice(40))
  await page.keyboard.press('Control+Enter')
  await correct(fifth)
  await saved(5)

  const expected = await expectedExport(corrections)
  await page.getByRole('link', { name: 'Export', exact: true }).click()
  const link = page.getByRole('link', { name: /^download/i })
  await link.waitFor()
  const downloading = page.waitForEvent('download')
  await link.click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/^avocet-sft-\d{4}-\d\d-\d\d\.jsonl$/)
  expect(await readFile((await download.path()) as string, 'utf8')).toBe(expected)
  expect((await avocet(['export'], { cwd })).stdout).toBe(expected)
  expect((await avocet(['verify'], { cwd })).code).toBe(0)
  expect(complaints).toEqual([])
})

/** Written by hand from the record and the correction, not by the code that is tested. */
async function expectedExport(corrections: Correction[]): Promise<string> {
  const file = await readFile(join(EXAMPLES, '2026-04-07-143022/sft_candidates.jsonl'), 'utf8')
  const records = file
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  return corrections
    .map(({ id, corrected_response, failure_category }) => {
      const { prompt_messages } = records.find((record) => record.id === id)
      const messages = [...prompt_messages, { role: 'assistant', content: corrected_response }]
      return `${JSON.stringify({ messages, failure_category })}\n`
    })
    .join('')
}

it('discards and flags by key and by button, each with a category, and moves the focus to the next card', async () => {
  const [first, second, third] = (await readCorrections()) as [Correction, Correction, Correction]
  await waitForCard(first.id)
  await page.keyboard.press('4')
  await page.keyboard.press('d')
  await waitForCard(second.id)
  await expect
    .poll(() =>
      page.locator('.stage .shown h1').evaluate((words) => words.ownerDocument.activeElement === words),
    )
    .toBe(true)
  await page.getByRole('button', { name: /flag model/i }).click()
  await waitForCard(third.id)
  await expect
    .poll(async () => (await (await page.request.get(`${server.url}/api/sft/stats`)).json()) as object)
    .toMatchObject({
      by_status: { discarded: 1, model_rejected: 1 },
      by_failure_category: { wrong_answer: 1, none: 1 },
    })
  expect(complaints).toEqual([])
})

it('goes on while the server is gone, and saves all once it is back', async () => {
  const [first, second] = (await readCorrections()) as [Correction, Correction]
  await waitForCard(first.id)
  const port = Number(new URL(server.url).port)
  await server.kill()
  await page.keyboard.press('c')
  await page.keyboard.insertText('  typed while offline')
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => heading().textContent()).not.toContain('does not answer')
  await page.keyboard.press('d')
  await page.getByText('Offline, 2 waiting').waitFor()
  server = await serve([], { cwd, port })
  expect(server.url).toContain(String(port))
  await page.getByText('Saved', { exact: true }).waitFor()
  await saved(1)
  const lines = (await avocet(['export'], { cwd })).stdout.trimEnd().split('\n')
  expect(JSON.parse(lines[0] as string).messages.at(-1).content).toBe('  typed while offline')
  await page.keyboard.press('u')
  await waitForCard(second.id)
  expect((await avocet(['verify'], { cwd })).code).toBe(0)
})
