/** The pages beside the review, in a real browser on the real program: runs, statistics, cards, and their addresses. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/open-browser.ts'
import { decideSome, type OpenPage, openPage, waitingCards } from '../support/open-page.ts'
import { serve } from '../support/start-avocet.ts'

const DAMAGED = '2026-04-09-091512'

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

const path = () => new URL(page.url()).pathname + new URL(page.url()).search

describe('the page of runs', () => {
  it('imports the damaged run, reports every line, and gives the rejected ones back byte for byte', async () => {
    await start({ imported: false })
    await open.goto('/runs')
    await page.getByRole('heading', { name: 'No runs yet' }).waitFor()
    await page.getByLabel('Where your harness writes its runs').fill(open.results)
    await page.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => page.locator('.ledger').first().locator('tbody tr').count()).toBe(3)
    await page.getByRole('button', { name: `Import ${DAMAGED}` }).click()
    await page.getByRole('heading', { name: `Import of ${DAMAGED}` }).waitFor()
    await page.locator('.counts').waitFor()
    expect(await page.locator('.counts > div').allInnerTexts()).toEqual([
      '23\nlines read',
      '16\nimported',
      '1\nknown already',
      '1\nin conflict',
      '4\nrejected',
      '1\nblank',
    ])
    const places = await page.locator('.problems .place').allInnerTexts()
    expect(places).toEqual([6, 11, 16, 23, 18].map((line) => `${DAMAGED}/sft_candidates.jsonl:${line}`))
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('report')

    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download rejected lines' }).click()
    const rejected = await readFile((await (await downloading).path()) as string)
    expect(rejected.equals(await linesOf([6, 11, 16, 23]))).toBe(true)

    await page.reload()
    await page.getByRole('heading', { name: `Import of ${DAMAGED}/sft_candidates.jsonl` }).waitFor()
    await page.locator('.ledger .imported.all').waitFor()
    expect(open.complaints).toEqual([])
  })

  it('shows an import that takes a while as it goes', async () => {
    await start({ imported: false })
    const line = (n: number) =>
      JSON.stringify({
        id: `big-${n}`,
        prompt_messages: [{ role: 'user', content: 'x' }],
        model_response: 'y'.repeat(2000),
      })
    const { mkdir, writeFile } = await import('node:fs/promises')
    await mkdir(join(open.results, 'big'))
    const lines = Array.from({ length: 20_000 }, (_, index) => line(index)).join('\n')
    await writeFile(join(open.results, 'big/sft_candidates.jsonl'), lines)
    await open.goto('/runs')
    await page.getByLabel('Where your harness writes its runs').fill(open.results)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Import big' }).click()
    await page.getByText(/^Importing: .* of 4\d MB, [\d,]+ lines/).waitFor()
    await page.getByRole('heading', { name: 'Import of big' }).waitFor()
    await page.getByRole('link', { name: '20,000 waiting' }).waitFor()
  })

  it('leads from a run to its cards alone, and a reload stays there', async () => {
    await start()
    await open.goto('/runs')
    await page.getByRole('link', { name: '2026-04-12-200341' }).click()
    await page.getByText('14 left of 14').waitFor()
    const address = path()
    expect(address).toMatch(/^\/\?run=[\w-]+$/)
    const title = await page.getByRole('heading', { level: 1 }).innerText()
    await page.reload()
    await page.getByText('14 left of 14').waitFor()
    expect(path()).toBe(address)
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(title)
    await page.getByRole('button', { name: 'Filter: 2026-04-12-200341' }).waitFor()
    await page.keyboard.press('d')
    await page.getByText('13 left of 14').waitFor()
    await page.getByRole('button', { name: 'Filters active: clear them' }).click()
    await page.getByText('47 left of 48').waitFor()
    expect(open.complaints).toEqual([])
  })
})

/** The bytes of these lines of the damaged file, each with the line feed that a download ends it with. */
async function linesOf(wanted: number[]): Promise<Buffer> {
  const file = await readFile(join(open.results, DAMAGED, 'sft_candidates.jsonl'))
  const lines: Buffer[] = []
  let start = 0
  while (start < file.length) {
    const feed = file.indexOf(0x0a, start)
    const end = feed < 0 ? file.length : feed
    lines.push(file.subarray(start, end))
    start = end + 1
  }
  return Buffer.concat(wanted.flatMap((line) => [lines[line - 1] as Buffer, Buffer.from('\n')]))
}

describe('the statistics', () => {
  it('lead from every number to a list of that many cards', async () => {
    await start()
    await decideSome(open.server.url, 17)
    await open.goto('/insights')
    await page.getByRole('heading', { name: 'Discarded by category' }).waitFor()
    const links = await page.locator('main a[href^="/cards"]').evaluateAll((anchors) =>
      anchors.map((anchor) => ({
        href: anchor.getAttribute('href') ?? '',
        n: Number(/^[\d,]+/.exec((anchor.textContent ?? '').trim())?.[0].replace(',', '')),
      })),
    )
    expect(links.length).toBeGreaterThan(60)
    for (const { href, n } of links) {
      await open.goto(href)
      await page.getByText(`1–${n} of ${n}`, { exact: true }).first().waitFor()
      expect([href, await page.locator('main tbody tr').count()]).toEqual([href, n])
    }
    expect(open.complaints).toEqual([])
  })
})

