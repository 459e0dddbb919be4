/** When the steps of an import reach the disk, seen from another connection. */
import { expect, it } from 'vitest'
import { onSqlite } from '../../tests/support/each-engine.ts'
import { beginImportFile, emptyLedger } from '../store/imports.ts'
import type { Store } from '../store/open.ts'
import { createTransactions, type Step } from './import-transactions.ts'

const MB = 1024 * 1024
const nothing = { value: null }

onSqlite((open) => {
  /** One that leaves a row, and a ledger that is settled with the books. */
  const step =
    (lines: number): Step =>
    async (trx, books) => {
      const seq = await beginImportFile(trx, 1, { path: `file-${lines}`, directory: '', reader: '' })
      const ledger = emptyLedger()
      books.keepLedger(seq, { ...ledger, counts: { ...ledger.counts, lines } })
    }
  const linesIn = async (store: Store) =>
    (await store.db.selectFrom('import_files').select('lines').orderBy('seq').execute()).map(
      ({ lines }) => lines,
    )

  async function begun(mayBeLarge: boolean) {
    const { store, again } = await open()
    const now = '2026-04-07T12:00:00.000Z'
    await store.db
      .insertInto('imports')
      .values({ source: 's', reviewer: 'ada', started_at: now, state: 'running', ignored: '[]' })
      .execute()
    return { store, again, transactions: createTransactions(store, mayBeLarge) }
  }

  it('a large one is brought to the disk when there is time for it and it is worth it', async () => {
    const { store, again, transactions } = await begun(true)
    await transactions.add(nothing, MB, step(1))
    await transactions.settle()
    expect(
      await transactions.read(
        async (db) => (await db.selectFrom('import_files').selectAll().execute()).length,
      ),
    ).toBe(1)
    await transactions.add(nothing, 40 * MB, step(2))
    await transactions.settle()
    await transactions.add(nothing, MB, step(3))
    await transactions.drop()
    transactions.end()
    expect(await linesIn(await again())).toEqual([1, 2])
    expect(await linesIn(store)).toEqual([1, 2])
  })

  it('a large one makes room for another import that waits', async () => {
    const { store, again, transactions: one } = await begun(true)
    const other = createTransactions(await again(), true)
    await one.add(nothing, MB, step(1))
    const waiting = other.add(nothing, MB, step(2))
    await expect.poll(() => store.isServed()).toBe(true)
    await one.add(nothing, MB, step(3))
    await waiting
    expect(store.isServed()).toBe(false)
    await other.flush()
    await one.flush()
    for (const each of [one, other]) each.end()
    expect((await linesIn(store)).toSorted()).toEqual([1, 2, 3])
  })

  it('what a query reads in between has its books settled', async () => {
    const { transactions } = await begun(true)
    await transactions.add(nothing, MB, step(7))
    const lines = await transactions.read((db) => db.selectFrom('import_files').select('lines').execute())
    expect(lines).toEqual([{ lines: 7 }])
    await transactions.flush()
    transactions.end()
  })

  it('a step that fails undoes what is not on the disk, and the next one begins anew', async () => {
    const { store, transactions } = await begun(true)
    await transactions.add(nothing, MB, step(1))
    await transactions.flush()
    await transactions.add(nothing, MB, step(2))
    const failing = transactions.add(nothing, MB, async () => {
      throw new Error('on purpose')
    })
    await expect(failing).rejects.toThrow('on purpose')
    await transactions.add(nothing, MB, step(3))
    await transactions.flush()
    transactions.end()
    expect(await linesIn(store)).toEqual([1, 3])
  })

  it.each([
    ['a large one', true, true],
    ['a short one that waits for more', false, false],
  ])('%s says whether its bytes are needed any longer', async (_, mayBeLarge, isDone) => {
    const { transactions } = await begun(mayBeLarge)
    expect(await transactions.add(nothing, MB / 4, step(1))).toBe(isDone)
    expect(await transactions.add(nothing, MB, step(2))).toBe(true)
    await transactions.flush()
    transactions.end()
  })
})
