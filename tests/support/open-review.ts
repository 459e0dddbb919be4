/** Owns the review page of the real program in a real browser, as a hand, an eye and a ledger see it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions } from 'playwright'
import { expect } from 'vitest'
import { EXAMPLES, serve } from './start-avocet.ts'

export type Spot = { x: number; y: number }
export type Review = Awaited<ReturnType<typeof openReview>>
type Decided = { approved?: number; discarded?: number; model_rejected?: number }

export async function openReview(browser: Browser, options: BrowserContextOptions) {
  const cwd = await mkdtemp(join(tmpdir(), 'avocet-drag-'))
  const server = await serve([EXAMPLES], { cwd })
  const page = await (await browser.newContext(options)).newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(server.url)
  await page.locator('.stage .shown h1').waitFor()

  async function ask(path: string): Promise<unknown> {
    return (await page.request.get(`${server.url}${path}`)).json()
  }

  /** So many cards are decided, and no more. */
  async function decided(expected: Decided): Promise<void> {
    const by_status = { approved: 0, discarded: 0, model_rejected: 0, ...expected }
    await expect.poll(() => ask('/api/sft/stats')).toMatchObject({ by_status })
  }

  /** A place within an element, from 0 to 1 across and down. */
  async function spotOf(selector: string, across: number, down: number): Promise<Spot> {
    const box = await page.locator(selector).first().boundingBox()
    if (!box) throw new Error(`${selector} is not on the screen.`)
    return { x: box.x + box.width * across, y: box.y + box.height * down }
  }

  /** Where a bucket stands once they have risen. */
  function bucket(kind: 'correct' | 'discard' | 'flag'): Spot {
    const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
    return { x: (width * (['correct', 'discard', 'flag'].indexOf(kind) + 0.5)) / 3, y: height - 90 }
  }

  async function close(): Promise<void> {
    await page.context().close()
    await server.stop()
    await rm(cwd, { recursive: true, force: true })
  }

  return {
    page,
    cwd,
    complaints,
    ask,
    decided,
    spotOf,
    bucket,
    close,
    handle: () => spotOf('.stage .shown .grip', 0.5, 0.5),
    held: () => page.locator('main.held').count(),
    leaving: () => page.locator('[data-leaving]').count(),
    /** The card on the screen, by its place and its title. */
    shown: () => page.locator('.stage .shown header').innerText(),
  }
}

/** The places a hand passes through on its way. */
export function wayBetween(from: Spot, to: Spot, steps = 12): Spot[] {
  return Array.from({ length: steps }, (_, index) => {
    const part = (index + 1) / steps
    return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }
  })
}
