/** Accessibility as axe finds it, on every page and state of the real program, in both themes, and that no page is wider than its window. */

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/open-browser.ts'
import { decideSome, type OpenPage, openPage, waitingCards } from '../support/open-page.ts'

declare global {
  interface Window {
    axe: { run(): Promise<AxeResults> }
  }
}

let browser: Browser
let axe: string
let open: OpenPage

beforeAll(async () => {
  browser = await openBrowser()
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
})
afterAll(() => browser.close())
afterEach(() => open.close())

async function violations(): Promise<string[]> {
  const { page } = open
  // The policy of the page lets nobody add a script; this context alone may, so that axe can look.
  await page.addScriptTag({ content: axe })
  const { violations: found } = await page.evaluate(() => window.axe.run())
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${page.url()} ${id}: ${node.html}`))
}

const SIZES = [
  { width: 1440, height: 860 },
  { width: 375, height: 812 },
  { width: 320, height: 640 },
]

/** What can be pressed and stands outside the window, beyond its left edge above all, where nothing scrolls to it. */
function cutOff(): Promise<string[]> {
  return open.page.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLElement>('a, button, select, input, textarea')]
    return controls
      .filter((each) => each.offsetParent && !each.closest('.scroll, .skip'))
      .filter((each) => {
        const { left, right } = each.getBoundingClientRect()
        return left < 0 || right > window.innerWidth + 1
      })
      .map((each) => each.textContent || each.id)
  })
}

async function look(address: string, ready: string, act?: () => Promise<unknown>): Promise<string[]> {
  const { page, goto } = open
  await page.setViewportSize(SIZES[0] as { width: number; height: number })
  await goto(address)
  await page.getByText(ready).first().waitFor()
  await act?.()
  const found = await violations()
  for (const size of SIZES) {
    await page.setViewportSize(size)
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    if (beyond > 0) found.push(`${address} is ${beyond} px wider than ${size.width}`)
    found.push(...(await cutOff()).map((words) => `${address} cuts off "${words}" at ${size.width}`))
  }
  return found
}

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  it('axe finds nothing on any page with cards, and no page is too wide', async () => {
    open = await openPage(browser, { colorScheme, bypassCSP: true, reducedMotion: 'reduce' })
    const { page, server } = open
    await decideSome(server.url, 17)
    const [card] = await waitingCards(server.url)
    const decided = await fetch(`${server.url}/api/sft/candidates?status=approved`)
    const { items } = (await decided.json()) as { items: { id: string }[] }
    const found = [
      await look('/', 'The model said'),
      await look('/', 'The model said', () => page.getByRole('button', { name: /^Filter:/ }).click()),
      await look('/?model=nobody', 'All caught up here'),
      await look(`/?card=${items[0]?.id}`, 'is decided already'),
      await look('/runs', 'Imports so far'),
      await look('/runs?import=1', 'Rejected lines'),
      await look('/insights', 'Discarded by category'),
      await look('/cards', '1–48 of 48'),
      await look('/cards?q=nothingfits', 'No card fits'),
      await look(`/cards/${items[0]?.id}`, 'What happened to it'),
      await look(`/cards/${card?.id}`, 'Review it now'),
      await look('/cards/nobody', 'No such card'),
      await look('/export?format=messages', 'How it is loaded', async () => {
        await page.locator('.verdicts summary').first().click()
        await page.getByRole('button', { name: 'Run All runs' }).click()
      }),
      await look('/export?format=report&as=csv&conflicts=refuse&by=nobody', 'Nothing fits these filters'),
      await look('/export?format=nono', 'This cannot be exported'),
    ]
    expect(found.flat()).toEqual([])
  })

  it('axe finds nothing on any page without cards, nor without a server', async () => {
    open = await openPage(browser, { colorScheme, bypassCSP: true, reducedMotion: 'reduce', imported: false })
    const { page, server } = open
    const found = [
      await look('/', 'Try the example'),
      await look('/', 'Try the example', async () => {
        await page.getByLabel(/^Path of a run/).fill('/etc')
        await page.getByRole('button', { name: 'Import', exact: true }).click()
        await page.getByText('npm start -- /etc').waitFor()
      }),
      await look('/runs', 'No runs yet'),
      await look('/insights', 'Nothing to count yet'),
      await look('/cards', 'No cards yet'),
      await look('/export', 'Nothing to export yet'),
    ]
    for (const name of ['Runs', 'Insights', 'Cards', 'Export']) {
      found.push(
        await look('/', 'Try the example', async () => {
          // Its code is there already; only the answers are missing.
          await page.getByRole('link', { name }).click()
          await page.getByRole('heading', { level: 1, name }).waitFor()
          await page.getByRole('link', { name: 'Review', exact: true }).click()
        }),
      )
    }
    await server.kill()
    await page.getByRole('link', { name: 'Cards' }).click()
    await page.getByText('The server does not answer').first().waitFor()
    found.push(await violations())
    expect(found.flat()).toEqual([])
  })
})
