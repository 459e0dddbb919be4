/** Candidates that come in and are read again, on SQLite and on PostgreSQL alike. */
import { expect, it } from 'vitest'
import { eachEngine } from '../../tests/support/each-engine.ts'
import { makeRecord } from '../../tests/support/make-record.ts'
import { incoming, insert } from '../../tests/support/store-acts.ts'
import { findCandidate, knownIds, listQueue } from './candidates.ts'
import { findRunIds, listRuns } from './runs.ts'
import { verifyStore } from './verify.ts'

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

  it('pages the queue in import order and filters it', async () => {
    const { store } = await open()
    const records = [1, 2, 3, 4, 5].map((n) => makeRecord(n, { task_type: n % 2 ? 'code' : 'math' }))
    await insert(store, ...records.reverse().map((record) => incoming(record)))
    const page = await listQueue(store.db, {}, { offset: 1, limit: 2 })
    expect(page.map(({ item }) => item.id)).toEqual(['record-0004', 'record-0003'])
    const code = await listQueue(store.db, { task_type: 'code' }, { offset: 0, limit: 9 })
    expect(code.map(({ item }) => item.id)).toEqual(['record-0005', 'record-0003', 'record-0001'])
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
})
