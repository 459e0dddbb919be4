/** Owns the pictures of the README: `npm run screenshots` takes them from the real program on the examples. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { openBrowser } from '../tests/support/open-browser.ts'
import { EXAMPLES, post, type Serving, serve } from '../tests/support/start-avocet.ts'

const FOLDER = join(import.meta.dirname, '../docs/screenshots')
const SIZE = { width: 1440, height: 860 }

type Shot = { name: string; take(page: Page, url: string): Promise<void> }

/** In this order: each state grows out of the one before. */
const SHOTS: Shot[] = [
  { name: '1-card', take: (page, url) => visit(page, url) },
  { name: '2-correcting', take: correctFirst },
  { name: '3-dragging', take: dragFirst },
  { name: '4-runs', take: (page, url) => visit(page, `${url}/runs`) },
  { name: '5-import-report', take: openReport },
  { name: '6-insights', take: (page, url) => visit(page, `${url}/insights`) },
  { name: '7-cards', take: (page, url) => visit(page, `${url}/cards?q=return&sort=score`) },
  { name: '8-export', take: (page, url) => visit(page, `${url}/export?format=messages`) },
  { name: '9-finished', take: finish },
]

await mkdir(FOLDER, { recursive: true })
const browser = await openBrowser()
for (const colorScheme of ['light', 'dark'] as const) await takeAll(browser, colorScheme)
await browser.close()

async function takeAll(browser: Browser, colorScheme: 'light' | 'dark'): Promise<void> {
  const cwd = await mkdtemp(join(tmpdir(), 'avocet-screenshots-'))
  const server = await serve([EXAMPLES, '--reviewer', 'ada'], { cwd })
  await decideSome(server)
  const page = await browser.newPage({ viewport: SIZE, colorScheme, reducedMotion: 'reduce' })
  for (const { name, take } of SHOTS) {
    await take(page, server.url)
    await page.waitForTimeout(400)
    await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}.png`) })
    await page.mouse.up()
  }
  await page.close()
  await server.stop()
  await rm(cwd, { recursive: true, force: true })
}

type Queue = { items: { id: string }[] }

async function queueOf(server: { url: string }, count: number): Promise<string[]> {
  const response = await fetch(`${server.url}/api/sft/queue?per_page=${count}`)
  return ((await response.json()) as Queue).items.map(({ id }) => id)
}

/** Statistics of nothing say nothing. The first card is kept for the picture of it. */
async function decideSome(server: Serving): Promise<void> {
  const categories = [
    'wrong_answer',
    'format_error',
    'scoring_artifact',
    null,
    'hallucination',
    'partial_answer',
  ]
  const [, ...ids] = await queueOf(server, 30)
  for (const [n, id] of ids.entries()) {
    const action = (['correct', 'correct', 'discard', 'flag'] as const)[n % 4]
    const failure_category = categories[n % categories.length]
    await post(`${server.url}/api/sft/submit`, { id, action, corrected_response: 'right', failure_category })
  }
}

async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.waitForLoadState('networkidle')
}

async function correctFirst(page: Page): Promise<void> {
  await page.keyboard.press('4')
  await page.keyboard.press('c')
  await page.keyboard.insertText(
    'def median(values):\n    """Return the median of a non-empty list of numbers."""\n' +
      '    ordered = sorted(values)\n    middle = len(ordered) // 2\n    if len(ordered) % 2:\n' +
      '        return ordered[middle]\n    return (ordered[middle - 1] + ordered[middle]) / 2',
  )
  await page.getByText(/draft kept/i).waitFor()
}

/** By the heading, towards the third bucket, and held there. */
async function dragFirst(page: Page, url: string): Promise<void> {
  await page.keyboard.press('Escape')
  await visit(page, url)
  const box = await page
    .getByRole('heading', { name: /write a python function/i })
    .first()
    .boundingBox()
  if (!box) throw new Error('The first card has no heading to drag by.')
  await page.mouse.move(box.x + 80, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x + 400, box.y + 200, { steps: 8 })
  await page.mouse.move(SIZE.width * 0.74, SIZE.height * 0.66, { steps: 12 })
}

async function openReport(page: Page, url: string): Promise<void> {
  await visit(page, `${url}/runs?import=1`)
}

async function finish(page: Page, url: string): Promise<void> {
  const ids = await queueOf({ url }, 200)
  for (const id of ids)
    await post(`${url}/api/sft/submit`, { id, action: 'correct', corrected_response: 'right' })
  await visit(page, url)
}
