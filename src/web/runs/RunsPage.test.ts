/** Proves that the ledger tells what stands where, and that runs and paths are imported from it. */
import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { Run } from '../../contract.ts'
import { importReport, runningReport } from '../import/fake-imports.ts'
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

describe('an import of a run', () => {
  it('begins with one press, and its report stands where its address is, in the focus', async () => {
    const runs = [FRESH]
    await open({ runs, imports: () => importReport() })
    await page.getByRole('button', { name: 'Import 2026-04-09-091512' }).click()
    await expect.poll(() => document.activeElement?.id).toBe('report')
    expect(app.address()).toBe('/runs?import=7')
    const [call] = network.of('/imports').filter(({ method }) => method === 'POST')
    expect(call?.body).toEqual({ run_id: 'fresh' })
    await expect.poll(app.said).toContain('16 new cards, 1 duplicate, 1 conflict, 4 lines rejected, 1 blank')
    runs[0] = run({ run_id: 'fresh', directory: '2026-04-09-091512' })
  })

  it('that is refused says why beside its run, which can be tried again', async () => {
    await open({ runs: [FRESH], imports: () => problem(404, 'not_found', 'There is no run "fresh".') })
    await page.getByRole('button', { name: 'Import 2026-04-09-091512' }).click()
    await expect.element(page.getByRole('alert')).toHaveTextContent('There is no run "fresh".')
    await expect.element(page.getByRole('button', { name: 'Import 2026-04-09-091512' })).toBeEnabled()
  })

  it('that has ended changes what the runs say', async () => {
    const runs = [FRESH]
    await open({ runs, imports: () => runningReport() })
    await page.getByRole('button', { name: 'Import 2026-04-09-091512' }).click()
    await expect.element(page.getByText('Under way…')).toBeVisible()
    runs[0] = run({ run_id: 'fresh', directory: '2026-04-09-091512' })
    network.world.reports[0] = importReport()
    await expect.element(page.getByText('1 run, 18 flagged answers, all of them imported.')).toBeVisible()
  })
})

describe('a path', () => {
  const field = () => page.getByLabelText(/^Path of a run/)

  it('is imported, and its report shown as well', async () => {
    await open({ imports: () => importReport() })
    await userEvent.fill(field(), '/bench/x.jsonl')
    await userEvent.keyboard('{Enter}')
    await expect.poll(app.address).toBe('/runs?import=7')
    const [call] = network.of('/imports').filter(({ method }) => method === 'POST')
    expect(call?.body).toEqual({ path: '/bench/x.jsonl' })
    await expect.element(field()).toHaveValue('')
  })

  it('outside of what the page may read says so, and how to read it all the same', async () => {
    const outside = '"/etc" lies outside the results directory.'
    await open({ imports: () => problem(403, 'outside_roots', outside) })
    await userEvent.fill(field(), '/etc')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('alert').getByText(outside)).toBeVisible()
    await expect.element(page.getByText('npm start -- /etc')).toBeVisible()
    await expect.element(field()).toHaveValue('/etc')
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
