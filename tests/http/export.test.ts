/** The export and the totals over HTTP, each with each of its errors. */
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
      `{"messages":[{"role":"system","content":"Answer with code only."},{"role":"user","content":"Task 1"},{"role":"assistant","content":"one"}],"failure_category":"none"}\n` +
        `{"messages":[{"role":"system","content":"Answer with code only."},{"role":"user","content":"Task 2"},{"role":"assistant","content":" two "}],"failure_category":"wrong_answer"}\n`,
    )
  })

  it.each([
    ['?task_type=math', 1],
    ['?task_type=math&task_type=code', 2],
    ['?model_name=Qwen2.5-3B', 1],
    ['?model_name=unknown', 1],
    ['?model_name=unknown&model_name=Qwen2.5-3B', 2],
    ['?task_type=unknown', 0],
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
