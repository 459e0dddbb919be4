/** Proves that the list filters, sorts, searches and turns its pages in the address, and what a card's own page offers. */
import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { QueueItem } from '../../contract.ts'
import { type OpenApp, openApp, rowsOf } from '../open-app.ts'
import { card, cards, fakeNetwork, problem } from '../review/fake-network.ts'
import { runsOf, type World } from '../review/fake-server.ts'

let network: ReturnType<typeof fakeNetwork>
let app: OpenApp

async function open(address: string, stored: QueueItem[], more: Partial<World> = {}): Promise<void> {
  network = fakeNetwork(stored, { runs: runsOf(stored), ...more })
  app = await openApp(address)
}

afterEach(() => network.restore())

const rows = () => rowsOf(document.querySelector('table'))
const tasks = () => rows().map((row) => row[0])
const asked = () => Object.fromEntries(network.of('/api/sft/candidates').at(-1)?.query ?? [])

const SOME = (): QueueItem[] => [
  card('a', { quality_score: 0.5 }),
  card('b', {
    status: 'approved',
    corrected_response: 'mine',
    failure_category: 'format_error',
    model_name: 'phi',
  }),
  card('c', { status: 'discarded', task_type: 'math', run_id: 'run-2' }),
  card('d', { status: 'model_rejected', decided_elsewhere: true, quality_score: null }),
]

describe('the list', () => {
  it('shows every card with its status in a word, its score, its reason and when it was decided', async () => {
    await open('/cards', SOME())
    await expect.poll(rows).toEqual([
      ['Task a', 'Waiting', 'Qwen2.5-3B', 'code', '0.50 · fair', '', ''],
      ['Task b', 'Corrected', 'phi', 'code', '0.30 · low', 'Format error', ''],
      ['Task c', 'Discarded', 'Qwen2.5-3B', 'math', '0.30 · low', '', ''],
      ['Task d', 'Flagged', 'Qwen2.5-3B', 'code', '', '', 'before the import'],
    ])
    await expect.element(page.getByText('1–4 of 4')).toBeVisible()
  })

  it.each([
    ['Status', 'Corrected', 'status=approved', ['Task b']],
    ['Run', 'dir-run-2', 'run=run-2', ['Task c']],
    ['Model', 'phi', 'model=phi', ['Task b']],
    ['Task type', 'math', 'task_type=math', ['Task c']],
    ['Score', 'Without a score', 'score=none', ['Task d']],
    ['Why it failed', 'No reason given', 'category=none', ['Task c', 'Task d']],
  ])('filters by %s', async (label, choice, query, left) => {
    await open('/cards', SOME())
    await page.getByLabelText(label, { exact: true }).selectOptions(choice)
    await expect.poll(tasks).toEqual(left)
    expect(app.address()).toBe(`/cards?${query}`)
  })

  it('comes back from its address, whole', async () => {
    await open('/cards?status=approved&model=phi&q=median&sort=score&order=desc', SOME())
    await expect.poll(tasks).toEqual(['Task b'])
    expect(asked()).toEqual({
      status: 'approved',
      model_name: 'phi',
      q: 'median',
      sort: 'score',
      order: 'desc',
      per_page: '50',
    })
    await expect.element(page.getByLabelText('Status')).toHaveValue('approved')
    await expect.element(page.getByRole('searchbox')).toHaveValue('median')
  })

  it('sorts by the head of a column and says which way', async () => {
    await page.viewport(1280, 800)
    await open('/cards', SOME())
    const head = page.getByRole('columnheader', { name: 'Task' })
    await head.getByRole('button').click()
    await expect.element(head).toHaveAttribute('aria-sort', 'ascending')
    await head.getByRole('button').click()
    await expect.element(head).toHaveAttribute('aria-sort', 'descending')
    await expect.poll(tasks).toEqual(['Task d', 'Task c', 'Task b', 'Task a'])
    expect(app.address()).toBe('/cards?sort=task&order=desc')
    await head.getByRole('button').click()
    await expect.element(head).toHaveAttribute('aria-sort', 'none')
  })

  it('sorts by choice where there is no room for heads', async () => {
    await page.viewport(400, 800)
    await open('/cards', SOME())
    await page.getByLabelText('Sorted by').selectOptions('Score, highest first')
    await expect.poll(app.address).toBe('/cards?sort=score&order=desc')
    await expect.element(page.getByLabelText('Sorted by')).toHaveValue('best')
    await page.getByLabelText('Sorted by').selectOptions('Order of import')
    await expect.poll(app.address).toBe('/cards')
  })

  it('turns its pages, fifty cards each', async () => {
    await open('/cards', cards(120))
    await expect.element(page.getByText('1–50 of 120').first()).toBeVisible()
    await page.getByRole('link', { name: 'Next' }).click()
    await expect.element(page.getByText('51–100 of 120').first()).toBeVisible()
    expect(app.address()).toBe('/cards?page=2')
    expect(tasks()[0]).toBe('Task c51')
    await page.getByRole('link', { name: 'Next' }).click()
    await expect.poll(() => tasks().length).toBe(20)
    await expect.element(page.getByText('Next')).toHaveAttribute('aria-disabled', 'true')
    await page.getByRole('link', { name: 'Previous' }).click()
    await expect.poll(app.address).toBe('/cards?page=2')
  })

  it('never shows an answer that was asked for before another', async () => {
    await open('/cards', SOME())
    await expect.poll(() => tasks().length).toBe(4)
    const release = network.hold('/api/sft/candidates')
    await app.router.push('/cards?status=approved')
    await app.router.push('/cards?status=discarded')
    await expect.poll(tasks).toEqual(['Task c'])
    release()
    await new Promise((done) => setTimeout(done, 50))
    expect(tasks()).toEqual(['Task c'])
  })

  it('begins at its first page again with another filter', async () => {
    await open('/cards?page=2', cards(120))
    await expect.poll(() => tasks()[0]).toBe('Task c51')
    await page.getByLabelText('Status').selectOptions('Waiting')
    await expect.poll(app.address).toBe('/cards?status=needs_review')
  })

  it('says when no card fits, and clears all with one press', async () => {
    await open('/cards?model=nobody&q=x', SOME())
    await expect.element(page.getByRole('heading', { name: 'No card fits' })).toBeVisible()
    await page.getByRole('button', { name: 'Clear all' }).click()
    await expect.poll(() => tasks().length).toBe(4)
    expect(app.address()).toBe('/cards')
    await expect.element(page.getByRole('searchbox')).toHaveValue('')
  })

  it('keeps what was there, and says so, when the server goes away', async () => {
    await open('/cards', SOME())
    await expect.poll(() => tasks().length).toBe(4)
    network.goDown(true)
    await page.getByLabelText('Status').selectOptions('Corrected')
    await expect.element(page.getByText('The server does not answer.')).toBeVisible()
    expect(tasks()).toHaveLength(4)
    network.goDown(false)
    await page.getByRole('button', { name: 'Try now' }).click()
    await expect.poll(tasks).toEqual(['Task b'])
  })
})

