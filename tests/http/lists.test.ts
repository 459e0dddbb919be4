/** The list of all cards, the last decisions and the ledger of imports over HTTP. */
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contract } from '../../src/contract.ts'
import { makeRecord, toJsonl, writeRun } from '../support/make-record.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
beforeEach(async () => {
  app = await createTestApp()
  const records = [1, 2, 3].map((n) =>
    makeRecord(n, { quality_score: n / 4, model_response: `answer number${n}` }),
  )
  const content = `${toJsonl(records)}[1]\n{"id": "cut`
  await writeRun(join(app.folder, 'run-a/sft_candidates.jsonl'), content)
  await app.post('/api/sft/import', { path: app.folder })
  await app.post('/api/sft/submit', {
    id: 'record-0002',
    action: 'discard',
    failure_category: 'hallucination',
  })
})
afterEach(() => app.close())

const ids = (json: { items: { id: string }[] }) => json.items.map(({ id }) => id)

describe('GET /api/sft/candidates', () => {
  it('lists decided cards too, in the shape of the contract', async () => {
    const { status, json } = await app.get('/api/sft/candidates')
    expect(status).toBe(200)
    expect(contract.listCandidates.answer.parse(json)).toEqual(json)
    expect(json).toMatchObject({ total: 3, page: 1, per_page: 50 })
    expect(json.items[1]).toMatchObject({
      id: 'record-0002',
      status: 'discarded',
      failure_category: 'hallucination',
    })
    expect(json.items[1].decided_at).toMatch(/^2026-04-07T/)
    expect(json.items[0]).toMatchObject({ decided_at: null, decided_elsewhere: false })
  })

  it.each([
    ['?status=discarded', ['record-0002']],
    ['?model_name=unknown', []],
    ['?failure_category=hallucination', ['record-0002']],
    ['?failure_category=none', []],
    ['?score_band=low', ['record-0001']],
    ['?score_band=fair&status=needs_review', []],
    ['?run_id=run-a&per_page=1&page=3', ['record-0003']],
    ['?run_id=nothing', []],
    ['?sort=score&order=desc', ['record-0003', 'record-0002', 'record-0001']],
    ['?sort=decided&order=desc', ['record-0002', 'record-0001', 'record-0003']],
  ])('answers %s', async (query, wanted) => {
    expect(ids((await app.get(`/api/sft/candidates${query}`)).json)).toEqual(wanted)
  })

  it.each([
    '?status=other',
    '?failure_category=other',
    '?score_band=x',
    '?sort=id',
    '?order=up',
    '?page=0',
    '?per_page=201',
  ])('refuses %s', async (query) => {
    expect((await app.get(`/api/sft/candidates${query}`)).status).toBe(422)
  })

  it('finds words of the answer once the search has caught up', async () => {
    const path = '/api/sft/candidates?q=number3'
    await expect
      .poll(async () => (await app.get(path)).json)
      .toMatchObject({ unindexed: 0, items: [{ id: 'record-0003' }] })
    expect((await app.get('/api/sft/candidates?q=%22%2A')).json).toMatchObject({ items: [], total: 0 })
  })
})

describe('GET /api/sft/queue', () => {
  it('filters by the band of the score', async () => {
    expect((await app.get('/api/sft/queue?score_band=low')).json).toMatchObject({
      total: 1,
      items: [{ id: 'record-0001' }],
    })
    expect((await app.get('/api/sft/queue?score_band=high')).json).toMatchObject({
      total: 1,
      items: [{ id: 'record-0003' }],
    })
    expect((await app.get('/api/sft/queue?score_band=other')).status).toBe(422)
  })
})

describe('GET /api/sft/decisions', () => {
  it('tells the last ones first, and which of them an undo would take back', async () => {
    await app.post('/api/sft/undo', { id: 'record-0002' })
    await app.post('/api/sft/submit', { id: 'record-0001', action: 'correct', corrected_response: 'x' })
    const { json } = await app.get('/api/sft/decisions')
    expect(contract.recentDecisions.answer.parse(json)).toEqual(json)
    expect(json).toMatchObject([
      { id: 'record-0001', action: 'correct', is_latest: true, reviewer: 'ada', version: 1 },
      { id: 'record-0002', action: 'undo', is_latest: true, version: 2 },
      { id: 'record-0002', action: 'discard', is_latest: false, version: 1 },
    ])
    expect((await app.get('/api/sft/decisions?limit=1')).json).toHaveLength(1)
    expect((await app.get('/api/sft/decisions?limit=0')).status).toBe(422)
  })
})

describe('the ledger of imports', () => {
  it('lists each act with its counts and bytes, newest first', async () => {
    await app.post('/api/sft/import', { path: join(app.folder, 'run-a') })
    const { json } = await app.get('/api/sft/imports')
    expect(contract.listImports.answer.parse(json)).toEqual(json)
    expect(json).toMatchObject([
      { totals: { lines: 5, imported: 0, duplicate: 3, rejected: 2 } },
      { totals: { lines: 5, imported: 3, rejected: 2 }, source: 'benchmark', reviewer: 'ada' },
    ])
    expect(json[0].finished_at).not.toBeNull()
    expect(json[0].size).toBe(json[0].bytes_read)
    expect(json[0].size).toBeGreaterThan(500)
  })

  it('keeps the report as the import gave it', async () => {
    const given = (await app.post('/api/sft/import', { path: app.folder })).json
    const { json } = await app.get(`/api/sft/imports/${given.import_id}`)
    expect(contract.importReport.answer.parse(json)).toEqual(json)
    expect(json).toMatchObject({
      totals: given.totals,
      files: given.files,
      problems: given.problems,
      conflicts: given.conflicts,
      warnings: given.warnings,
    })
  })

  it('gives the rejected lines back byte for byte', async () => {
    const response = await app.request('/api/sft/imports/1/rejected')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="rejected-1.jsonl"')
    expect(await response.text()).toBe('[1]\n{"id": "cut\n')
  })

  it('does not know other imports', async () => {
    for (const id of ['99', '0', 'x', '-1', '1e3', '9999999999999999999']) {
      expect((await app.get(`/api/sft/imports/${id}`)).status, id).toBe(404)
      expect((await app.get(`/api/sft/imports/${id}/rejected`)).status, id).toBe(404)
    }
  })
})
