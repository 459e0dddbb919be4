/** Proves that the ledger tells what stands where, that an import shows how far it is, and what its report says. */
import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { Answer, Run } from '../../contract.ts'
import { type OpenApp, openApp, rowsOf } from '../open-app.ts'
import { fakeNetwork } from '../review/fake-network.ts'
import { problem, type World } from '../review/fake-server.ts'

let network: ReturnType<typeof fakeNetwork>
let app: OpenApp

async function open(more: Partial<World>, address = '/runs'): Promise<void> {
  network = fakeNetwork([], more)
  app = await openApp(address)
}

afterEach(() => network.restore())

function run(changes: Partial<Run> = {}): Run {
  return {
    run_id: '4141af85-b7f9-4753-bef3-09bac40eb514',
    directory: '2026-04-07-143022',
    timestamp: '2026-04-07T14:30:22',
    candidate_count: 18,
    already_imported: true,
    import_state: 'all',
    by_status: { needs_review: 10, approved: 5, discarded: 3, model_rejected: 0 },
    models: ['Qwen2.5-3B', 'phi-3-mini'],
    ...changes,
  }
}

const FRESH = run({
  run_id: 'fresh',
  directory: '2026-04-09-091512',
  import_state: 'none',
  by_status: { needs_review: 0, approved: 0, discarded: 0, model_rejected: 0 },
})

function report(changes: Partial<Answer<'importReport'>> = {}): Answer<'importReport'> {
  return {
    import_id: 7,
    source: 'benchmark',
    reviewer: 'ada',
    started_at: '2026-04-10T10:00:00Z',
    finished_at: '2026-04-10T10:00:01Z',
    state: 'finished',
    trouble: null,
    lines_per_second: 23,
    seconds_left: null,
    totals: { lines: 23, imported: 16, duplicate: 1, conflict: 1, rejected: 4, skipped: 0, blank: 1 },
    size: 4000,
    bytes_read: 4000,
    paths: ['/bench/2026-04-09-091512/sft_candidates.jsonl'],
    files: [],
    file_count: 0,
    ignored: { count: 0, paths: [] },
    problems: [
      {
        path: '/bench/2026-04-09-091512/sft_candidates.jsonl',
        line: 6,
        code: 'JSON_SYNTAX',
        reason: 'the line is cut off',
        text: '{"id":',
        is_cut: false,
        remedy: 'Mend the line.',
      },
    ],
    conflicts: [
      {
        path: '/bench/2026-04-09-091512/sft_candidates.jsonl',
        line: 18,
        code: 'ID_CONFLICT',
        reason: 'id "x" is known',
        text: '{"id":"x"}',
        is_cut: false,
        remedy: null,
      },
    ],
    warnings: { EMPTY_RESPONSE: 2, SOMETHING_NEW: 1 },
    ...changes,
  }
}

function answerOf({
  totals,
  import_id,
  files,
  problems,
  conflicts,
  warnings,
}: Answer<'importReport'>): Answer<'importRun'> {
  const { imported, duplicate: skipped, rejected, conflict } = totals
  return { imported, skipped, rejected, conflict, totals, import_id, files, problems, conflicts, warnings }
}

