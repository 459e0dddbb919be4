/** Proves that the statistics count what they say, and that each number leads to its cards. */
import { afterEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import type { QueueItem } from '../../contract.ts'
import { type OpenApp, openApp, rowsOf } from '../open-app.ts'
import { card, fakeNetwork } from '../review/fake-network.ts'
import { runsOf } from '../review/fake-server.ts'

let network: ReturnType<typeof fakeNetwork>
let app: OpenApp

const SOME = (): QueueItem[] => [
  card('a'),
  card('b', { model_name: 'phi', task_type: 'math' }),
  card('c', { model_name: 'phi', status: 'model_rejected', failure_category: 'wrong_answer' }),
  card('d', { model_name: 'phi', status: 'model_rejected', run_id: 'run-2' }),
  card('e', { model_name: null, status: 'discarded', failure_category: 'scoring_artifact' }),
  card('f', { status: 'approved', corrected_response: 'x', failure_category: 'wrong_answer' }),
]

async function open(address = '/insights', stored = SOME()): Promise<void> {
  network = fakeNetwork(stored, { runs: runsOf(stored) })
  app = await openApp(address)
  await expect.poll(() => document.querySelector('main .skeleton')).toBeNull()
}

afterEach(() => network.restore())

const table = (name: string) =>
  rowsOf(
    [...document.querySelectorAll('table')].find((each) => each.caption?.textContent?.trim() === name) ??
      null,
  )

describe('the statistics', () => {
  it('count by status, model, task type and reason', async () => {
    await open()
    await expect.element(page.getByText('4 of 6 answers are decided; 2 still wait.')).toBeVisible()
    expect(table('By model')).toEqual([
      ['phi', '', '1 waiting', '0 corrected', '0 discarded', '2 flagged', '3 in all'],
      ['Qwen2.5-3B', '', '1 waiting', '1 corrected', '0 discarded', '0 flagged', '2 in all'],
      ['not named', '', '0 waiting', '0 corrected', '1 discarded', '0 flagged', '1 in all'],
    ])
    expect(table('By task type').map((row) => [row[0], row.at(-1)])).toEqual([
      ['code', '5 in all'],
      ['math', '1 in all'],
    ])
    expect(table('By failure category')).toEqual([
      ['Wrong answer', '', '1 corrected', '0 discarded', '1 flagged', '2 decided'],
      ['Scoring artifact', '', '0 corrected', '1 discarded', '0 flagged', '1 decided'],
      ['No reason given', '', '0 corrected', '0 discarded', '1 flagged', '1 decided'],
    ])
  })

  it('show the flagged models by task type and the discarded by reason', async () => {
    await open()
    await expect
      .element(page.getByText('2 of 6 answers were flagged; phi leads with 2, all code.'))
      .toBeVisible()
    expect(table('How often each model was flagged at each task type')).toEqual([['phi', '2']])
    await expect.element(page.getByText('1 of 6 answers was discarded', { exact: false })).toBeVisible()
  })

  it.each([
    ['2, phi: flagged', '/cards?model=phi&status=model_rejected', 2],
    ['3, phi: all', '/cards?model=phi', 3],
    ['5, code: all', '/cards?task_type=code', 5],
    ['2, Wrong answer: decided', '/cards?category=wrong_answer', 2],
    ['1, No reason given: decided', '/cards?category=none', 1],
    ['2, phi flagged at code', '/cards?model=phi&task_type=code&status=model_rejected', 2],
    ['1, discarded: Scoring artifact', '/cards?status=discarded&category=scoring_artifact', 1],
    ['2 Waiting', '/cards?status=needs_review', 2],
  ])('lead from "%s" to as many cards', async (name, address, count) => {
    await open()
    await page.getByRole('link', { name, exact: true }).click()
    await expect.poll(app.address).toBe(address)
    await expect.poll(() => document.querySelectorAll('main tbody tr').length).toBe(count)
  })

  it('lead to the cards of a group that is not named, too', async () => {
    await open()
    await page.getByRole('link', { name: '1, not named: all' }).click()
    await expect.poll(app.address).toBe('/cards?model=unknown')
    await expect.poll(() => document.querySelectorAll('main tbody tr').length).toBe(1)
  })

  it('count one run alone, and their links with it', async () => {
    await open('/insights?run=run-2')
    await expect.poll(() => table('By model').map((row) => row[0])).toEqual(['phi'])
    await page.getByRole('link', { name: '1, phi: all' }).click()
    await expect.poll(app.address).toBe('/cards?run=run-2&model=phi')
  })

  it('choose the run from a list', async () => {
    await open()
    await page.getByLabelText('Run').selectOptions('dir-run-2')
    await expect.poll(app.address).toBe('/insights?run=run-2')
    await expect.poll(() => table('By model').length).toBe(1)
  })

  it('say when there is nothing to count', async () => {
    await open('/insights', [])
    await expect.element(page.getByRole('heading', { name: 'Nothing to count yet' })).toBeVisible()
  })
})
