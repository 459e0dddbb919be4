/** Proves that the page of exports asks for what is chosen, says what would come of it, and keeps all of it in the address. */
import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { ConsumerVerdict } from '../../contract.ts'
import { type OpenApp, openApp, rowsOf } from '../open-app.ts'
import { card, fakeNetwork } from '../review/fake-network.ts'
import { runsOf } from '../review/fake-server.ts'
import {
  type FakeExports,
  fakeExports,
  fakeFormat,
  fakePreview,
  fakeRecord,
  fakeVerdict,
} from './fake-exports.ts'

let network: ReturnType<typeof fakeNetwork>
let app: OpenApp

const STORED = () => [
  card('a', { status: 'approved' }),
  card('b', { status: 'approved', run_id: 'run-2', model_name: 'phi', task_type: 'math' }),
]

async function open(address = '/export', changes: Partial<FakeExports> = {}) {
  const exports = fakeExports(changes)
  network = fakeNetwork(STORED(), { runs: runsOf(STORED()), exports: exports.answer })
  app = await openApp(address)
  return exports
}

/** An export that a trainer would refuse, for this finding, until it is asked for all the same. */
async function openRefused(code: string, finding: Omit<ConsumerVerdict['findings'][number], 'severity'>) {
  const findings = [{ ...finding, severity: 'error' as const }]
  const refused = fakePreview({
    refused: { code, detail: 'Nothing was written.' },
    consumers: [fakeVerdict('trl', { verdict: 'refused', findings })],
  })
  await open('/export', {
    preview: (query) => (query.get('skip_invalid') === 'true' ? fakePreview() : refused),
  })
}

afterEach(() => {
  network.goDown(false)
  network.restore()
})

const asked = () => network.of('/export/preview').at(-1)?.query.toString()
const words = () => (app.main().textContent ?? '').replace(/\s+/g, ' ')
const download = () => page.getByRole('link', { name: 'Download', exact: true })
const counts = () => app.main().querySelector('[role="status"].counts')?.textContent ?? ''

describe('what is chosen', () => {
  it('is ticked, several at a time, stands in the address, and is asked for', async () => {
    await open()
    const button = page.getByRole('button', { name: 'Run All runs' })
    await button.click()
    await page.getByRole('checkbox', { name: 'dir-run-1' }).click()
    await expect.poll(app.address).toBe('/export?run=run-1')
    await page.getByRole('checkbox', { name: 'dir-run-2' }).click()
    await expect.poll(app.address).toBe('/export?run=run-1&run=run-2')
    await expect.element(page.getByRole('button', { name: 'Run 2 runs' })).toBeVisible()
    await expect.poll(asked).toBe('run_id=run-1&run_id=run-2')
    await expect.element(download()).toHaveAttribute('href', '/api/sft/export?run_id=run-1&run_id=run-2')
    await page.getByRole('button', { name: 'Clear all filters' }).click()
    await expect.poll(app.address).toBe('/export')
  })

  it('is chosen by keyboard alone', async () => {
    await open()
    await expect.element(page.getByRole('button', { name: 'Why it failed Any reason' })).toBeVisible()
    ;(page.getByRole('button', { name: 'Why it failed Any reason' }).element() as HTMLElement).focus()
    await userEvent.keyboard('{ArrowDown}')
    await expect.element(page.getByRole('checkbox', { name: 'Scoring artifact' })).toHaveFocus()
    await userEvent.keyboard('{ArrowUp} ')
    await expect.poll(app.address).toBe('/export?category=none')
    await userEvent.keyboard('{Escape}')
    await expect.element(page.getByRole('button', { name: 'Why it failed No reason given' })).toHaveFocus()
    await expect.element(page.getByRole('checkbox', { name: 'Hallucination' })).not.toBeInTheDocument()
  })

  it('comes back from its address, whole', async () => {
    await open(
      '/export?format=kto&as=parquet&by=ada&from=2026-04-01&to=2026-04-30&imported=true&conflicts=newest',
    )
    await expect
      .poll(asked)
      .toBe(
        'format=kto&as=parquet&decided_by=ada&decided_from=2026-04-01&decided_to=2026-04-30' +
          '&include_imported=true&conflicts=newest',
      )
    await expect.element(page.getByRole('radio', { name: /Title of kto/ })).toBeChecked()
    await expect.element(page.getByRole('radio', { name: 'Parquet' })).toBeChecked()
    await expect.element(page.getByLabelText('Decided from')).toHaveValue('2026-04-01')
    await expect.element(page.getByLabelText('Same prompt twice')).toHaveValue('newest')
    await expect.element(page.getByRole('button', { name: 'Decided by ada' })).toBeVisible()
    await expect.element(page.getByRole('checkbox', { name: /before it was imported/ })).toBeChecked()
  })

  it('gives up a container that another format has not', async () => {
    await open('/export?format=report&as=csv')
    await page.getByRole('radio', { name: 'Parquet' }).click()
    await expect.poll(app.address).toBe('/export?format=report&as=parquet')
    await page.getByRole('radio', { name: 'CSV' }).click()
    await expect.poll(app.address).toBe('/export?format=report&as=csv')
    await page.getByRole('radio', { name: /Title of kto/ }).click()
    await expect.poll(app.address).toBe('/export?format=kto')
  })

  it('is counted once the hand rests, and what was there stays meanwhile', async () => {
    const exports = await open()
    await expect.poll(counts).toBe('37 examples, 37 lines; 4 left out')
    const before = network.of('/export/preview').length
    exports.preview = () => fakePreview({ examples: 1, lines: 2, left_out: [] })
    const release = network.hold('/export/preview')
    await app.router.push('/export?run=a')
    await app.router.push('/export?run=a&run=b')
    await app.router.push('/export?run=b')
    await expect.poll(asked).toBe('run_id=b')
    expect(counts()).toBe('37 examples, 37 lines; 4 left out')
    release()
    await expect.poll(counts).toBe('1 example, 2 lines; 0 left out')
    expect(network.of('/export/preview').length).toBe(before + 1)
  })

  it('that the server does not understand is said in its words', async () => {
    await open('/export?format=nono')
    await expect.element(page.getByText('There is no format "nono".')).toBeVisible()
    await page.getByRole('radio', { name: /Title of sft/ }).click()
    await expect.poll(counts).toContain('37 examples')
  })
})

