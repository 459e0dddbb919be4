/** Runs, imports, settings, export and totals over HTTP, each with each of its errors. */
import { appendFile, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contract } from '../../src/contract.ts'
import { makeRecord, RUN_ID, toJsonl, writeRun } from '../support/make-record.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
beforeEach(async () => {
  app = await createTestApp()
})

afterEach(() => app.close())

function fileOf(directory: string): string {
  return join(app.folder, directory, 'sft_candidates.jsonl')
}

describe('POST /api/sft/import', () => {
  it('counts every line once and names those it could not take', async () => {
    const good = makeRecord(1)
    const conflict = { ...good, model_response: 'other' }
    const lines = [
      JSON.stringify(good),
      '',
      JSON.stringify(good),
      JSON.stringify(conflict),
      '[1]',
      '{"id": "x',
    ]
    await writeRun(fileOf('run-a'), lines.join('\n'))
    const { status, json } = await app.post('/api/sft/import', { path: fileOf('run-a') })
    expect(status).toBe(200)
    expect(contract.importRun.answer.parse(json)).toMatchObject({
      imported: 1,
      skipped: 1,
      rejected: 2,
      conflict: 1,
    })
    expect(json.totals).toEqual({
      lines: 6,
      imported: 1,
      duplicate: 1,
      conflict: 1,
      rejected: 2,
      skipped: 0,
      blank: 1,
    })
    expect(json.problems).toMatchObject([
      { path: fileOf('run-a'), line: 5, code: 'NOT_OBJECT' },
      { path: fileOf('run-a'), line: 6, code: 'TRUNCATED_LAST_LINE' },
    ])
    expect(json.conflicts).toMatchObject([{ line: 4, code: 'ID_CONFLICT' }])
  })

  it('keeps the bytes of rejected and conflicting lines', async () => {
    await writeRun(
      fileOf('run-a'),
      Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xff]), Buffer.from('"}\n')]),
    )
    await app.post('/api/sft/import', { path: app.folder })
    const [kept] = await app.store.db.selectFrom('import_problems').selectAll().execute()
    expect(kept).toMatchObject({ kind: 'rejected', line: 1, code: 'INVALID_UTF8' })
    expect([...(kept?.raw ?? [])]).toEqual([...Buffer.from('{"id":"'), 0xff, ...Buffer.from('"}')])
  })

  it('changes nothing the second time, and adds only what a grown file has gained', async () => {
    const whole = toJsonl([makeRecord(1), makeRecord(2)])
    await writeRun(fileOf('run-a'), whole.slice(0, -40))
    expect((await app.post('/api/sft/import', { path: app.folder })).json).toMatchObject({
      imported: 1,
      rejected: 1,
    })
    await app.post('/api/sft/submit', { id: 'record-0001', action: 'discard' })
    await writeRun(fileOf('run-a'), whole)
    expect((await app.post('/api/sft/import', { path: app.folder })).json).toMatchObject({
      imported: 1,
      skipped: 1,
      rejected: 0,
    })
    await appendFile(fileOf('run-a'), toJsonl([makeRecord(3)]))
    expect((await app.post('/api/sft/import', { path: app.folder })).json).toMatchObject({
      imported: 1,
      skipped: 2,
    })
    expect((await app.post('/api/sft/import', { path: app.folder })).json).toMatchObject({
      imported: 0,
      skipped: 3,
    })
    expect((await app.get('/api/sft/candidates/record-0001')).json.candidate.status).toBe('discarded')
  })

  it('finds a run by its id and by the name of its directory', async () => {
    await writeRun(fileOf('2026-04-07-143022'), toJsonl([makeRecord(1)]))
    await app.post('/api/sft/config', { bench_results_dir: app.folder })
    expect((await app.post('/api/sft/import', { run_id: RUN_ID })).json.imported).toBe(1)
    expect((await app.post('/api/sft/import', { run_id: '2026-04-07-143022' })).json).toMatchObject({
      imported: 0,
      skipped: 1,
    })
  })

  it('finds a run again that was imported from a path given at start', async () => {
    await writeRun(fileOf('run-a'), toJsonl([makeRecord(1)]))
    await app.post('/api/sft/import', { path: app.folder })
    expect((await app.post('/api/sft/import', { run_id: 'run-a' })).json).toMatchObject({
      imported: 0,
      skipped: 1,
    })
  })

  it('refuses unknown runs, missing paths, paths outside, and unclear requests', async () => {
    await mkdir(app.folder, { recursive: true })
    await symlink('/etc', join(app.folder, 'way-out'))
    const refused: [unknown, number, string][] = [
      [{ run_id: 'nothing' }, 404, 'not_found'],
      [{ path: join(app.folder, 'nothing') }, 404, 'not_found'],
      [{ path: '/etc' }, 403, 'outside_roots'],
      [{ path: `${app.folder}-evil` }, 403, 'outside_roots'],
      [{ path: join(app.folder, '../db') }, 403, 'outside_roots'],
      [{ path: join(app.folder, 'way-out') }, 403, 'outside_roots'],
      [{ path: 'a\u0000b' }, 403, 'outside_roots'],
      [{ path: '' }, 403, 'outside_roots'],
      [{}, 422, 'invalid_request'],
      [{ run_id: 'a', path: 'b' }, 422, 'invalid_request'],
      [{ path: 7 }, 422, 'invalid_request'],
    ]
    for (const [body, status, code] of refused) {
      expect(await app.post('/api/sft/import', body), JSON.stringify(body)).toMatchObject({
        status,
        json: { code },
      })
    }
  })
})

