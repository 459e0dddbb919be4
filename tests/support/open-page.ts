/** Owns a page of the real program in a real browser: a server in a folder of its own, and all that the page complains about. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright'
import { EXAMPLES, post, type Serving, serve } from './start-avocet.ts'

export type OpenPage = {
  page: Page
  server: Serving
  cwd: string
  /** A copy of the examples, so that a test may set it as the results directory. */
  results: string
  /** Errors and warnings of the console, and requests that leave this machine. */
  complaints: string[]
  goto(address: string): Promise<void>
  close(): Promise<void>
}

/** `imported` takes the examples in before the page opens. */
export async function openPage(
  browser: Browser,
  { imported = true, ...context }: BrowserContextOptions & { imported?: boolean } = {},
): Promise<OpenPage> {
  const cwd = await mkdtemp(join(tmpdir(), 'avocet-pages-'))
  const results = join(cwd, 'bench_results')
  await cp(EXAMPLES, results, { recursive: true })
  const server = await serve(imported ? [results] : [], { cwd })
  const page = await browser.newPage(context)
  const complaints = listen(page, server.url)
  const open: OpenPage = {
    ...{ page, server, cwd, results, complaints },
    goto: async (address) => void (await page.goto(server.url + address)),
    close: async () => {
      await page.close()
      // The test may have started another one in its place.
      await open.server.stop()
      await rm(cwd, { recursive: true, force: true })
    },
  }
  return open
}

function listen(page: Page, url: string): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`)) complaints.push(`asked for ${request.url()}`)
  })
  return complaints
}

type Waiting = { id: string; version: number; task_name: string; model_response: string }

export async function waitingCards(url: string): Promise<Waiting[]> {
  const response = await fetch(`${url}/api/sft/queue?per_page=200`)
  return ((await response.json()) as { items: Waiting[] }).items
}

const CATEGORIES = ['wrong_answer', 'hallucination', null] as const

/** Decides the first of the queue: corrected, discarded, flagged in turn, with one reason or another, or none. */
export async function decideSome(url: string, count: number): Promise<Waiting[]> {
  const cards = (await waitingCards(url)).slice(0, count)
  for (const [index, { id, version }] of cards.entries()) {
    const action = ['correct', 'discard', 'flag'][index % 3] as string
    const { status, json } = await post(`${url}/api/sft/submit`, {
      ...{ id, action, version },
      corrected_response: action === 'correct' ? `Better, number ${index}.` : null,
      failure_category: CATEGORIES[Math.floor(index / 2) % 3],
    })
    if (status !== 200) throw new Error(JSON.stringify(json))
  }
  return cards
}
