/** Proves that the report of an import accounts for every line in words, while it runs, when it ended, and when it was broken off. */
import { afterEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { fakeUploads } from '../../../tests/support/fake-uploads.ts'
import { fileReport, importReport, lineProblem, type Report, runningReport } from '../import/fake-imports.ts'
import { type OpenApp, openApp } from '../open-app.ts'
import { fakeNetwork } from '../review/fake-network.ts'
import type { World } from '../review/fake-server.ts'

let network: ReturnType<typeof fakeNetwork>
let app: OpenApp

async function open(report: Report | null, more: Partial<World> = {}): Promise<void> {
  network = fakeNetwork([], { reports: report ? [report] : [], ...more })
  app = await openApp('/runs?import=7')
}

afterEach(() => network.restore())

const started = () =>
  network
    .of('/imports')
    .filter(({ method, path }) => method === 'POST' && !path.endsWith('/cancel'))
    .map(({ body }) => body)
const group = (title: string) =>
  [...document.querySelectorAll('.group')].find((each) => each.textContent?.includes(title))
const wordsOf = (element: Element | null | undefined) =>
  element?.textContent?.replace(/\s+/g, ' ').trim() ?? ''

describe('a report', () => {
  it('says in one sentence what became of all lines, and counts them', async () => {
    await open(importReport())
    await expect
      .element(page.getByRole('heading', { name: 'Import of 2026-04-09-091512/sft_candidates.jsonl' }))
      .toBeVisible()
    const sentence = '16 new cards, 1 duplicate, 1 conflict, 4 lines rejected, 1 blank of 23 lines.'
    await expect.element(page.getByText(sentence)).toBeVisible()
    const counts = [...document.querySelectorAll('.counts > div')].map((each) => each.textContent)
    expect(counts).toEqual([
      '23lines read',
      '16imported',
      '1known already',
      '1in conflict',
      '4rejected',
      '1blank',
    ])
  })

  it('groups what is wrong, with count and remedy, and names each line with its place, reason and text', async () => {
    await open(importReport())
    await expect.poll(() => document.querySelectorAll('.group').length).toBe(4)
    const json = group('Not JSON')
    expect(wordsOf(json?.querySelector('h4'))).toBe('Not JSON 2 linesJSON_SYNTAX')
    expect(wordsOf(json?.querySelector('.remedy'))).toBe('Mend JSON_SYNTAX.')
    const [first] = json?.querySelectorAll('li') ?? []
    expect([...(first?.children ?? [])].map((part) => part.textContent)).toEqual([
      '2026-04-09-091512/sft_candidates.jsonl:6',
      'the line is cut off',
      '{"id":',
    ])
  })

  it('marks what cannot be seen in a line, and says of a line when it is cut or was not kept', async () => {
    await open(importReport())
    await expect.element(page.getByTitle('U+200B zero width space')).toBeVisible()
    await expect.element(page.getByText('The line was too long to be kept.')).toBeVisible()
    expect(wordsOf(group('A known id')?.querySelector('.line .unkept'))).toContain('and so on')
  })

  it('keeps the conflicts in a list of their own', async () => {
    await open(importReport())
    await expect.element(page.getByRole('heading', { name: 'Conflicts' })).toBeVisible()
    const heading = [...document.querySelectorAll('h3')].find((each) => each.textContent === 'Conflicts')
    const list = heading?.closest('section')
    expect([...(list?.querySelectorAll('.reason') ?? [])].map(wordsOf)).toEqual(['id "x" is known'])
  })

  it('shows thousands of lines two hundred at a time', async () => {
    const problems = Array.from({ length: 450 }, (_, index) => lineProblem(index + 1, 'ID_MISSING', 'no id'))
    await open(importReport({ problems, totals: { ...importReport().totals, rejected: 450 } }))
    await expect.element(page.getByText('200 lines of the first 200')).toBeVisible()
    await page.getByRole('button', { name: 'Show 200 more' }).click()
    await expect.element(page.getByText('400 of 450 shown')).toBeVisible()
    expect(app.said()).toContain('200 more lines shown.')
    await page.getByRole('button', { name: 'Show 50 more' }).click()
    await expect.poll(() => group('Without an id')?.querySelectorAll('li').length).toBe(450)
    expect(wordsOf(group('Without an id')?.querySelector('.count'))).toBe('450 lines')
    expect(document.querySelector('.more')).toBeNull()
  })

  it('offers the rejected and the conflicting lines as they are', async () => {
    await open(importReport())
    const rejected = page.getByRole('link', { name: 'Download rejected lines' })
    await expect.element(rejected).toHaveAttribute('href', '/api/sft/imports/7/rejected?kind=rejected')
    await expect.element(rejected).toHaveAttribute('download')
    await expect
      .element(page.getByRole('link', { name: 'Download conflicting lines' }))
      .toHaveAttribute('href', '/api/sft/imports/7/rejected?kind=conflict')
  })

  it('explains each warning, and shows one it does not know as it is', async () => {
    await open(importReport())
    await expect.element(page.getByText('The answer of the model is empty.')).toBeVisible()
    await expect.element(page.getByText('SOMETHING_NEW')).toBeVisible()
  })

  it('says of a file that could not be read why, and what to do', async () => {
    const refused = { code: 'EACCES', reason: 'permission is missing', remedy: 'Let the user read it.' }
    await open(importReport({ files: [fileReport({ path: '/bench/x.jsonl', refused })] }))
    await expect.poll(() => wordsOf(document.querySelector('.notice'))).toContain('/bench/x.jsonl could not')
    await expect.element(page.getByText('Let the user read it.')).toBeVisible()
  })

  it('counts what lay beside the files and was not read', async () => {
    await open(importReport({ ignored: { count: 120, paths: ['/bench/notes.txt'] } }))
    await page.getByText(/^Not read: 120 files and folders/).click()
    await expect.element(page.getByText('/bench/notes.txt')).toBeVisible()
    await expect.element(page.getByText('and 119 more')).toBeVisible()
  })

  it('opens from the list of past imports, and closes again', async () => {
    await open(importReport())
    await page.getByRole('link', { name: 'Close the report' }).click()
    await expect.poll(app.address).toBe('/runs')
    expect(document.querySelector('#report')).toBeNull()
    await page.getByRole('link', { name: /^Report of the import/ }).click()
    await expect.poll(app.address).toBe('/runs?import=7')
  })

  it('that does not exist is said to be missing', async () => {
    await open(null)
    await expect.element(page.getByText('There is no such import.')).toBeVisible()
  })
})

describe('trying again', () => {
  it('imports the file that had trouble once more, and shows the new report', async () => {
    const files = [fileReport({ path: '/bench/a/sft.jsonl', rejected: 0, conflict: 0 }), fileReport()]
    const paths = files.map(({ path }) => path)
    const imports = () => importReport({ import_id: 8, problems: [] })
    await open(importReport({ files, paths }), { imports })
    await page.getByRole('button', { name: 'Try again after mending' }).click()
    await expect.poll(app.address).toBe('/runs?import=8')
    expect(started()).toEqual([{ path: '/bench/2026-04-09-091512/sft_candidates.jsonl' }])
  })

  it('takes the directory that several troubled files have in common', async () => {
    const files = ['a', 'b'].map((run) => fileReport({ path: `/bench/${run}/sft_candidates.jsonl` }))
    await open(importReport({ files }), { imports: () => importReport({ import_id: 8 }) })
    await page.getByRole('button', { name: 'Try again after mending' }).click()
    await expect.poll(started).toEqual([{ path: '/bench' }])
  })

  it('of what was sent by the page asks for the mended file', async () => {
    const path = 'upload:run/sft_candidates.jsonl'
    const files = [fileReport({ path })]
    await open(importReport({ files, paths: [path] }), { imports: () => importReport({ import_id: 8 }) })
    const sent = fakeUploads()
    await expect.element(page.getByRole('button', { name: 'Choose the mended file…' })).toBeVisible()
    const input = document.querySelector<HTMLInputElement>('.again input[type="file"]') as HTMLInputElement
    const list = new DataTransfer()
    list.items.add(new File(['{"id":"mended"}'], 'sft_candidates.jsonl'))
    input.files = list.files
    input.dispatchEvent(new Event('change'))
    await expect.poll(app.address).toBe('/runs?import=8')
    expect(sent).toEqual([{ name: 'sft_candidates.jsonl', text: '{"id":"mended"}' }])
  })

  it('is not offered where nothing went wrong', async () => {
    const totals = { lines: 16, imported: 16, duplicate: 0, conflict: 0, rejected: 0, skipped: 0, blank: 0 }
    const files = [fileReport(totals)]
    await open(importReport({ totals, files, problems: [], conflicts: [] }))
    await expect.element(page.getByText('16 new cards of 16 lines.')).toBeVisible()
    expect(document.querySelector('.again')).toBeNull()
  })
})

describe('an import that runs', () => {
  it('shows bytes, lines, lines per second and the time left, and then its report', async () => {
    await open(runningReport())
    const figures = 'Importing: 1.0 KB of 4.0 KB, 5 lines, 1,250 lines/s, 8 s left'
    await expect.element(page.getByText(figures)).toBeVisible()
    expect(document.querySelector('.report progress')?.getAttribute('value')).toBe('1000')
    expect(document.querySelector('.counts')).toBeNull()
    network.world.reports[0] = importReport()
    await expect.element(page.getByText(/^16 new cards/).first()).toBeVisible()
    await expect.poll(app.said).toContain('16 new cards')
    expect(document.querySelector('.report progress')).toBeNull()
  })

  it('is cancelled, says what is kept, and gives the focus to its report', async () => {
    await open(runningReport())
    await page.getByRole('button', { name: 'Cancel' }).click()
    await expect.element(page.getByText(/It was cancelled. 5 cards imported before are kept/)).toBeVisible()
    expect(document.activeElement?.id).toBe('report')
    await expect.element(page.getByRole('button', { name: 'Go on with the import' })).toBeVisible()
  })

  it.each([
    [{ state: 'interrupted' }, /^It was interrupted before its end. 5 cards imported before are kept/],
    [{ state: 'failed', trouble: 'The disk is full.' }, /^It failed: The disk is full. 5 cards/],
  ] as const)('and ended as %j says so, and how to go on', async (changes, words) => {
    await open(runningReport({ ...changes }))
    await expect.element(page.getByText(words)).toBeVisible()
    await expect.element(page.getByRole('button', { name: 'Go on with the import' })).toBeVisible()
  })

  it('and others that wait are listed, each with its way out', async () => {
    const waiting = runningReport({ import_id: 9, state: 'waiting', paths: [], bytes_read: 0, size: 0 })
    await open(runningReport(), { reports: [waiting, runningReport({ import_id: 8 }), runningReport()] })
    await expect.element(page.getByRole('heading', { name: 'Under way' })).toBeVisible()
    await expect.element(page.getByText('Waits until the import before it is done.')).toBeVisible()
    const rows = [...document.querySelectorAll('[aria-labelledby="under-way"] .title')].map(wordsOf)
    expect(rows).toEqual(['Import of 2026-04-09-091512/sft_candidates.jsonl', 'Import 9'])
    await page.getByRole('button', { name: 'Cancel' }).last().click()
  })

  it('is found again by who left the page and came back', async () => {
    await open(runningReport())
    await expect.element(page.getByText(/8 s left/)).toBeVisible()
    await app.router.push('/insights')
    await app.router.push('/runs')
    await expect.element(page.getByRole('heading', { name: 'Under way' })).toBeVisible()
    await expect.element(page.getByText(/8 s left/)).toBeVisible()
  })
})
