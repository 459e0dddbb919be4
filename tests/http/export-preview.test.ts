/** What the Export page asks: the look before the export, the formats, the ledger, and the refusals. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contract } from '../../src/contract.ts'
import { formats } from '../../src/formats/index.ts'
import { makeRecord, toJsonl, writeRun } from '../support/make-record.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
beforeEach(async () => {
  app = await createTestApp()
})
afterEach(() => app.close())

async function decided(records: object[], count = records.length): Promise<void> {
  await writeRun(join(app.folder, 'run-a/sft_candidates.jsonl'), toJsonl(records))
  await app.post('/api/sft/import', { path: app.folder })
  for (let n = 0; n < count; n++) {
    const body = { action: 'correct', corrected_response: `the right answer ${n}` }
    expect((await app.post('/api/sft/submit', { id: makeRecord(n).id, ...body })).status).toBe(200)
  }
}

const records = (count: number, fields: object = {}) =>
  [...Array(count).keys()].map((n) => makeRecord(n, { ...fields }))
const preview = async (query = '') => {
  const { status, json } = await app.get(`/api/sft/export/preview${query}`)
  expect(status).toBe(200)
  return contract.exportPreview.answer.parse(json)
}
const LATE_SYSTEM = [
  { role: 'user', content: 'a' },
  { role: 'system', content: 'late' },
  { role: 'user', content: 'b' },
]

describe('GET /api/sft/export/preview', () => {
  it.each([...formats.keys()])('shows five lines exactly as the export writes them: %s', async (name) => {
    await decided(records(12, { model_response: 'a wrong answer' }))
    const found = await preview(`?format=${name}`)
    const file = await (await app.request(`/api/sft/export?format=${name}`)).text()
    const lines = file.split(found.as === 'csv' ? '\r\n' : '\n')
    expect(found.sample).toEqual(lines.slice(found.as === 'csv' ? 1 : 0).slice(0, 5))
    expect(found.lines).toBe(lines.length - (found.as === 'csv' ? 2 : 1))
    expect(found).toMatchObject({ found: 12, examples: 12, refused: null, left_out: [] })
    const meant = formats.get(name)?.consumers ?? []
    expect(found.consumers.slice(0, meant.length)).toHaveLength(meant.length)
    for (const consumer of found.consumers.slice(0, meant.length))
      expect(consumer.verdict).not.toBe('refused')
    for (const { code, checked } of found.loading) {
      expect(code).toContain(found.file_name)
      expect(checked).toMatch(/^Checked against the rules of .+\.$/)
    }
  })

  it('counts what is left out, with the reason and the first ids', async () => {
    const own = [
      makeRecord(0),
      makeRecord(1, { prompt_messages: [] }),
      makeRecord(2, { model_response: ' ' }),
    ]
    const elsewhere = makeRecord(3, { status: 'approved', corrected_response: 'elsewhere' })
    await decided([...own, elsewhere], 3)
    const found = await preview('?format=trl-dpo')
    expect(found).toMatchObject({ found: 4, examples: 1, lines: 1 })
    expect(found.left_out.sort((a, b) => a.code.localeCompare(b.code))).toMatchObject([
      { code: 'decided_elsewhere', count: 1, ids: ['record-0003'] },
      { code: 'empty_answer', count: 1, ids: ['record-0002'] },
      { code: 'empty_prompt', count: 1, ids: ['record-0001'] },
    ])
    expect((await preview('?include_imported=true')).examples).toBe(3)
  })

  it('refuses a file that is too short for those whom the format is for, until asked to write it all the same', async () => {
    await decided(records(4))
    const detail = expect.stringContaining('OpenAI: the file has 4 of 10 examples')
    expect((await preview('?format=messages')).refused).toMatchObject({ code: 'invalid_file', detail })
    const refused = await app.get('/api/sft/export?format=messages')
    expect(refused).toMatchObject({ status: 422, json: { code: 'invalid_file', detail } })
    const anyway = await app.request('/api/sft/export?format=messages&skip_invalid=true')
    expect((await anyway.text()).trimEnd().split('\n')).toHaveLength(4)
    expect((await preview('?format=sft')).refused).toBeNull()
    expect((await preview('?format=messages&model_name=nobody')).refused).toBeNull()
    expect((await preview('?format=openai-dpo&conflicts=newest')).refused).toMatchObject({
      code: 'invalid_file',
    })
  })

  it('says what each trainer would say: of lines, of the format, and of their number', async () => {
    await decided([makeRecord(0), makeRecord(1, { prompt_messages: LATE_SYSTEM })])
    const { consumers, refused } = await preview('?format=sft')
    const badges = Object.fromEntries(consumers.map(({ name, verdict }) => [name, verdict]))
    expect(badges).toMatchObject({ 'llama-factory': 'refused', openai: 'refused' })
    expect(refused).toMatchObject({
      code: 'invalid_examples',
      detail: expect.stringContaining('record-0001'),
    })
    const openai = consumers.find(({ name }) => name === 'openai')
    expect(openai?.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['extra_key', 'too_few_lines']),
    )
    const skipping = await preview('?format=sft&skip_invalid=true')
    expect(skipping).toMatchObject({ refused: null, examples: 1, left_out: [{ code: 'invalid', count: 1 }] })
    expect(skipping.consumers.find(({ name }) => name === 'llama-factory')?.verdict).toBe('passes')
  })

  it('names conflicts, and refuses them when asked to', async () => {
    await decided(records(3, { prompt_messages: [{ role: 'user', content: 'The same question.' }] }))
    const found = await preview()
    expect(found.conflicts).toEqual({
      prompts: 1,
      examples: 3,
      first: [['record-0002', 'record-0001', 'record-0000']],
    })
    const trl = found.consumers.find(({ name }) => name === 'trl')
    expect(trl?.findings).toMatchObject([{ code: 'two_answers', severity: 'warning', count: 3 }])
    expect((await preview('?conflicts=refuse')).refused?.code).toBe('conflicting_corrections')
    expect(await preview('?conflicts=newest')).toMatchObject({ examples: 1, left_out: [{ count: 2 }] })
  })

  it('has an answer for nothing', async () => {
    expect(await preview('?run_id=nobody')).toMatchObject({ found: 0, examples: 0, sample: [] })
    expect(await preview('?format=report')).toMatchObject({ found: 0, consumers: [], loading: [] })
  })
})

describe('GET /api/sft/export', () => {
  it('is refused with every reason, and writes nothing, when a trainer would refuse a line', async () => {
    await decided([makeRecord(0), makeRecord(1, { prompt_messages: LATE_SYSTEM })])
    const { status, json } = await app.get('/api/sft/export')
    expect(status).toBe(422)
    expect(json).toMatchObject({ code: 'invalid_examples', reasons: expect.any(Array) })
    expect(json.reasons).toContainEqual(
      expect.objectContaining({ code: 'system_not_first', count: 1, ids: ['record-0001'] }),
    )
    expect((await app.get('/api/sft/exports')).json).toEqual([])
  })

  it.each([
    '?as=csv',
    '?as=other',
    '?conflicts=other',
    '?decided_from=yesterday',
    '?decided_to=2026-13-01',
    '?skip_invalid=perhaps',
  ])('refuses %s', async (query) => {
    expect((await app.get(`/api/sft/export${query}`)).status).toBe(422)
    expect((await app.get(`/api/sft/export/preview${query}`)).status).toBe(422)
  })

  it('names the file and its kind after the container', async () => {
    await decided(records(2))
    const { headers } = await app.request('/api/sft/export?format=report')
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toMatch(/"avocet-report-\d{4}-\d\d-\d\d\.csv"$/)
    const parquet = await app.request('/api/sft/export?as=parquet')
    expect(parquet.headers.get('content-type')).toBe('application/vnd.apache.parquet')
    const bytes = Buffer.from(await parquet.arrayBuffer())
    expect([bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1'])
  })
})

describe('GET /api/sft/exports', () => {
  it('lists what came to its end, newest first, with addresses that make it again', async () => {
    await decided(records(10))
    const query =
      '?format=messages&as=jsonl&model_name=Qwen2.5-3B&failure_category=none&decided_from=2026-04-07'
    const first = await (await app.request(`/api/sft/export${query}`)).text()
    await (await app.request('/api/sft/export?as=parquet&conflicts=newest')).arrayBuffer()
    const broken = await app.request('/api/sft/export')
    await broken.body?.cancel()
    const all = contract.listExports.answer.parse((await app.get('/api/sft/exports')).json)
    expect(all).toMatchObject([
      { format: 'sft', as: 'parquet', query: { conflicts: 'newest' }, examples: 10, file: null },
      {
        ...{ format: 'messages', as: 'jsonl', examples: 10, lines: 10, left_out: 0, reviewer: 'ada' },
        query: { model_name: ['Qwen2.5-3B'], failure_category: ['none'], decided_from: '2026-04-07' },
        bytes: Buffer.byteLength(first),
        sha256: createHash('sha256').update(first).digest('hex'),
        command:
          'avocet export --format messages --as jsonl --model=Qwen2.5-3B --failure-category=none --decided-from=2026-04-07',
      },
    ])
    expect(await (await app.request(all[1]?.address as string)).text()).toBe(first)
    expect((await app.get('/api/sft/exports?limit=1')).json).toHaveLength(1)
  })
})

describe('GET /api/sft/formats', () => {
  it('describes every format with its example and loading code', async () => {
    const all = contract.formats.answer.parse((await app.get('/api/sft/formats')).json)
    expect(all.map(({ name }) => name).sort()).toEqual([...formats.keys()].sort())
    const sft = all.find(({ name }) => name === 'sft')
    expect(JSON.parse(sft?.example ?? '')).toMatchObject({ failure_category: 'wrong_answer' })
    expect(sft?.loading.map(({ consumer }) => consumer)).toEqual(['trl', 'axolotl', 'llama-factory'])
  })
})

describe('GET /api/sft/reviewers', () => {
  it('names who decided what stands now, each once', async () => {
    expect((await app.get('/api/sft/reviewers')).json).toEqual([])
    await decided(records(3), 2)
    const found = await app.get('/api/sft/reviewers')
    expect(contract.listReviewers.answer.parse(found.json)).toEqual(['ada'])
    for (const n of [0, 1]) await app.post('/api/sft/undo', { id: makeRecord(n).id })
    expect((await app.get('/api/sft/reviewers')).json).toEqual([])
  })
})
