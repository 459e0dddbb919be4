/** Imports from the page, in a real browser on the real program: drop, report, mend, cancel, watch. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/open-browser.ts'
import { type OpenPage, openPage } from '../support/open-page.ts'

let browser: Browser
let open: OpenPage
let page: Page

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())
afterEach(() => open.close())

async function start(options?: Parameters<typeof openPage>[1]): Promise<void> {
  open = await openPage(browser, options)
  page = open.page
}

function record(id: string, more: object = {}): string {
  const prompt_messages = [{ role: 'user', content: 'Add 1 and 2.' }]
  return JSON.stringify({ id, prompt_messages, model_response: '4', corrected_response: null, ...more })
}

/** As the system does it: a drag that comes from outside of the browser. */
async function drop(...files: string[]): Promise<void> {
  const client = await page.context().newCDPSession(page)
  const data = { items: [], files, dragOperationsMask: 1 }
  const at = { x: 200, y: 300, data }
  await client.send('Input.dispatchDragEvent', { type: 'dragEnter', ...at })
  await client.send('Input.dispatchDragEvent', { type: 'dragOver', ...at })
  await page.getByText('Drop benchmark files or run folders to import them').waitFor()
  await client.send('Input.dispatchDragEvent', { type: 'drop', ...at })
  await client.detach()
}

async function importPath(path: string): Promise<void> {
  await page.getByLabel(/^Path of a run/).fill(path)
  await page.keyboard.press('Enter')
}

const sentence = () => page.locator('.report .sentence strong').innerText()
const cardsIn = async () => {
  const response = await fetch(`${open.server.url}/api/sft/stats`)
  return ((await response.json()) as { total: number }).total
}

/** One line of each kind, with what is wrong with it. */
const DAMAGED: [string, string][] = [
  ['{"id":"cut', 'JSON_SYNTAX'],
  ['{"id":"nan","quality_score":NaN}', 'JSON_NONFINITE'],
  [`${record('two')} ${record('three')}`, 'TRAILING_DATA'],
  ['[1,2]', 'NOT_OBJECT'],
  ['"text"', 'NOT_OBJECT'],
  [record('x').replace('"id":"x",', ''), 'ID_MISSING'],
  [record('').replace('"id":""', '"id":null'), 'ID_MISSING'],
  [record('').replace('"id":""', '"id":[1]'), 'ID_TYPE'],
  [record('i'.repeat(5000)), 'ID_TOO_LONG'],
  ['{"id":"no-answer","prompt_messages":[]}', 'FIELD_MISSING'],
  [record('deep').replace('"4"', `"4","x":${'['.repeat(200)}${']'.repeat(200)}`), 'TOO_DEEP'],
  [record('tab').replace('Add 1', 'Add\u00011'), 'CONTROL_CHAR'],
]

describe('a damaged file that is dropped', () => {
  it('is reported line by line with remedies, gives its lines back, and is taken once it is mended', async () => {
    await start({ imported: false })
    const file = join(open.cwd, 'sft_candidates.jsonl')
    const good = [record('a'), record('b')]
    await writeFile(file, `${[...good, ...DAMAGED.map(([line]) => line)].join('\n')}\n`)
    await open.goto('/insights')
    await drop(file)
    await page.getByRole('heading', { name: 'Import of sft_candidates.jsonl' }).waitFor()
    await expect.poll(sentence).toBe('2 new cards, 12 lines rejected of 14 lines.')
    const codes = await page.locator('.group h4 code').allInnerTexts()
    expect(codes.sort()).toEqual([...new Set(DAMAGED.map(([, code]) => code))].sort())
    expect(await page.locator('.group .remedy').count()).toBe(codes.length)
    const places = await page.locator('.problems .place').allTextContents()
    expect(places.sort()).toEqual(DAMAGED.map((_, index) => `sft_candidates.jsonl:${index + 3}`).sort())
    await page.getByText('{"id":"nan","quality_score":NaN}').waitFor()

    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download rejected lines' }).click()
    const rejected = await readFile((await (await downloading).path()) as string, 'utf8')
    expect(rejected).toBe(DAMAGED.map(([line]) => `${line}\n`).join(''))

    const mended = DAMAGED.map((_, index) => record(`mended-${index}`))
    await writeFile(file, `${[...good, ...mended].join('\n')}\n`)
    const choosing = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Choose the mended file…' }).click()
    await (await choosing).setFiles(file)
    await expect.poll(sentence).toBe('12 new cards, 2 duplicates of 14 lines.')
    await page.getByText('14 left of 14').waitFor()
    expect(open.complaints).toEqual([])
  })
})

