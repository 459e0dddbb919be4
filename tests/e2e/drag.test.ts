/** Dragging the card into its buckets with a mouse, in a real browser on the real program. */
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/open-browser.ts'
import { openReview, type Review, type Spot, wayBetween } from '../support/open-review.ts'
import { dragWork } from '../support/trace-tasks.ts'

const DESK: BrowserContextOptions = { viewport: { width: 1440, height: 860 } }

let browser: Browser
let review: Review
let page: Page

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())
afterEach(() => review.close())

async function open(options: BrowserContextOptions): Promise<void> {
  review = await openReview(browser, options)
  page = review.page
}

async function moveSlowly(from: Spot, to: Spot, steps = 12): Promise<void> {
  for (const { x, y } of wayBetween(from, to, steps)) {
    await page.mouse.move(x, y)
    await page.waitForTimeout(12)
  }
  await page.waitForTimeout(80)
}

async function hold(to: Spot): Promise<void> {
  const from = await review.handle()
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await moveSlowly(from, to)
}

describe('by mouse', () => {
  beforeEach(() => open(DESK))

  it('a card dropped on each bucket goes where the bucket says', async () => {
    await hold(review.bucket('discard'))
    await page.mouse.up()
    await review.decided({ discarded: 1 })
    await hold(review.bucket('flag'))
    await page.mouse.up()
    await review.decided({ discarded: 1, model_rejected: 1 })
    const before = await review.shown()
    await hold(review.bucket('correct'))
    await page.mouse.up()
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')
    expect(await review.shown()).toBe(before)
    await page.keyboard.insertText('what it should have said')
    await page.keyboard.press('Control+Enter')
    await review.decided({ discarded: 1, model_rejected: 1, approved: 1 })
    expect(review.complaints).toEqual([])
  })

  it('a card thrown at a bucket lands in it', async () => {
    const from = await review.handle()
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await moveSlowly(from, { x: 1200, y: 240 })
    for (const y of [270, 310, 350, 390]) await page.mouse.move(1200, y)
    await page.mouse.up()
    await review.decided({ model_rejected: 1 })
  })

  it('a card let go elsewhere springs back', async () => {
    const before = await review.shown()
    await hold({ x: 700, y: 300 })
    expect(await review.held()).toBe(1)
    await page.mouse.up()
    expect(await review.held()).toBe(0)
    expect(await review.shown()).toBe(before)
    await review.decided({})
  })

  it('Esc takes the card out of the hand', async () => {
    await hold(review.bucket('discard'))
    await page.keyboard.press('Escape')
    expect(await review.held()).toBe(0)
    await page.mouse.up()
    await review.decided({})
  })

  it('text inside the card is selected, not dragged', async () => {
    // Colours come after the text and take its nodes' place: a selection begun before them would end there.
    await page.locator('.stage .shown .pane code span').first().waitFor()
    const from = await review.spotOf('.stage .shown .pane', 0.03, 0.5)
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await moveSlowly(from, { x: from.x + 300, y: from.y + 60 })
    expect(await review.held()).toBe(0)
    await page.mouse.up()
    expect((await page.evaluate(() => String(getSelection()))).length).toBeGreaterThan(5)
    await review.decided({})
  })

  it('nothing is selected by a drag, and a click or a tremble on the header does nothing', async () => {
    const at = await review.spotOf('.stage .shown h1', 0.05, 0.5)
    await page.mouse.click(at.x, at.y)
    await page.mouse.down()
    await page.mouse.move(at.x + 5, at.y + 5)
    expect(await review.held()).toBe(0)
    await page.mouse.move(at.x + 6, at.y + 6)
    expect(await review.held()).toBe(1)
    await moveSlowly(at, { x: 700, y: 300 })
    expect(await page.evaluate(() => String(getSelection()))).toBe('')
    await page.mouse.up()
    await review.decided({})
  })

  it('keys during an animation act on the card that is there, one each', async () => {
    await hold(review.bucket('flag'))
    await page.mouse.up()
    await page.evaluate(() => {
      for (let press = 0; press < 3; press += 1) {
        document.body.dispatchEvent(
          new KeyboardEvent('keydown', { key: 'd', bubbles: true, cancelable: true }),
        )
      }
    })
    await review.decided({ model_rejected: 1, discarded: 3 })
    const log = await review.ask('/api/sft/decisions')
    expect(new Set((log as { id: string }[]).map(({ id }) => id)).size).toBe(4)
  })

  it('the page does its work on a move in less than a frame', async () => {
    const file = join(review.cwd, 'trace.json')
    // Laying out the cards around this one is not the work of a move.
    await page.waitForTimeout(1000)
    await browser.startTracing(page, {
      path: file,
      categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'],
    })
    await hold({ x: 700, y: 400 })
    for (let turn = 0; turn < 4; turn += 1) {
      await moveSlowly({ x: 200, y: 500 }, { x: 1250, y: 760 }, 25)
    }
    await page.mouse.up()
    await browser.stopTracing()
    const work = await dragWork(file)
    process.stdout.write(`dragging: ${JSON.stringify(work)}\n`)
    expect(work.moves.count).toBeGreaterThan(50)
    // On the processor: this machine does other things in between.
    expect(work.moves.longestCpuMs).toBeLessThan(16)
    expect(work.frames.longestCpuMs).toBeLessThan(16)
    expect(work.tasks.longestCpuMs).toBeLessThan(16)
  })
})

/** Runs in the page. What appears without moving does not count. */
function countMoving(): number {
  const moves = (frame: Keyframe): boolean =>
    ['transform', 'translate', 'scale'].some((name) => name in frame)
  return document.getAnimations().filter(({ effect }) => {
    return effect instanceof KeyframeEffect && effect.getKeyframes().some(moves)
  }).length
}

describe('with reduced motion', () => {
  it('dragging works and nothing flies', async () => {
    await open({ ...DESK, reducedMotion: 'reduce' })
    await hold(review.bucket('discard'))
    expect(await review.held()).toBe(1)
    const flying = (): Promise<number> => page.evaluate(countMoving)
    expect(await flying()).toBe(0)
    await page.mouse.up()
    expect(await review.leaving()).toBe(0)
    expect(await flying()).toBe(0)
    await review.decided({ discarded: 1 })
    await page.keyboard.press('f')
    expect(await review.leaving()).toBe(0)
    await review.decided({ discarded: 1, model_rejected: 1 })
  })
})
