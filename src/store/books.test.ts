/** What an import adds up over a transaction, and that all of it is there in the end. */
import { expect, it } from 'vitest'
import { eachEngine } from '../../tests/support/each-engine.ts'
import { makeRecord } from '../../tests/support/make-record.ts'
import { incoming, NOW } from '../../tests/support/store-acts.ts'
import { type Books, createBooks } from './books.ts'
import { listCounters } from './counters.ts'
import { packRecords } from './incoming.ts'
import { insertCandidates } from './insert-candidates.ts'
import { type Store, type Writing, write } from './open.ts'
import { verifyStore } from './verify.ts'

const ofRun = (number: number, run: string) => incoming(makeRecord(number, { benchmark_run_id: run }), run)

eachEngine((open) => {
  function taking(store: Store, trx: Writing, books: Books) {
    return (...records: ReturnType<typeof ofRun>[]) =>
      insertCandidates(store, trx, books, packRecords(records, records[0]?.directory ?? ''), NOW)
  }
  const runIds = async (store: Store) =>
    (await store.db.selectFrom('runs').select('run_id').orderBy('run_id').execute()).map((row) => row.run_id)

  it('settles more runs than one statement takes', async () => {
    const { store } = await open()
    await write(store, async (trx) => {
      const books = createBooks()
      const take = taking(store, trx, books)
      for (let n = 0; n < 1250; n++) await take(ofRun(2 * n, `run-${n}`), ofRun(2 * n + 1, `run-${n}`))
      await books.settle(trx)
    })
    const counters = await listCounters(store.db)
    expect(counters).toHaveLength(1250)
    expect(new Set(counters.map(({ n }) => n))).toEqual(new Set([2]))
    expect(await store.db.selectFrom('run_directories').select('run_id').execute()).toHaveLength(1250)
    expect((await verifyStore(store)).differences).toEqual([])
  })

  it('leaves no name of a run of which nothing was kept, until something is', async () => {
    const { store } = await open()
    await write(store, async (trx) => {
      const books = createBooks()
      const take = taking(store, trx, books)
      expect(await take(ofRun(1, 'run-a'))).toEqual(['imported'])
      expect(await take(ofRun(1, 'run-b'))).toEqual(['conflict'])
      await books.settle(trx)
      expect(await trx.selectFrom('runs').select('run_id').execute()).toEqual([{ run_id: 'run-a' }])
      expect(await take(ofRun(2, 'run-b'))).toEqual(['imported'])
      await books.settle(trx)
      await books.settle(trx)
    })
    expect(await runIds(store)).toEqual(['run-a', 'run-b'])
    expect((await verifyStore(store)).differences).toEqual([])
  })
})