describe('the list of cards', () => {
  it('finds a card by words of its answer', async () => {
    await start()
    const [card] = (await waitingCards(open.server.url)).filter(({ model_response }) =>
      /^[\x20-\x7e\n]{200,}$/.test(model_response),
    )
    const words = (card?.model_response.match(/[a-z]{6,}/gi) ?? []).slice(0, 5)
    await open.goto('/cards')
    await page.locator('main tbody tr').nth(40).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type(words.join(' '))
    await expect
      .poll(() =>
        page
          .locator('main tbody a')
          .getAttribute('href')
          .catch(() => ''),
      )
      .toBe(`/cards/${card?.id}`)
    expect(path()).toBe(`/cards?q=${words.join('+')}`)
    await page.reload()
    await page.getByText('1–1 of 1').first().waitFor()
    expect(await page.getByRole('searchbox').inputValue()).toBe(words.join(' '))
    expect(open.complaints).toEqual([])
  })

  it('keeps filters and order over a reload and over a visit to a card', async () => {
    await start()
    await decideSome(open.server.url, 9)
    await open.goto('/cards')
    await page.getByLabel('Status').selectOption('Corrected')
    await page.getByRole('button', { name: 'Decided' }).click()
    await expect.poll(path).toBe('/cards?status=approved&sort=decided&order=desc')
    const sorted = await fetch(
      `${open.server.url}/api/sft/candidates?status=approved&sort=decided&order=desc`,
    )
    const { items } = (await sorted.json()) as { items: { id: string }[] }
    const order = () =>
      page.locator('main tbody a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))
    const before = items.map(({ id }) => `/cards/${id}`)
    expect(before).toHaveLength(3)
    await expect.poll(order).toEqual(before)
    await page.reload()
    await expect.poll(order).toEqual(before)
    await page.locator('main tbody tr').nth(1).click()
    await page.getByRole('heading', { name: 'What happened to it' }).waitFor()
    await page.getByRole('button', { name: 'Back' }).click()
    await expect.poll(order).toEqual(before)
    expect(path()).toBe('/cards?status=approved&sort=decided&order=desc')
  })

  it('opens a decided card with its history, and undo brings it back into the queue', async () => {
    await start()
    const [card] = await decideSome(open.server.url, 1)
    await open.goto('/cards?status=approved')
    await page.locator('main tbody a').click()
    await expect.poll(() => page.locator('.history li').count()).toBe(2)
    await page.getByText('Better, number 0.').first().waitFor()
    await page.getByRole('button', { name: 'Undo the decision' }).click()
    await expect.poll(() => page.locator('.history li').count()).toBe(3)
    await page.getByText('48 left of 48').waitFor()
    await page.getByRole('link', { name: 'Correct it now' }).click()
    await expect.poll(() => page.getByRole('textbox').inputValue()).toBe('Better, number 0.')
    expect(path()).toBe(`/?card=${card?.id}`)
    await page.getByRole('textbox').press('Control+Enter')
    await expect.poll(path).toBe('/')
    await page.getByText('47 left of 48').waitFor()
    expect(open.complaints).toEqual([])
  })
})

describe('the last decisions', () => {
  it('of everybody are there after a reload, and an older one can be taken back', async () => {
    await start()
    const [first] = await decideSome(open.server.url, 3)
    await open.goto('/')
    const list = page.getByRole('region', { name: 'Just now' })
    await expect.poll(() => list.locator('li').count()).toBe(3)
    await list
      .getByRole('button', { name: `Take back: ${first?.task_name}` })
      .last()
      .click()
    await expect
      .poll(() =>
        page
          .getByRole('textbox')
          .inputValue()
          .catch(() => ''),
      )
      .toBe('Better, number 0.')
    await expect.poll(() => list.locator('li').count()).toBe(2)
    await page.getByText('46 left of 48').waitFor()
    expect(open.complaints).toEqual([])
  })
})

describe('without a server', () => {
  it('a page that was never opened says so, and comes once the server is back', async () => {
    await start()
    await open.goto('/')
    await page.getByRole('heading', { level: 1 }).waitFor()
    const port = Number(new URL(open.server.url).port)
    await open.server.kill()
    await page.getByRole('link', { name: 'Insights' }).click()
    await page.getByRole('heading', { name: 'This page could not be loaded' }).waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('The server still does not answer.').waitFor()
    open.server = await serve([], { cwd: open.cwd, port })
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('None of 48 answers is decided yet.').waitFor()
    expect(path()).toBe('/insights')
  })

  it('the list of cards stays, says so, and comes back by itself', async () => {
    await start()
    await open.goto('/cards')
    await page.getByText('1–48 of 48').first().waitFor()
    const port = Number(new URL(open.server.url).port)
    await open.server.kill()
    await page.getByLabel('Status').selectOption('Waiting')
    await page.getByText('The server does not answer.').waitFor()
    expect(await page.locator('main tbody tr').count()).toBe(48)
    open.server = await serve([], { cwd: open.cwd, port })
    await page.getByText('The server does not answer.').waitFor({ state: 'hidden' })
    expect(path()).toBe('/cards?status=needs_review')
  })
})
