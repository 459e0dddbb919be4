/** Candidates that come in and are read again, on SQLite and on PostgreSQL alike. */
import { describe, expect, it } from 'vitest'
import { eachEngine } from '../../tests/support/each-engine.ts'
import { makeRecord } from '../../tests/support/make-record.ts'
import { decide, incoming, insert } from '../../tests/support/store-acts.ts'
import { findCandidate, knownIds } from './candidates.ts'
import {
  type CandidateFilter,
  type CandidateOrder,
  countCandidates,
  listCandidates,
} from './list-candidates.ts'
import { findRunIds, listRuns } from './runs.ts'
import { countUnindexed, indexSome, searchWords } from './search.ts'
import { verifyStore } from './verify.ts'

const IN_ORDER: CandidateOrder = { sort: 'imported', order: 'asc' }

eachEngine((open) => {
  it('imports a record once and recognises the same JSON in another key order', async () => {
    const { store } = await open()
    const record = makeRecord(1)
    const reordered = JSON.stringify(Object.fromEntries(Object.entries(record).reverse()))
    expect(await insert(store, incoming(record))).toEqual(['imported'])
    expect(await insert(store, incoming(record), incoming(record, 'run-a', reordered))).toEqual([
      'duplicate',
      'duplicate',
    ])
  })

  it('keeps the first of two records with one id and other content, within a batch and later', async () => {
    const { store } = await open()
    const second = makeRecord(1, { model_response: 'other' })
    expect(await insert(store, incoming(makeRecord(1)), incoming(second))).toEqual(['imported', 'conflict'])
    expect(await insert(store, incoming(second))).toEqual(['conflict'])
    expect((await findCandidate(store.db, 'record-0001'))?.facts.model_response).toBe('wrong answer 1')
  })

  it('gives back unknown fields, odd characters and the null of a missing correction', async () => {
    const { store } = await open()
    const record = makeRecord(1, {
      tags: ['nightly'],
      model_response: 'a\u0000b\ud800\u2028é',
      task_name: 'nul \u0000',
    })
    await insert(store, incoming(record))
    const item = (await findCandidate(store.db, 'record-0001'))?.item
    expect(item).toMatchObject({
      tags: ['nightly'],
      model_response: record.model_response,
      corrected_response: null,
    })
  })

  it('pages candidates in import order and filters them', async () => {
    const { store } = await open()
    const records = [1, 2, 3, 4, 5].map((n) => makeRecord(n, { task_type: n % 2 ? 'code' : 'math' }))
    await insert(store, ...records.reverse().map((record) => incoming(record)))
    const page = await listCandidates(store, {}, IN_ORDER, { offset: 1, limit: 2 })
    expect(page.map(({ id }) => id)).toEqual(['record-0004', 'record-0003'])
    const code = await listCandidates(store, { task_type: 'code' }, IN_ORDER, { offset: 0, limit: 9 })
    expect(code.map(({ id }) => id)).toEqual(['record-0005', 'record-0003', 'record-0001'])
  })

  it('keeps a record that was decided before, marked as such', async () => {
    const { store } = await open()
    const decided = { status: 'approved', corrected_response: '  x', failure_category: 'hallucination' }
    await insert(
      store,
      incoming(makeRecord(1, decided)),
      incoming(makeRecord(2, { status: 'discarded', corrected_response: 'kept' })),
    )
    expect((await findCandidate(store.db, 'record-0001'))?.item).toMatchObject({
      ...decided,
      decided_elsewhere: true,
    })
    expect((await findCandidate(store.db, 'record-0002'))?.item.corrected_response).toBe('kept')
    expect((await verifyStore(store)).differences).toEqual([])
  })

  it('knows which of many ids are stored', async () => {
    const { store } = await open()
    await insert(store, incoming(makeRecord(1)))
    const ids = [...Array(2500).keys()].map((n) => makeRecord(n).id)
    expect([...(await knownIds(store.db, ids))]).toEqual(['record-0001'])
  })

  it('finds runs by id before it looks for a directory of that name', async () => {
    const { store } = await open()
    await insert(store, incoming(makeRecord(1, { benchmark_run_id: 'run-b' }), 'run-a'))
    await insert(store, incoming(makeRecord(2, { benchmark_run_id: 'run-c' }), 'run-b'))
    await insert(store, incoming(makeRecord(3, { benchmark_run_id: 'run-d' }), 'shared'))
    await insert(store, incoming(makeRecord(4, { benchmark_run_id: 'run-e' }), 'shared'))
    expect(await findRunIds(store.db, 'run-b')).toEqual(['run-b'])
    expect((await findRunIds(store.db, 'shared')).sort()).toEqual(['run-d', 'run-e'])
    expect(await findRunIds(store.db, 'nothing')).toEqual([])
    expect(await listRuns(store.db)).toHaveLength(4)
  })

  it('imports each record once when two processes import the same ones at the same time', async () => {
    const { store, again } = await open()
    const other = await again()
    const batches = [...Array(10).keys()].map((n) => [1, 2, 3, 4].map((m) => incoming(makeRecord(n * 4 + m))))
    const fates = await Promise.all(
      batches.flatMap((batch) => [insert(store, ...batch), insert(other, ...batch)]),
    )
    const counts = Map.groupBy(fates.flat(), (fate) => fate)
    expect(counts.get('imported')).toHaveLength(40)
    expect(counts.get('duplicate')).toHaveLength(40)
    expect((await verifyStore(store)).differences).toEqual([])
  })

  describe('lists', () => {
    async function filled() {
      const { store } = await open()
      const scores = [0.1, 0.39, 0.4, 0.69, 0.7, null]
      const names = ['b', 'a', null, 'a', 'c', 'b']
      const records = scores.map((quality_score, n) => makeRecord(n, { quality_score, model_name: names[n] }))
      await insert(store, ...records.map((record) => incoming(record)))
      await decide(store, 'record-0001', 'd1', 'text', '2026-04-08T00:00:00Z')
      await decide(store, 'record-0004', 'd2', null, '2026-04-07T00:00:00Z')
      return async (
        filter: CandidateFilter,
        sort: CandidateOrder['sort'] = 'imported',
        order: 'asc' | 'desc' = 'asc',
      ) => {
        const rows = await listCandidates(store, filter, { sort, order }, { offset: 0, limit: 50 })
        expect(await countCandidates(store, filter)).toBe(rows.length)
        return rows.map(({ id }) => Number(id.slice(-1)))
      }
    }

    it('filters by every column, and counts what it lists', async () => {
      const list = await filled()
      expect(await list({})).toEqual([0, 1, 2, 3, 4, 5])
      expect(await list({ status: 'needs_review' })).toEqual([0, 2, 3, 5])
      expect(await list({ model_name: 'a' })).toEqual([1, 3])
      expect(await list({ model_name: 'unknown' })).toEqual([2])
      expect(await list({ model_name: 'unknown', score_band: 'fair' })).toEqual([2])
      expect(await list({ failure_category: null })).toEqual([1, 4])
      expect(await list({ failure_category: 'hallucination' })).toEqual([])
      expect(await list({ score_band: 'low' })).toEqual([0, 1])
      expect(await list({ score_band: 'fair' })).toEqual([2, 3])
      expect(await list({ score_band: 'high' })).toEqual([4])
      expect(await list({ score_band: 'none', status: 'needs_review' })).toEqual([5])
    })

    it('sorts both ways, rows without a value last, ties in import order', async () => {
      const list = await filled()
      expect(await list({}, 'imported', 'desc')).toEqual([5, 4, 3, 2, 1, 0])
      expect(await list({}, 'score')).toEqual([0, 1, 2, 3, 4, 5])
      expect(await list({}, 'score', 'desc')).toEqual([4, 3, 2, 1, 0, 5])
      expect(await list({}, 'model')).toEqual([1, 3, 0, 5, 4, 2])
      expect(await list({}, 'decided', 'desc')).toEqual([1, 4, 0, 2, 3, 5])
    })
  })

  describe('search', () => {
    const records = [
      makeRecord(1, { model_response: 'def median(values): return sorted_values[n // two]' }),
      makeRecord(2, { model_response: 'Die Größe des Gebäudes, naïve Schätzung' }),
      makeRecord(3, { model_response: '他差点儿没赶上火车。', failure_reason: 'no such pattern' }),
      makeRecord(4, {
        prompt_messages: [{ role: 'user', content: [{ type: 'text', text: 'describe the picture' }] }],
      }),
      makeRecord(5, {
        model_response: `${'word '.repeat(300_000)} "quoted' OR *`,
        task_name: 'Long \u0000 one',
      }),
    ]

    it.each([
      ['median', [1]],
      ['MEDIAN values', [1]],
      ['medi', [1]],
      ['values median(', [1]],
      ['gebäudes', [2]],
      ['差点', [3]],
      ['火车', [3]],
      ['点差', []],
      ['such pattern', [3]],
      ['picture', [4]],
      ['record 0002', [2]],
      ['grosse naive', []],
      ['gebaudes naive', [2]],
      ['nothing', []],
      ['record-0003', [3]],
      ['" OR NOT * ( ^ : AND', []],
      ["x'; drop table candidates", []],
      ['Long one', [5]],
    ])('finds %s in %j', async (typed, numbers) => {
      const { store } = await open()
      await insert(store, ...records.map((record) => incoming(record)))
      expect(await countUnindexed(store.db)).toBe(5)
      while (await indexSome(store));
      expect(await countUnindexed(store.db)).toBe(0)
      const words = searchWords(typed)
      const rows = await listCandidates(store, { words }, IN_ORDER, { offset: 0, limit: 9 })
      expect(rows.map(({ id }) => Number(id.slice(-1)))).toEqual(numbers)
    })

    it('has no words to look for where none was typed', () => {
      expect(searchWords(' \n.,;*"')).toEqual([])
    })
  })
})
