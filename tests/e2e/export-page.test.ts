/** The page of exports, in a real browser on the real program: what it shows is what it writes, and what the command line writes. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/open-browser.ts'
import { decideSome, type OpenPage, openPage } from '../support/open-page.ts'
import { avocet } from '../support/start-avocet.ts'

let browser: Browser
let open: OpenPage
let page: Page

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())
afterEach(() => open.close())

const path = () => new URL(page.url()).pathname + new URL(page.url()).search

describe('the export', () => {
  it('shows the lines that the file then has, byte for byte what the command line writes, and makes it again', async () => {
    open = await openPage(browser)
    page = open.page
    await decideSome(open.server.url, 17)
    await open.goto('/')
    await page.getByRole('link', { name: 'Export', exact: true }).click()
    await page.getByRole('radio', { name: /^ShareGPT conversations/ }).check()
    await page.getByRole('button', { name: 'Why it failed Any reason' }).click()
    await page.getByRole('checkbox', { name: 'Wrong answer' }).check()
    await page.getByRole('checkbox', { name: 'No reason given' }).check()
    await page.keyboard.press('Escape')
    await expect.poll(path).toBe('/export?format=sharegpt&category=wrong_answer&category=none')
    const link = page.getByRole('link', { name: 'Download', exact: true })
    await expect
      .poll(() => link.getAttribute('href'))
      .toBe('/api/sft/export?format=sharegpt&failure_category=wrong_answer&failure_category=none')
    await page.getByText('3 examples, 3 lines; 0 left out').waitFor()

    const downloading = page.waitForEvent('download')
    await link.click()
    const download = await downloading
    const file = await readFile((await download.path()) as string)
    const shown = await page.locator('.lines code').allTextContents()
    expect(`${shown.join('\n')}\n`).toBe(file.toString())
    expect(download.suggestedFilename()).toMatch(/^avocet-sharegpt-\d{4}-\d\d-\d\d\.jsonl$/)

    const args = ['export', '--format', 'sharegpt', '-o', join(open.cwd, 'x.jsonl')]
    const filters = ['wrong_answer', 'none'].map((category) => `--failure-category=${category}`)
    expect((await avocet([...args, ...filters], { cwd: open.cwd })).code).toBe(0)
    expect((await readFile(join(open.cwd, 'x.jsonl'))).equals(file)).toBe(true)

    await page.getByRole('cell', { name: 'Wrong answer or No reason given' }).first().waitFor()
    await open.goto('/export')
    await page
      .getByRole('link', { name: /^Make the export of .* again$/ })
      .first()
      .click()
    await expect.poll(path).toBe('/export?format=sharegpt&as=jsonl&category=wrong_answer&category=none')
    await page.getByText('3 examples, 3 lines; 0 left out').waitFor()
    expect(open.complaints).toEqual([])
  })
})