describe('the ledger', () => {
  it('tells of each run its name, time, models, size and where its cards stand', async () => {
    await open({ runs: [FRESH, run()] })
    await expect.element(page.getByText('2 runs, 36 flagged answers, 1 run to import.')).toBeVisible()
    const [first, second] = rowsOf(document.querySelector('table'))
    expect(first?.[0]).toContain('2026-04-09-091512')
    expect(first?.slice(2)).toEqual(['18 candidates', '', 'Not imported Import'])
    expect(second).toEqual([
      '2026-04-07-1430227 Apr 2026, 14:30 · 4141af85…b514',
      'Qwen2.5-3Bphi-3-mini',
      '18 candidates',
      '10 waiting5 corrected3 discarded',
      'Imported',
    ])
    await expect.element(page.getByTitle('4141af85-b7f9-4753-bef3-09bac40eb514').first()).toBeVisible()
  })

  it('leads from a run to its review alone, and from each number to its cards', async () => {
    await open({ runs: [run()] })
    await expect
      .element(page.getByRole('link', { name: '2026-04-07-143022' }))
      .toHaveAttribute('href', '/?run=4141af85-b7f9-4753-bef3-09bac40eb514')
    await page.getByRole('link', { name: '5 corrected' }).click()
    await expect.poll(app.address).toBe('/cards?run=4141af85-b7f9-4753-bef3-09bac40eb514&status=approved')
  })

  it('does not lead into the review of a run that is not imported', async () => {
    await open({ runs: [FRESH] })
    await expect.element(page.getByText('2026-04-09-091512')).toBeVisible()
    expect(document.querySelector('table a')).toBeNull()
  })

  it('says what to do when there are no runs', async () => {
    await open({ runs: [] })
    await expect.element(page.getByRole('heading', { name: 'No runs yet' })).toBeVisible()
  })
})

describe('an import', () => {
  it('shows how far it is, and then its report in the focus', async () => {
    const done = Promise.withResolvers<void>()
    const runs = [FRESH]
    await open({ runs })
    network.answerOnce('/api/sft/imports', () => new Response('[]'))
    await expect.element(page.getByRole('button', { name: 'Import 2026-04-09-091512' })).toBeVisible()
    const running = report({ finished_at: null, bytes_read: 1000, totals: { ...report().totals, lines: 5 } })
    network.world.reports = [running]
    network.answerOnce('/api/sft/import', async () => {
      await done.promise
      network.world.reports = [report()]
      runs[0] = run({ run_id: 'fresh', directory: '2026-04-09-091512' })
      return new Response(JSON.stringify(answerOf(report())))
    })
    await page.getByRole('button', { name: 'Import 2026-04-09-091512' }).click()
    await expect.element(page.getByText('Importing: 1.0 KB of 4.0 KB, 5 lines')).toBeVisible()
    expect(document.querySelector('.importing progress')?.getAttribute('value')).toBe('1000')
    done.resolve()
    await expect.poll(() => document.activeElement?.id).toBe('report')
    expect(app.address()).toBe('/runs?import=7')
    expect(network.of('/import').find((call) => call.method === 'POST')?.body).toEqual({ run_id: 'fresh' })
    await expect.poll(app.said).toContain('16 cards imported.')
    await expect
      .element(
        page
          .getByText('✓', { exact: false })
          .or(page.getByText('Imported', { exact: true }))
          .first(),
      )
      .toBeVisible()
  })

  it('that is refused says why beside its run, which can be tried again', async () => {
    await open({ runs: [FRESH], imports: () => problem(404, 'not_found', 'There is no run "fresh".') })
    await page.getByRole('button', { name: 'Import 2026-04-09-091512' }).click()
    await expect.element(page.getByRole('alert')).toHaveTextContent('There is no run "fresh".')
    await expect.element(page.getByRole('button', { name: 'Import 2026-04-09-091512' })).toBeEnabled()
  })

  it('by path shows its report as well', async () => {
    await open({ reports: [report()], imports: () => answerOf(report()) })
    await userEvent.fill(page.getByLabelText(/^Path of a run/), '/bench/x.jsonl')
    await userEvent.keyboard('{Enter}')
    await expect.poll(app.address).toBe('/runs?import=7')
    expect(network.of('/import').find((call) => call.method === 'POST')?.body).toEqual({
      path: '/bench/x.jsonl',
    })
  })
})

