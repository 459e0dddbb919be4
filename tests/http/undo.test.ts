/** Undo, drafts and cards over HTTP, each with each of its errors. */
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

describe('POST /api/sft/undo', () => {
  it('puts the card back, and its text and category into the draft', async () => {
    await submit({ action: 'correct', corrected_response: '  text', failure_category: 'partial_answer' })
    const { status, json } = await undo()
    expect(status).toBe(200)
    expect(contract.undo.answer.parse(json)).toMatchObject({
      ...{ status: 'needs_review', version: 2 },
      draft: { text: '  text', failure_category: 'partial_answer' },
    })
    const now = await card()
    expect(now.candidate).toMatchObject({
      status: 'needs_review',
      corrected_response: null,
      failure_category: null,
    })
    expect(now.draft).toMatchObject({ text: '  text', failure_category: 'partial_answer' })
    expect(now.history.map((row: { action: string }) => row.action)).toEqual(['correct', 'undo'])
    expect((await app.get('/api/sft/queue')).json.items[0].id).toBe(ID)
  })

  it('keeps the category of a discard, and what was typed before it', async () => {
    await app.put(`/api/sft/drafts/${ID}`, { text: 'typed' })
    await submit({ action: 'discard', failure_category: 'hallucination' })
    expect((await undo()).json.draft).toMatchObject({ text: 'typed', failure_category: 'hallucination' })
  })

  it('has no draft for a flag without text or category', async () => {
    await submit({ action: 'flag' })
    expect((await undo()).json.draft).toBeNull()
  })

  it('acts once for one decision_id, with the same answer', async () => {
    await submit({ action: 'correct', corrected_response: 'x' })
    const first = await undo({ decision_id: 'u1' })
    expect(await undo({ decision_id: 'u1' })).toEqual(first)
    expect((await card()).candidate.version).toBe(2)
  })

  it('refuses when there is nothing to undo, when the version is stale, and for unknown cards', async () => {
    expect(await undo()).toMatchObject({
      status: 409,
      json: { code: 'nothing_to_undo', candidate: { id: ID }, decision: null },
    })
    await submit({ action: 'discard' })
    expect(await undo({ version: 0 })).toMatchObject({ status: 409, json: { code: 'stale_version' } })
    expect((await app.post('/api/sft/undo', { id: 'nobody' })).status).toBe(404)
    expect((await app.post('/api/sft/undo', {})).status).toBe(422)
  })

  it('goes back and forth without limit', async () => {
    for (let n = 0; n < 5; n++) {
      await submit({ action: 'correct', corrected_response: `text ${n}`, version: 2 * n })
      await undo({ version: 2 * n + 1 })
    }
    expect((await card()).draft.text).toBe('text 4')
    expect((await card()).history).toHaveLength(10)
  })
})

describe('drafts and cards', () => {
  it('keeps a draft exactly, also an empty one, and counts its revisions', async () => {
    expect(await app.put(`/api/sft/drafts/${ID}`, { text: '  a\n' })).toMatchObject({
      status: 200,
      json: { revision: 1 },
    })
    expect((await card()).draft.text).toBe('  a\n')
    expect((await app.put(`/api/sft/drafts/${ID}`, { text: '' })).json.revision).toBe(2)
    expect((await card()).draft.text).toBe('')
  })

  it('refuses a draft that builds on another revision, with the draft in its way, and keeps both', async () => {
    await app.put(`/api/sft/drafts/${ID}`, { text: 'theirs', base_revision: 0, writer: 'tab-1' })
    const late = await app.put(`/api/sft/drafts/${ID}`, { text: 'mine', base_revision: 0, writer: 'tab-2' })
    expect(late).toMatchObject({
      status: 409,
      json: { code: 'stale_draft', draft: { text: 'theirs', revision: 1, reviewer: 'ada' } },
    })
    expect(await card()).toMatchObject({ draft: { text: 'theirs' }, earlier_drafts: [{ text: 'mine' }] })
    const chosen = { text: 'mine', base_revision: 1, writer: 'tab-2', began_from: 'answer' }
    expect((await app.put(`/api/sft/drafts/${ID}`, chosen)).json.revision).toBe(2)
    expect(await card()).toMatchObject({
      draft: { text: 'mine', began_from: 'answer' },
      earlier_drafts: [{ text: 'theirs' }],
    })
  })

  it('takes the same draft again, and what the same tab types on, whatever revision they name', async () => {
    const draft = { text: 'half a', base_revision: 0, writer: 'tab-1' }
    await app.put(`/api/sft/drafts/${ID}`, draft)
    expect(await app.put(`/api/sft/drafts/${ID}`, draft)).toMatchObject({
      status: 200,
      json: { revision: 1 },
    })
    const more = await app.put(`/api/sft/drafts/${ID}`, { ...draft, text: 'half a sentence' })
    expect(more).toMatchObject({ status: 200, json: { revision: 2 } })
    expect((await card()).earlier_drafts).toEqual([])
  })

  it('uses the draft up with the correction', async () => {
    await app.put(`/api/sft/drafts/${ID}`, { text: 'almost' })
    await submit({ action: 'correct', corrected_response: 'done' })
    expect(await card()).toMatchObject({ draft: null, earlier_drafts: [{ text: 'almost' }] })
  })

  it('refuses drafts that no file can hold, of unknown cards, and of the wrong shape', async () => {
    expect((await app.put(`/api/sft/drafts/${ID}`, { text: '\ud800' })).status).toBe(422)
    expect((await app.put('/api/sft/drafts/nobody', { text: 'x' })).status).toBe(404)
    expect((await app.put(`/api/sft/drafts/${ID}`, { failure_category: null })).status).toBe(422)
    expect((await app.put(`/api/sft/drafts/${ID}`, { text: 'x', failure_category: 'other' })).status).toBe(
      422,
    )
  })

  it('shows a card with who decided what and when, in the shape of the contract', async () => {
    await submit({ action: 'discard' })
    const { status, json } = await app.get(`/api/sft/candidates/${ID}`)
    expect(status).toBe(200)
    expect(contract.candidate.answer.parse(json)).toEqual(json)
    expect(json.history[0]).toMatchObject({
      ...{ action: 'discard', reviewer: 'ada', version: 1 },
      ...{ active_seconds: null, began_from: null },
    })
    expect(json.history[0].decided_at).toMatch(/^2026-04-07T12:/)
  })

  it('finds ids that need encoding, and does not know others', async () => {
    const odd = 'a/b %2f?#"é'
    await writeRun(join(app.folder, 'run-b/sft_candidates.jsonl'), toJsonl([{ ...makeRecord(9), id: odd }]))
    await app.post('/api/sft/import', { path: join(app.folder, 'run-b') })
    expect((await app.get(`/api/sft/candidates/${encodeURIComponent(odd)}`)).json.candidate.id).toBe(odd)
    expect((await app.get('/api/sft/candidates/nobody')).status).toBe(404)
  })
})