describe('a folder of runs that is dropped', () => {
  it('is walked, and only what an import reads is sent', async () => {
    await start({ imported: false })
    await writeFile(join(open.results, 'notes.txt'), 'not for you')
    await open.goto('/')
    await page.getByRole('heading', { name: 'Point me at a run' }).waitFor()
    await drop(open.results)
    await page.getByRole('heading', { name: 'Import of bench_results' }).waitFor()
    await expect.poll(sentence).toMatch(/^48 new cards/)
    await page.getByText(/other files? beside it (was|were) not sent/).waitFor()
    expect(await cardsIn()).toBe(48)
    expect(open.complaints).toEqual([])
  })
})

describe('a path', () => {
  it('is tried again after mending, from its report', async () => {
    await start()
    const file = join(open.results, 'mine', 'sft_candidates.jsonl')
    await mkdir(join(open.results, 'mine'))
    await writeFile(file, `${record('a')}\n{"id":"b"\n`)
    await open.goto('/runs')
    await importPath(join(open.results, 'mine'))
    await expect.poll(sentence).toBe('1 new card, 1 line rejected of 2 lines.')
    await writeFile(file, `${record('a')}\n${record('b')}\n`)
    await page.getByRole('button', { name: 'Try again after mending' }).click()
    await expect.poll(sentence).toBe('1 new card, 1 duplicate of 2 lines.')
    expect(open.complaints).toEqual([])
  })
})

/** In lines: some seconds of work. */
const LONG = 120_000

async function writeLong(name: string): Promise<void> {
  const lines = Array.from({ length: LONG }, (_, n) => record(`${name}-${n}`, { x: 'y'.repeat(200) }))
  await mkdir(join(open.results, name))
  await writeFile(join(open.results, name, 'sft_candidates.jsonl'), lines.join('\n'))
}

describe('a long import', () => {
  it('shows how far it is, survives a visit elsewhere, is cancelled, and goes on where it stopped', async () => {
    await start()
    await writeLong('long')
    await open.goto('/runs')
    await importPath(join(open.results, 'long'))
    await page.getByText(/^Importing: .* of \d\d MB, [\d,]+ lines/).waitFor()
    await page.getByRole('link', { name: 'Insights' }).click()
    await page.getByRole('heading', { level: 1, name: 'Insights' }).waitFor()
    await page.getByRole('link', { name: 'Runs' }).click()
    await page.getByRole('heading', { name: 'Under way' }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('heading', { name: 'Under way' }).waitFor({ state: 'detached' })
    await page.locator('.ledger').last().getByText('cancelled').waitFor()
    const kept = await cardsIn()
    expect(kept).toBeGreaterThan(48)
    expect(kept).toBeLessThan(LONG + 48)
    await page
      .getByRole('link', { name: /^Report of the import/ })
      .first()
      .click()
    await page.getByText(/^It was cancelled\. [\d,]+ cards imported before are kept/).waitFor()
    await page.getByRole('button', { name: 'Go on with the import' }).click()
    await expect.poll(cardsIn, { timeout: 60_000 }).toBe(LONG + 48)
    expect(open.complaints).toEqual([])
  }, 120_000)
})

describe('the watch', () => {
  it('brings the cards of a new run into an open review, and the card in hand stays', async () => {
    await start()
    await open.goto('/runs')
    await page.getByLabel('Where your harness writes its runs').fill(open.results)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('switch').click()
    await page.getByText(/^Watching .*, looked \d+ s ago\./).waitFor()
    await page.getByRole('link', { name: 'Review' }).click()
    await page.getByText('48 left of 48').waitFor()
    const title = await page.getByRole('heading', { level: 1 }).innerText()
    await page.keyboard.press('c')
    await page.keyboard.type('half a sentence')
    await mkdir(join(open.results, 'new-run'))
    await writeFile(
      join(open.results, 'new-run', 'sft_candidates.jsonl'),
      `${record('n1')}\n${record('n2')}\n`,
    )
    await page.getByText('50 left of 50').waitFor()
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(title)
    expect(await page.getByRole('textbox').inputValue()).toBe('half a sentence')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')
    expect(open.complaints).toEqual([])
  })
})
