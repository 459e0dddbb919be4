/** Runs, imports and settings over HTTP, each with each of its errors. */
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
  it('tells of every directory of a run, and of an import that never ended', async () => {
    await writeRun(fileOf('part-1'), toJsonl([makeRecord(1)]))
    await writeRun(fileOf('part-2'), toJsonl([makeRecord(2), makeRecord(3)]))
    await app.post('/api/sft/config', { bench_results_dir: app.folder })
    await app.post('/api/sft/import', { path: fileOf('part-1') })
    expect((await app.get('/api/sft/runs')).json).toMatchObject([
      { run_id: RUN_ID, candidate_count: 3, import_state: 'part' },
    ])
    await app.post('/api/sft/import', { path: app.folder })
    expect((await app.get('/api/sft/runs')).json).toMatchObject([{ import_state: 'all' }])
    for (const name of ['part-1', 'part-2'])
      expect((await app.get(`/api/sft/queue?run_id=${name}`)).json.total).toBe(3)
    await app.post('/api/sft/config', { bench_results_dir: '' })
    await app.store.db.updateTable('imports').set({ finished_at: null }).execute()
    expect((await app.get('/api/sft/runs')).json).toMatchObject([
      { import_state: 'part', already_imported: false },
    ])
  })

  it('reads a file again only when it has changed', async () => {
    await writeRun(fileOf('run-a'), toJsonl([makeRecord(1)]))
    await app.post('/api/sft/config', { bench_results_dir: app.folder })
    expect((await app.get('/api/sft/runs')).json).toMatchObject([{ candidate_count: 1 }])
    await appendFile(fileOf('run-a'), toJsonl([makeRecord(2)]))
    expect((await app.get('/api/sft/runs')).json).toMatchObject([{ candidate_count: 2 }])
  })

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
    for (const bench_results_dir of [null, 'a\u0000b', 'a\ud800']) {
      expect((await app.post('/api/sft/config', { bench_results_dir })).status).toBe(422)
    }
  })
})