describe('the search', () => {
  it('is found by the key /, waits for the hand to rest, and stands in the address', async () => {
    const stored = [...SOME(), card('e', { model_response: 'The avocet wades.' })]
    await open('/cards', stored)
    await expect.poll(() => tasks().length).toBe(5)
    await userEvent.keyboard('/')
    await expect.element(page.getByRole('searchbox')).toHaveFocus()
    const before = network.of('/api/sft/candidates').length
    await userEvent.keyboard('avocet')
    await expect.poll(tasks).toEqual(['Task e'])
    expect(network.of('/api/sft/candidates').length - before).toBeLessThan(4)
    expect(app.address()).toBe('/cards?q=avocet')
    await expect.element(page.getByRole('searchbox')).toHaveValue('avocet')
  })

  it('says when it does not know all cards yet, and asks again until it does', async () => {
    await open('/cards?q=median', SOME(), { unindexed: 1200 })
    await expect.element(page.getByText('1,200 cards are not in it yet', { exact: false })).toBeVisible()
    network.world.unindexed = 0
    await expect.poll(() => document.querySelector('.catching-up'), { timeout: 4000 }).toBeNull()
  })
})

async function decided(): Promise<World> {
  const stored = cards(2)
  network = fakeNetwork(stored)
  const { world } = network
  const at = (minute: number) => `2026-04-07T12:0${minute}:00.000Z`
  const provenance = { active_seconds: null, began_from: null }
  const row = { id: 'c1', corrected_response: null, failure_category: null, reviewer: 'ada', ...provenance }
  world.log.push(
    {
      ...row,
      action: 'discard',
      decision_id: '1',
      version: 1,
      decided_at: at(1),
      failure_category: 'hallucination',
    },
    { ...row, action: 'undo', decision_id: '2', version: 2, decided_at: at(2) },
    {
      ...row,
      action: 'correct',
      decision_id: '3',
      version: 3,
      decided_at: at(3),
      corrected_response: 'return 1',
      reviewer: 'bob',
    },
  )
  Object.assign(stored[0] as QueueItem, { status: 'approved', corrected_response: 'return 1', version: 3 })
  network.restore()
  return world
}

