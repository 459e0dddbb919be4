/** The queue and decisions over HTTP, each with each of its errors. */
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contract } from '../../src/contract.ts'
import { makeRecord, toJsonl, writeRun } from '../support/make-record.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

const ID = 'record-0001'
let app: TestApp

beforeEach(async () => {
  app = await createTestApp()
  const records = [1, 2, 3].map((n) => makeRecord(n, { task_type: n === 3 ? 'math' : 'code' }))
  const elsewhere = makeRecord(4, { status: 'approved', corrected_response: 'done elsewhere' })
  await writeRun(join(app.folder, 'run-a/sft_candidates.jsonl'), toJsonl([...records, elsewhere]))
  await app.post('/api/sft/import', { path: app.folder })
})

afterEach(() => app.close())

const submit = (body: Record<string, unknown>) => app.post('/api/sft/submit', { id: ID, ...body })
const undo = (body: Record<string, unknown> = {}) => app.post('/api/sft/undo', { id: ID, ...body })
const card = async () => (await app.get(`/api/sft/candidates/${ID}`)).json

describe('GET /api/sft/queue', () => {
  it('gives what needs review in import order, in the shape of the contract', async () => {
    const { status, json } = await app.get('/api/sft/queue')
    expect(status).toBe(200)
    expect(contract.queue.answer.parse(json)).toEqual(json)
    expect(json).toMatchObject({ total: 3, page: 1, per_page: 20 })
    expect(json.items.map((item: { id: string }) => item.id)).toEqual([
      'record-0001',
      'record-0002',
      'record-0003',
    ])
    expect(json.items[0]).toHaveProperty('corrected_response', null)
  })

  it('pages and filters', async () => {
    expect((await app.get('/api/sft/queue?page=2&per_page=2')).json).toMatchObject({
      total: 3,
      items: [{ id: 'record-0003' }],
    })
    expect((await app.get('/api/sft/queue?task_type=math')).json).toMatchObject({
      total: 1,
      items: [{ id: 'record-0003' }],
    })
    expect((await app.get('/api/sft/queue?run_id=run-a&model_name=Qwen2.5-3B')).json.total).toBe(3)
    expect((await app.get('/api/sft/queue?run_id=nothing')).json).toMatchObject({ total: 0, items: [] })
    expect((await app.get('/api/sft/queue?page=99')).json).toMatchObject({ total: 3, items: [] })
  })

  it('goes on behind a card, while the total counts all', async () => {
    const ids = async (query: string) => {
      const { json } = await app.get(`/api/sft/queue?${query}`)
      return [json.total, ...json.items.map((item: { id: string }) => item.id)]
    }
    expect(await ids('after=record-0001&per_page=1')).toEqual([3, 'record-0002'])
    expect(await ids('after=record-0003')).toEqual([3])
    await submit({ action: 'discard' })
    expect(await ids('after=record-0001')).toEqual([2, 'record-0002', 'record-0003'])
    expect((await app.get('/api/sft/queue?after=nobody')).status).toBe(404)
  })

  it.each(['page=0', 'page=-1', 'page=x', 'per_page=0', 'per_page=201', 'page=1.5'])(
    'refuses ?%s',
    async (query) => {
      expect(await app.get(`/api/sft/queue?${query}`)).toMatchObject({
        status: 422,
        json: { code: 'invalid_request' },
      })
    },
  )

  it('brings the draft of a card along', async () => {
    await app.put(`/api/sft/drafts/${ID}`, { text: 'half a sen', failure_category: 'wrong_answer' })
    expect((await app.get('/api/sft/queue')).json.items[0].draft).toMatchObject({
      text: 'half a sen',
      failure_category: 'wrong_answer',
    })
  })
})