describe('a report', () => {
  it('counts every line, and names those that could not be taken with place, reason and code', async () => {
    await open({ reports: [report()] }, '/runs?import=7')
    await expect
      .element(page.getByRole('heading', { name: 'Import of 2026-04-09-091512/sft_candidates.jsonl' }))
      .toBeVisible()
    const counts = [...document.querySelectorAll('.counts > div')].map((each) => each.textContent)
    expect(counts).toEqual([
      '23lines read',
      '16imported',
      '1known already',
      '1in conflict',
      '4rejected',
      '1blank',
    ])
    const lines = [...document.querySelectorAll('.problems li')].map((each) =>
      [...each.children].map((part) => part.textContent),
    )
    expect(lines).toEqual([
      ['2026-04-09-091512/sft_candidates.jsonl:6', 'the line is cut off', 'JSON_SYNTAX'],
      ['2026-04-09-091512/sft_candidates.jsonl:18', 'id "x" is known', 'ID_CONFLICT'],
    ])
  })

  it('offers the rejected lines as they are', async () => {
    await open({ reports: [report()] }, '/runs?import=7')
    const link = page.getByRole('link', { name: 'Download rejected lines' })
    await expect.element(link).toHaveAttribute('href', '/api/sft/imports/7/rejected')
    await expect.element(link).toHaveAttribute('download')
  })

  it('explains each warning, and shows one it does not know as it is', async () => {
    await open({ reports: [report()] }, '/runs?import=7')
    await expect.element(page.getByText('The answer of the model is empty.')).toBeVisible()
    await expect.element(page.getByText('SOMETHING_NEW')).toBeVisible()
  })

  it('says what of a file could not be read at all', async () => {
    const file = {
      ...report().totals,
      path: '/bench/x.jsonl',
      refused: { code: 'EACCES', reason: 'no permission' },
    }
    await open({ reports: [report({ files: [file] })] }, '/runs?import=7')
    await expect.element(page.getByText(/could not be read: no permission/)).toBeVisible()
  })

  it('opens from the list of past imports, and closes again', async () => {
    await open({ reports: [report()] })
    await page.getByRole('link', { name: /^Report of the import/ }).click()
    await expect.poll(app.address).toBe('/runs?import=7')
    await page.getByRole('link', { name: 'Close the report' }).click()
    await expect.poll(app.address).toBe('/runs')
    expect(document.querySelector('#report')).toBeNull()
  })

  it('that does not exist is said to be missing', async () => {
    await open({}, '/runs?import=99')
    await expect.element(page.getByText('There is no such import.')).toBeVisible()
  })
})

describe('the results directory', () => {
  it('is saved, and the runs in it are looked for', async () => {
    await open({ config: { bench_results_dir: '/old', example_runs: null } })
    const field = page.getByLabelText('Where your harness writes its runs')
    await expect.element(field).toHaveValue('/old')
    const save = page.getByRole('button', { name: 'Save' })
    await expect.element(save).toBeDisabled()
    await userEvent.fill(field, '/new')
    network.world.runs.push(FRESH)
    await save.click()
    await expect.element(page.getByText('2026-04-09-091512')).toBeVisible()
    expect(network.of('/config').find((call) => call.method === 'POST')?.body).toEqual({
      bench_results_dir: '/new',
    })
    await expect.poll(app.said).toContain('Results directory saved.')
  })

  it('that is refused says why and keeps what was typed', async () => {
    await open({})
    const field = page.getByLabelText('Where your harness writes its runs')
    await userEvent.fill(field, 'nonsense')
    network.answerOnce('/config', () => problem(422, 'invalid_request', 'There is no such directory.'))
    await page.getByRole('button', { name: 'Save' }).click()
    await expect.element(page.getByRole('alert')).toHaveTextContent('There is no such directory.')
    await expect.element(field).toHaveValue('nonsense')
  })
})

describe('without a server', () => {
  it('the page says so and comes back by itself', async () => {
    network = fakeNetwork([], { runs: [run()] })
    network.goDown(true)
    app = await openApp('/runs')
    await expect.element(page.getByRole('heading', { name: 'The server does not answer' })).toBeVisible()
    network.goDown(false)
    await expect.poll(() => document.querySelector('table'), { timeout: 5000 }).not.toBeNull()
  })
})
