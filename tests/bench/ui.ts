/** Owns `npm run bench:ui`: key press to the next card painted and focused, in a real browser, beside the floor of an empty page. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright'
import { openBrowser } from '../support/open-browser.ts'
import { serve } from '../support/start-avocet.ts'
import { openCards, openFloor, type Sample, slowDown, takeSamples } from './ui-meter.ts'
import { buildStore, LARGE_RUN, SMALL_RUN } from './ui-store.ts'

/** `--quick` shows that the bench works; its figures mean nothing. */
const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, samples: { type: 'string' }, stored: { type: 'string' } },
})
const SAMPLES = Number(options.samples ?? (options.quick ? 4 : 300))
const STORED = Number(options.stored ?? (options.quick ? 500 : 100_000))
/** Of each kind in turn, so that whatever else this machine does meets all of them alike. */
const BLOCK = Math.min(30, SAMPLES)
const RATES = [1, 4]
/** Each is decided once: discarded or corrected, at both speeds, some of them to warm up. */
const LARGE_CARDS = RATES.length * (2 * SAMPLES + 4 * BLOCK) + 100
const FRAME = 1000 / 60
/** What a page does when it comes to the front is not what is measured. */
const SETTLED_MS = 1000

type Size = '2 KB' | '64 KB'
type Kind = { name: string; press(page: Page): Promise<void>; size?: Size }
type Figures = { p50: number; p95: number; p99: number; max: number }

const RUNS: Record<Size, string> = { '2 KB': SMALL_RUN, '64 KB': LARGE_RUN }
/** An undo follows the discards: what comes back is a card as it was, not one with an open editor. */
const KINDS: Kind[] = [
  { name: 'floor: an empty page', press: discard },
  { name: 'correct, 2 KB', press: correct, size: '2 KB' },
  { name: 'discard, 2 KB', press: discard, size: '2 KB' },
  { name: 'undo, 2 KB', press: undo, size: '2 KB' },
  { name: 'correct, 64 KB', press: correct, size: '64 KB' },
  { name: 'discard, 64 KB', press: discard, size: '64 KB' },
  { name: 'undo, 64 KB', press: undo, size: '64 KB' },
]

const folder = await mkdtemp(join(tmpdir(), 'avocet-bench-ui-'))
say(`${STORED} records…`)
await buildStore(folder, STORED, LARGE_CARDS)
const server = await serve([], { cwd: folder })
const browser = await openBrowser()
const floor = await openFloor(browser, server.url)
try {
  const taken = new Map<string, Sample[]>()
  for (const rate of RATES) {
    for (const [size, run] of Object.entries(RUNS)) await measure(size as Size, run, rate, taken)
  }
  printTable(taken)
} finally {
  await browser.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

function discard(page: Page): Promise<void> {
  return page.keyboard.press('d')
}

function undo(page: Page): Promise<void> {
  return page.keyboard.press('u')
}

async function correct(page: Page): Promise<void> {
  await page.keyboard.press('c')
  await sleep(pause())
  await page.keyboard.insertText('What it should have said, in a few words.')
  await sleep(pause())
  await page.keyboard.press('Control+Enter')
}

/** Between two keys of a quick hand. */
function pause(): number {
  return 120 + Math.random() * 180
}

/** A reviewer has one page open: it has the machine to itself, but for the empty one that does nothing. */
async function measure(size: Size, run: string, rate: number, taken: Map<string, Sample[]>): Promise<void> {
  const page = await openCards(browser, `${server.url}/?run=${run}`)
  // The first of each warm up and are not counted.
  for (let done = -BLOCK; done < SAMPLES; done += BLOCK) {
    say(`processor ${rate}x slower, ${size}: ${Math.max(0, done)} of ${SAMPLES}`)
    for (const kind of KINDS.filter((each) => each.size === undefined || each.size === size)) {
      const samples = await pressBlock(kind, kind.size ? page : floor, rate)
      const key = `${kind.name} ${rate}`
      if (done >= 0) taken.set(key, [...(taken.get(key) ?? []), ...samples])
    }
  }
  await page.context().close()
}

/** One page is in front and slow at a time: what makes a page slow costs the machine something itself. */
async function pressBlock({ press, name }: Kind, page: Page, rate: number): Promise<Sample[]> {
  await page.bringToFront()
  await slowDown(page, rate)
  await sleep(SETTLED_MS)
  await takeSamples(page)
  for (let presses = 0; presses < BLOCK; presses += 1) {
    await press(page)
    await sleep(pause())
  }
  await sleep(300)
  const samples = await takeSamples(page)
  for (let tries = 0; samples.length < BLOCK && tries < 50; tries += 1) {
    await sleep(200)
    samples.push(...(await takeSamples(page)))
  }
  await slowDown(page, 1)
  if (samples.length !== BLOCK) throw new Error(`${name}: ${BLOCK} keys, ${samples.length} cards painted.`)
  return samples
}

function printTable(taken: Map<string, Sample[]>): void {
  for (const rate of RATES) {
    const [empty] = KINDS
    const floor = figuresOf(taken.get(`${empty?.name} ${rate}`) ?? [], 'painted')
    const rows = KINDS.map((kind) => {
      const samples = taken.get(`${kind.name} ${rate}`) ?? []
      const figures = figuresOf(samples, 'painted')
      return [
        kind.name,
        {
          ...figures,
          'p50 - floor': round(figures.p50 - floor.p50),
          'p95 - floor': round(figures.p95 - floor.p95),
          'shown p95': figuresOf(samples, 'shown').p95,
          goals: goalsOf(kind.size, rate, figures, floor),
        },
      ]
    })
    console.log(`\nProcessor ${rate}x slower, ${STORED} stored, ${SAMPLES} keys each, milliseconds`)
    console.table(Object.fromEntries(rows))
  }
  console.log('shown: Event Timing of the browser, to the frame on the screen, in steps of 8; 0 is below 16.')
}

function goalsOf(size: Size | undefined, rate: number, { p95, p99 }: Figures, floor: Figures): string {
  if (!size) return ''
  if (rate > 1) return size === '2 KB' ? met('p95 <= 50', p95 <= 50) : ''
  const above = p95 - floor.p95
  const near =
    size === '2 KB' ? met('p95 - floor <= 8', above <= 8) : met('p95 - floor <= 2 frames', above <= 2 * FRAME)
  return `${near}, ${met('p99 <= 50', p99 <= 50)}`
}

function met(goal: string, isMet: boolean): string {
  return `${goal}: ${isMet ? 'yes' : 'NO'}`
}

function figuresOf(samples: Sample[], which: keyof Sample): Figures {
  const sorted = samples.map((sample) => sample[which]).sort((a, b) => a - b)
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}

function say(words: string): void {
  process.stderr.write(`${words}\n`)
}
