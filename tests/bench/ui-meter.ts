/** Owns the measuring in the page: from a key's own time to the frame in which another heading is painted and has the focus. */
import type { Browser, CDPSession, Page } from 'playwright'

/** Milliseconds; `shown` is the browser's own word (Event Timing, in steps of 8 ms), 0 where it was below 16. */
export type Sample = { painted: number; shown: number }
type Meter = { samples: Sample[] }

/** The least that a page can do for a key: other words in a heading, and the focus on it. */
const EMPTY = `<!doctype html><title>floor</title><h1 tabindex="-1">A</h1><h1 tabindex="-1">B</h1>`

export async function openFloor(browser: Browser, origin: string): Promise<Page> {
  const page = await openMeasured(browser)
  await page.route('**/floor', (route) => route.fulfill({ contentType: 'text/html', body: EMPTY }))
  await page.goto(`${origin}/floor`)
  await page.evaluate(() => {
    const headings = document.querySelectorAll('h1')
    let presses = 0
    addEventListener('keydown', () => {
      presses += 1
      const next = headings[presses % 2]
      if (next) next.textContent = `Heading ${presses}`
      next?.focus({ preventScroll: true })
    })
  })
  return page
}

export async function openCards(browser: Browser, address: string): Promise<Page> {
  const page = await openMeasured(browser)
  await page.goto(address)
  await page.locator('.stage .shown h1').waitFor()
  await page.waitForTimeout(1000)
  return page
}

async function openMeasured(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 860 } })
  const page = await context.newPage()
  await page.addInitScript(installMeter)
  return page
}

const sessions = new WeakMap<Page, CDPSession>()

/** `rate` 4 makes the processor four times as slow for this page, until it is told otherwise. */
export async function slowDown(page: Page, rate: number): Promise<void> {
  const session = sessions.get(page) ?? (await page.context().newCDPSession(page))
  sessions.set(page, session)
  await session.send('Emulation.setCPUThrottlingRate', { rate })
}

export async function takeSamples(page: Page): Promise<Sample[]> {
  return page.evaluate(() => (window as unknown as { meter: Meter }).meter.samples.splice(0))
}

/** Runs in the page, before everything else in it. */
function installMeter(): void {
  const meter: Meter = { samples: [] }
  Object.assign(window, { meter })
  const pending = new Map<number, Sample>()
  const channel = new MessageChannel()

  addEventListener(
    'keydown',
    ({ key, timeStamp, isTrusted }) => {
      if (!isTrusted || !['d', 'u', 'Enter'].includes(key)) return
      const before =
        document.querySelector('h1:focus')?.textContent ?? document.querySelector('h1')?.textContent
      const look = (): void => {
        const now = document.querySelector('h1:focus')?.textContent
        // The message is handled when the frame that we are in is painted.
        if (now && now !== before) channel.port2.postMessage(timeStamp)
        else requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    },
    { capture: true },
  )
  channel.port1.onmessage = ({ data }) => {
    const sample = { painted: performance.now() - data, shown: 0 }
    pending.set(data, sample)
    meter.samples.push(sample)
  }
  new PerformanceObserver((list) => {
    for (const { name, startTime, duration } of list.getEntries()) {
      const sample = name === 'keydown' ? pending.get(startTime) : undefined
      if (sample) sample.shown = duration
    }
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
}