describe('what would come of it', () => {
  it('names each reason with its cards, and shows the lines, hidden characters marked', async () => {
    await open('/export', {
      preview: () => fakePreview({ sample: ['{"a":"x\u200by"}', `{"b":"${'z'.repeat(5000)}"}`] }),
    })
    await expect.poll(words).toContain('4 because the model was right')
    await expect
      .element(page.getByRole('link', { name: 'Card a', exact: true }))
      .toHaveAttribute('href', '/cards/a')
    await expect.poll(words).toContain('and 2 more')
    await expect.element(page.getByRole('img', { name: /zero width space/i })).toBeInTheDocument()
    await page.getByRole('button', { name: 'Show all 5,008 characters of this line' }).click()
    await expect.poll(() => document.querySelectorAll('.lines code')[1]?.textContent?.length).toBe(5008)
  })

  it('has a badge for each reader, and behind it what was found', async () => {
    const finding = {
      code: 'few_lines',
      explain: 'the file is short',
      count: 1,
      ids: [],
      severity: 'warning' as const,
    }
    await open('/export', {
      formats: [fakeFormat('sft', { consumers: ['trl', 'axolotl'] })],
      preview: () =>
        fakePreview({
          consumers: [
            fakeVerdict('trl'),
            fakeVerdict('axolotl', { verdict: 'warnings', findings: [finding] }),
            fakeVerdict('openai', { verdict: 'refused', findings: [{ ...finding, severity: 'error' }] }),
          ],
        }),
    })
    await expect.poll(words).toContain('TRLPasses')
    await expect.poll(words).toContain('Others: 1 would refuse')
    const summary = page.getByText('AXOLOTL')
    await summary.click()
    await expect.element(page.getByText('the file is short').first()).toBeVisible()
    await expect.poll(words).toContain('Checked against the rules of axolotl 1.0.')
  })

  it('that would be refused says why, and the way out leads to a download', async () => {
    const finding = { code: 'empty', explain: 'the correction is empty', count: 2, ids: ['a', 'b'] }
    await openRefused('invalid_examples', finding)
    await expect.element(page.getByRole('heading', { name: /would be refused/ })).toBeVisible()
    await expect.element(page.getByRole('button', { name: 'Download', exact: true })).toBeDisabled()
    await expect.poll(counts).toContain('It would be refused')
    await page.getByRole('button', { name: 'See why, and the way out' }).click()
    await expect.poll(() => document.activeElement?.textContent).toBe('What will be written')
    await page.getByRole('button', { name: 'Leave them out' }).click()
    await expect.poll(app.address).toBe('/export?skip_invalid=true')
    await expect.element(download()).toHaveAttribute('href', '/api/sft/export?skip_invalid=true')
  })

  it('names what the file as a whole lacks, and writes it all the same when told to', async () => {
    const explain = 'the file has 4 of 10 examples'
    await openRefused('invalid_file', { code: 'too_few_lines', explain, count: 1, ids: [] })
    const result = page.getByRole('region', { name: 'What will be written' })
    await expect.element(result.getByText(explain)).toBeVisible()
    await page.getByRole('button', { name: 'Write it all the same' }).click()
    await expect.element(download()).toHaveAttribute('href', '/api/sft/export?skip_invalid=true')
  })

  it('names conflicts, and refuses them only when asked to', async () => {
    const conflicts = { prompts: 1, examples: 2, first: [['a', 'b']] }
    await open('/export?conflicts=refuse', {
      preview: (query) =>
        fakePreview({
          conflicts,
          refused:
            query.get('conflicts') === 'refuse' ? { code: 'conflicting_corrections', detail: 'No.' } : null,
        }),
    })
    await expect.poll(words).toContain('1 prompt has different corrections, 2 in all.')
    await page.getByRole('button', { name: 'Take the newest of each' }).click()
    await expect.poll(app.address).toBe('/export?conflicts=newest')
    await expect.element(download()).toBeVisible()
  })

  it('is nothing while nothing is corrected, and leads to the review', async () => {
    const nothing = { found: 0, examples: 0, lines: 0, left_out: [], sample: [] }
    await open('/export', { preview: () => fakePreview(nothing) })
    await expect.element(page.getByRole('heading', { name: 'Nothing to export yet' })).toBeVisible()
    await expect.element(page.getByRole('link', { name: 'Review cards' })).toHaveAttribute('href', '/')
    await app.router.push('/export?run=x')
    await expect.element(page.getByText('Nothing fits these filters.')).toBeVisible()
    await expect.element(page.getByRole('button', { name: 'Download', exact: true })).toBeDisabled()
  })
})