describe('POST /api/sft/submit', () => {
  it('stores a correction exactly as typed and takes the card out of the queue', async () => {
    const text = '    def f():\n\treturn "é\u2028"  \n\n'
    const { status, json } = await submit({
      action: 'correct',
      corrected_response: text,
      failure_category: 'wrong_answer',
    })
    expect(status).toBe(200)
    expect(contract.submit.answer.parse(json)).toMatchObject({ ok: true, status: 'approved', version: 1 })
    expect((await card()).candidate).toMatchObject({
      corrected_response: text,
      failure_category: 'wrong_answer',
      status: 'approved',
    })
    expect((await app.get('/api/sft/queue')).json.total).toBe(2)
  })

  it.each([
    ['discard', 'discarded'],
    ['flag', 'model_rejected'],
  ])('%s leads to %s, with its category', async (action, status) => {
    expect((await submit({ action, failure_category: 'hallucination' })).json).toMatchObject({
      ok: true,
      status,
    })
    expect((await card()).candidate).toMatchObject({
      status,
      corrected_response: null,
      failure_category: 'hallucination',
    })
  })

  it('takes a category that is null or left out', async () => {
    expect((await submit({ action: 'discard', failure_category: null })).status).toBe(200)
    expect((await app.post('/api/sft/submit', { id: 'record-0002', action: 'flag' })).status).toBe(200)
    expect((await card()).candidate.failure_category).toBeNull()
  })

  it.each([
    ['another category', { action: 'discard', failure_category: 'other' }, 'invalid_request'],
    ['an empty category', { action: 'discard', failure_category: '' }, 'invalid_request'],
    ['another action', { action: 'approve' }, 'invalid_request'],
    ['a missing action', {}, 'invalid_request'],
    ['a version that is no number', { action: 'discard', version: 'x' }, 'invalid_request'],
    ['no text', { action: 'correct' }, 'correction_blank'],
    ['null as text', { action: 'correct', corrected_response: null }, 'correction_blank'],
    ['empty text', { action: 'correct', corrected_response: '' }, 'correction_blank'],
    [
      'white space as text',
      { action: 'correct', corrected_response: ' \n\t\u00a0\u3000' },
      'correction_blank',
    ],
    ['a lone surrogate', { action: 'correct', corrected_response: 'a\ud83d' }, 'correction_unreadable'],
    ['a NUL', { action: 'correct', corrected_response: 'a\u0000' }, 'correction_unreadable'],
    ['a number as text', { action: 'correct', corrected_response: 42 }, 'invalid_request'],
  ])('refuses %s and changes nothing', async (_, body, code) => {
    expect(await submit(body)).toMatchObject({ status: 422, json: { status: 422, code } })
    expect((await card()).candidate).toMatchObject({ status: 'needs_review', version: 0 })
  })

  it('keeps how long it took and what the text began from', async () => {
    const how = { active_seconds: 12.5, began_from: 'answer' }
    await submit({ action: 'correct', corrected_response: 'x', ...how })
    expect((await card()).history[0]).toMatchObject(how)
    for (const wrong of [{ active_seconds: -1 }, { active_seconds: 'x' }, { began_from: 'memory' }]) {
      expect((await submit({ action: 'discard', ...wrong })).status).toBe(422)
    }
  })

  it('does not know an unknown id', async () => {
    expect(await app.post('/api/sft/submit', { id: 'nobody', action: 'discard' })).toMatchObject({
      status: 404,
      json: { code: 'not_found' },
    })
  })

  it('gives the same answer to the same decision_id and acts once', async () => {
    const body = { action: 'correct', corrected_response: 'x', decision_id: 'd1', version: 0 }
    const first = await submit(body)
    await undo()
    expect(await submit(body)).toEqual(first)
    expect((await card()).candidate).toMatchObject({ status: 'needs_review', version: 2 })
    expect((await card()).history).toHaveLength(2)
  })

  it.each([
    ['another text', { action: 'correct', corrected_response: 'y' }],
    ['another action', { action: 'discard' }],
    ['another card', { id: 'record-0002', action: 'correct', corrected_response: 'x' }],
    ['an unknown card', { id: 'nobody', action: 'correct', corrected_response: 'x' }],
    ['another category', { action: 'correct', corrected_response: 'x', failure_category: 'wrong_answer' }],
  ])('refuses the same decision_id for %s', async (_, body) => {
    await submit({ action: 'correct', corrected_response: 'x', decision_id: 'd1' })
    expect(await submit({ ...body, decision_id: 'd1' })).toMatchObject({
      status: 422,
      json: { code: 'decision_id_reused' },
    })
  })

  it('refuses a decided card with the card as it is now, and keeps the text as a draft', async () => {
    await submit({ action: 'discard' })
    const late = await submit({
      action: 'correct',
      corrected_response: 'too late',
      failure_category: 'wrong_answer',
    })
    expect(late).toMatchObject({
      status: 409,
      json: {
        code: 'not_in_review',
        candidate: { id: ID, status: 'discarded' },
        decision: { action: 'discard', reviewer: 'ada', decided_at: expect.stringMatching(/^2026-/) },
      },
    })
    expect((await card()).draft).toMatchObject({ text: 'too late', failure_category: 'wrong_answer' })
  })

  it('refuses a stale version and keeps both texts', async () => {
    await app.put(`/api/sft/drafts/${ID}`, { text: 'mine' })
    const late = await submit({ action: 'correct', corrected_response: 'theirs', version: 3 })
    expect(late).toMatchObject({ status: 409, json: { code: 'stale_version', candidate: { version: 0 } } })
    const texts = await app.store.db.selectFrom('drafts').select('text').execute()
    expect(texts.map(({ text }) => text).sort()).toEqual(['mine', 'theirs'])
  })

  it('lets one of many simultaneous submits win and keeps the text of the losers', async () => {
    const answers = await Promise.all(
      [...Array(20).keys()].map((n) =>
        submit({ action: 'correct', corrected_response: `text ${n}`, version: 0 }),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19)
    expect(await app.store.db.selectFrom('drafts').selectAll().execute()).toHaveLength(19)
  })

  it('refuses a card that was decided before its import', async () => {
    const body = { id: 'record-0004', action: 'discard' }
    expect(await app.post('/api/sft/submit', body)).toMatchObject({
      status: 409,
      json: { code: 'decided_elsewhere' },
    })
    expect(await app.post('/api/sft/undo', { id: 'record-0004' })).toMatchObject({
      status: 409,
      json: { code: 'decided_elsewhere' },
    })
  })
})
