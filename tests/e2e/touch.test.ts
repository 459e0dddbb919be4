/** Deciding on a touch screen, by dragging and by tap alone, in a real browser on the real program. */
import type { Browser, CDPSession } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { openBrowser } from '../support/open-browser.ts'
import { openReview, type Review, type Spot, wayBetween } from '../support/open-review.ts'

let browser: Browser
let review: Review
let cdp: CDPSession

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  review = await openReview(browser, {
    viewport: { width: 375, height: 812 },
    hasTouch: true,
    isMobile: true,
  })
  cdp = await review.page.context().newCDPSession(review.page)
})
afterEach(() => review.close())

type Kind = 'touchStart' | 'touchMove' | 'touchEnd' | 'touchCancel'

async function touch(type: Kind, ...spots: Spot[]): Promise<void> {
  const touchPoints = spots.map((spot, id) => ({ ...spot, id }))
  await cdp.send('Input.dispatchTouchEvent', { type, touchPoints })
}

async function slide(from: Spot, to: Spot): Promise<void> {
  await touch('touchStart', from)
  for (const spot of wayBetween(from, to)) {
    await touch('touchMove', spot)
    await review.page.waitForTimeout(12)
  }
  await review.page.waitForTimeout(80)
}

it('a finger drags the card by its header into a bucket', async () => {
  await slide(await review.spotOf('.stage .shown h1', 0.4, 0.5), review.bucket('discard'))
  expect(await review.held()).toBe(1)
  await touch('touchEnd')
  await review.decided({ discarded: 1 })
  await slide(await review.handle(), review.bucket('flag'))
  await touch('touchEnd')
  await review.decided({ discarded: 1, model_rejected: 1 })
  expect(review.complaints).toEqual([])
})

it('a finger on the rest of the card scrolls the page', async () => {
  const from = await review.spotOf('.stage .shown .pane', 0.5, 0.2)
  await slide(from, { x: from.x, y: from.y - 250 })
  await touch('touchEnd')
  expect(await review.held()).toBe(0)
  await expect.poll(() => review.page.evaluate(() => scrollY)).toBeGreaterThan(100)
  await review.decided({})
})

it('a touch that the system takes away decides nothing', async () => {
  await slide(await review.handle(), review.bucket('discard'))
  await touch('touchCancel')
  expect(await review.held()).toBe(0)
  await review.decided({})
})

it('a second finger gives the card back', async () => {
  await slide(await review.handle(), review.bucket('discard'))
  await touch('touchStart', review.bucket('discard'), { x: 100, y: 300 })
  expect(await review.held()).toBe(0)
  await touch('touchEnd')
  await review.decided({})
})

it('five cards are decided by tap alone', async () => {
  const decide = async (name: string): Promise<void> => {
    const before = await review.shown()
    await review.page.getByRole('button', { name, exact: true }).tap()
    await expect.poll(review.shown).not.toBe(before)
  }
  for (const name of ['Discard', 'Flag model', 'Discard', 'Flag model']) await decide(name)
  await review.page.getByRole('button', { name: 'Correct', exact: true }).tap()
  await review.page.getByRole('button', { name: /start from the model/i }).tap()
  await review.page.getByRole('button', { name: 'Save and next' }).tap()
  await review.page.getByRole('button', { name: /^No,/ }).tap()
  await review.decided({ discarded: 2, model_rejected: 2, approved: 1 })
  expect(review.complaints).toEqual([])
})