describe('past exports', () => {
  it('are told in words and made again from their link', async () => {
    const query = { run_id: ['run-2'], failure_category: ['none'], skip_invalid: true }
    await open('/export', { past: [fakeRecord({ format: 'kto', as: 'parquet', query, left_out: 2 })] })
    await expect
      .poll(() => rowsOf(document.querySelector('table'))[0]?.slice(1, 5))
      .toEqual([
        'ktoParquet',
        'dir-run-2 · No reason given · without what trainers refuse',
        '37 lines2 left out',
        '12 KB',
      ])
    await page.getByRole('link', { name: /^Make the export of .* again$/ }).click()
    await expect
      .poll(app.address)
      .toBe('/export?format=kto&as=parquet&run=run-2&category=none&skip_invalid=true')
    await expect.poll(() => document.activeElement?.textContent).toBe('Export')
  })

  it('are looked at again after a download until it is there', async () => {
    const exports = await open()
    await expect.element(download()).toBeVisible()
    download()
      .element()
      .addEventListener('click', (event) => event.preventDefault())
    await download().click()
    exports.past = [fakeRecord()]
    await expect.element(page.getByRole('heading', { name: 'Exports so far' })).toBeVisible()
  })
})

describe('without a server', () => {
  it('says so, and comes back by itself', async () => {
    await open('/runs')
    network.goDown(true)
    await app.router.push('/export')
    await expect.element(page.getByRole('heading', { name: 'The server does not answer' })).toBeVisible()
    network.goDown(false)
    await expect.poll(counts, { timeout: 5000 }).toContain('37 examples')
  })

  it('keeps what was there, and says so', async () => {
    await open()
    await expect.poll(counts).toContain('37 examples')
    network.goDown(true)
    await app.router.push('/export?run=run-1')
    await expect.poll(words).toContain('What you see is as it was a moment ago.')
    await expect.poll(counts).toContain('37 examples')
  })
})