describe('GET /api/sft/runs', () => {
  it('lists imported and found runs, newest first, with what is imported of each', async () => {
    await writeRun(fileOf('2026-04-07-143022'), toJsonl([makeRecord(1, { benchmark_run_id: 'old' })]))
    await writeRun(
      fileOf('2026-04-09-091512'),
      toJsonl([makeRecord(2, { benchmark_run_id: 'new' }), makeRecord(3, { benchmark_run_id: 'new' })]),
    )
    await writeRun(fileOf('by-hand'), toJsonl([makeRecord(4, { benchmark_run_id: null })]))
    await app.post('/api/sft/config', { bench_results_dir: app.folder })
    await app.post('/api/sft/import', { run_id: 'old' })
    const { json } = await app.get('/api/sft/runs')
    expect(contract.listRuns.answer.parse(json)).toMatchObject([
      {
        run_id: 'new',
        directory: '2026-04-09-091512',
        timestamp: '2026-04-09T09:15:12',
        candidate_count: 2,
        already_imported: false,
        import_state: 'none',
      },
      {
        run_id: 'old',
        candidate_count: 1,
        already_imported: true,
        import_state: 'all',
        by_status: { needs_review: 1 },
        models: ['Qwen2.5-3B'],
      },
      { run_id: 'by-hand', directory: 'by-hand', timestamp: null, import_state: 'none' },
    ])
    await appendFile(fileOf('2026-04-07-143022'), toJsonl([makeRecord(9, { benchmark_run_id: 'old' })]))
    const grown = (await app.get('/api/sft/runs')).json.find(
      (run: { run_id: string }) => run.run_id === 'old',
    )
    expect(grown).toMatchObject({ candidate_count: 2, already_imported: false, import_state: 'part' })
  })

  it('is an empty list when nothing was imported and nothing is configured', async () => {
    expect(await app.get('/api/sft/runs')).toEqual({ status: 200, json: [] })
  })

  it('lists what it can read when the directory has gone', async () => {
    await app.post('/api/sft/config', { bench_results_dir: join(app.folder, 'gone') })
    expect(await app.get('/api/sft/runs')).toEqual({ status: 200, json: [] })
    expect(app.deps.logged.join()).toContain('no such file')
  })
})

describe('settings', () => {
  it('gives the directory back as it was given', async () => {
    expect((await app.get('/api/sft/config')).json).toEqual({ bench_results_dir: '', example_runs: null })
    const answer = await app.post('/api/sft/config', { bench_results_dir: ' ~/a b/../c ' })
    expect(answer).toEqual({ status: 200, json: { bench_results_dir: ' ~/a b/../c ' } })
    expect((await app.get('/api/sft/config')).json.bench_results_dir).toBe(' ~/a b/../c ')
    expect((await app.post('/api/sft/config', { bench_results_dir: null })).status).toBe(422)
  })
})