describe('the page of a card', () => {
  it('opens from its row, and the way back leads to the list as it was', async () => {
    await open('/cards?status=approved', SOME())
    await page.getByRole('link', { name: 'Task b' }).click()
    await expect.poll(app.address).toBe('/cards/b')
    await expect.poll(() => document.activeElement?.textContent).toBe('Task b')
    expect(document.title).toBe('Task b · Avocet')
    await expect.element(page.getByText('mine')).toBeVisible()
  })

  it('tells the whole history in order: who did what, when and why', async () => {
    const { stored, log } = await decided()
    await open('/cards/c1', stored, { log })
    await expect.element(page.getByText('Taken back')).toBeVisible()
    const history = [...document.querySelectorAll('.history li')].map((each) =>
      each.textContent?.replace(/\s+/g, ' ').trim(),
    )
    expect(history[0]).toContain('Flagged by the benchmark')
    expect(history[1]).toMatch(/^Discarded · Hallucination ?7 Apr 2026, .* by ada$/)
    expect(history[2]).toMatch(/^Taken back ?7 Apr 2026, .* by ada$/)
    expect(history[3]).toMatch(/^Corrected ?7 Apr 2026, .* by bob/)
  })

  it('takes the decision back, says so, and offers to correct it now', async () => {
    const { stored, log } = await decided()
    await open('/cards/c1', stored, { log })
    await page.getByRole('button', { name: 'Undo the decision' }).click()
    await expect.element(page.getByRole('link', { name: 'Correct it now' })).toBeVisible()
    expect(network.of('/undo')[0]?.body).toMatchObject({ id: 'c1', version: 3 })
    await expect.poll(app.said).toContain('Undone: Task c1 waits for review again.')
    await expect.element(page.getByText('Draft, not submitted')).toBeVisible()
    await page.getByRole('link', { name: 'Correct it now' }).click()
    await expect.poll(() => document.querySelector('textarea')?.value).toBe('return 1')
    expect(app.store.current?.id).toBe('c1')
  })

  it('says why a decision could not be taken back', async () => {
    const { stored, log } = await decided()
    await open('/cards/c1', stored, { log })
    await expect.element(page.getByRole('button', { name: 'Undo the decision' })).toBeVisible()
    network.answerOnce('/undo', () => problem(409, 'stale_version', 'Somebody changed it.'))
    await page.getByRole('button', { name: 'Undo the decision' }).click()
    await expect.element(page.getByRole('alert')).toHaveTextContent('Not undone. Somebody changed it.')
  })

  it('offers no undo for a card that was decided before its import', async () => {
    await open('/cards/d', SOME())
    await expect.element(page.getByText('was decided before it was imported', { exact: false })).toBeVisible()
    expect(document.querySelectorAll('main .tools button')).toHaveLength(1)
    expect(page.getByRole('link', { name: /now$/ }).elements()).toHaveLength(0)
  })

  it('leads from a waiting card to its review', async () => {
    await open('/cards/a', SOME())
    await page.getByRole('link', { name: 'Review it now' }).click()
    await expect.poll(() => app.store.current?.id).toBe('a')
    expect(app.address()).toBe('/?card=a')
  })

  it('finds a card with any id, and says when there is none', async () => {
    const id = 'a/b?c#d é%2F'
    await open(`/cards/${encodeURIComponent(id)}`, [card(id, { task_name: 'Odd' })])
    await expect.element(page.getByRole('heading', { name: 'Odd' })).toBeVisible()
    await app.router.push('/cards/nobody')
    await expect.element(page.getByRole('heading', { name: 'No such card' })).toBeVisible()
  })
})