describe('GET /api/sft/export and /api/sft/stats', () => {
  beforeEach(async () => {
    const records = [
      makeRecord(1),
      makeRecord(2, { task_type: 'math', model_name: null }),
      makeRecord(3),
      makeRecord(4, { prompt_messages: [] }),
      makeRecord(5, { status: 'approved', corrected_response: 'elsewhere' }),
      makeRecord(6),
    ]
    await writeRun(fileOf('run-a'), toJsonl(records))
    await app.post('/api/sft/import', { path: app.folder })
    const decide = (id: string, body: object) => app.post('/api/sft/submit', { id, ...body })
    await decide('record-0002', {
      action: 'correct',
      corrected_response: ' two ',
      failure_category: 'wrong_answer',
    })
    await decide('record-0001', { action: 'correct', corrected_response: 'one' })
    await decide('record-0003', { action: 'discard', failure_category: 'scoring_artifact' })
    await decide('record-0004', { action: 'correct', corrected_response: 'no prompt' })
    await decide('record-0006', { action: 'flag' })
  })

  const lines = async (query = '') =>
    (await (await app.request(`/api/sft/export${query}`)).text()).split('\n').slice(0, -1)

  it('writes approved corrections in import order, messages first, then the category', async () => {
    const response = await app.request('/api/sft/export')
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="avocet-sft-2026-04-07\.jsonl"$/,
    )
    expect(await response.text()).toBe(
      `{"messages":[{"role":"system","content":"Answer with code only."},{"role":"user","content":"Task 1"},{"role":"assistant","content":"one"}],"failure_category":null}\n` +
        `{"messages":[{"role":"system","content":"Answer with code only."},{"role":"user","content":"Task 2"},{"role":"assistant","content":" two "}],"failure_category":"wrong_answer"}\n`,
    )
  })

  it.each([
    ['?task_type=math', 1],
    ['?task_type=math&task_type=code', 2],
    ['?model_name=Qwen2.5-3B', 1],
    ['?failure_category=none', 1],
    ['?failure_category=none&failure_category=wrong_answer', 2],
    ['?failure_category=hallucination', 0],
    ['?run_id=run-a', 2],
    [`?run_id=${RUN_ID}`, 2],
    ['?run_id=nothing', 0],
    ['?include_imported=true', 3],
  ])('filters %s', async (query, count) => {
    expect(await lines(query)).toHaveLength(count)
  })

  it('refuses filters and formats that it does not know', async () => {
    expect((await app.request('/api/sft/export?failure_category=other')).status).toBe(422)
    expect((await app.request('/api/sft/export?format=other')).status).toBe(422)
    expect((await app.request('/api/sft/export?include_imported=perhaps')).status).toBe(422)
  })

  it('counts by status, model, task type and category', async () => {
    const { json } = await app.get('/api/sft/stats')
    expect(contract.stats.answer.parse(json)).toEqual({
      total: 6,
      by_status: { needs_review: 0, approved: 4, discarded: 1, model_rejected: 1 },
      by_model: { 'Qwen2.5-3B': 5, unknown: 1 },
      by_task_type: { code: 5, math: 1 },
      by_failure_category: { none: 4, scoring_artifact: 1, wrong_answer: 1 },
      export_ready: 2,
      breakdown: expect.arrayContaining([
        { model_name: null, task_type: 'math', failure_category: 'wrong_answer', status: 'approved', n: 1 },
        { model_name: 'Qwen2.5-3B', task_type: 'code', failure_category: null, status: 'approved', n: 3 },
      ]),
    })
    const { breakdown, total } = (await app.get('/api/sft/stats?run_id=run-a')).json
    expect(breakdown.reduce((sum: number, row: { n: number }) => sum + row.n, 0)).toBe(total)
    expect((await app.get('/api/sft/stats?run_id=nothing')).json).toMatchObject({ total: 0, breakdown: [] })
  })
})
