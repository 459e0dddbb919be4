/** Owns the opened store: the engine with its tables brought up to date, and how a write is done. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ControlledTransaction, Kysely, Transaction } from 'kysely'
import { Migrator } from 'kysely/migration'
import { AvocetError } from '../domain/error.ts'
import type { Engine } from './dialect.ts'
import { migrations } from './migrations.ts'
import type { Tables } from './tables.ts'

export type Store = Engine
export type Reading = Kysely<Tables>
export type Writing = Transaction<Tables>
export type OpenTransaction = ControlledTransaction<Tables>

/** Some 15 s. */
const MIGRATION_ATTEMPTS = 35
/** Some 15 s, with the pauses below. */
const MAX_ATTEMPTS = 195
/** Some 0.3 s. */
const SILENT_ATTEMPTS = 40

/** Creates missing tables. Throws `store_unusable` for a file of a newer Avocet, or one that is no database. */
export async function migrated(engine: Engine): Promise<Store> {
  for (let attempt = 1; ; attempt++) {
    const migrator = new Migrator({
      db: engine.db,
      provider: { getMigrations: async () => migrations(engine.columns) },
    })
    const { error } = await engine.remaking(() => migrator.migrateToLatest())
    if (!error) return engine
    if (/missing/.test(String((error as Error).message))) {
      throw new AvocetError(
        'store_unusable',
        'This database was written by a newer Avocet. Update Avocet first.',
      )
    }
    // Two processes may create one file at the same moment, on a disk that has much else to do.
    if (attempt === MIGRATION_ATTEMPTS || engine.troubleOf(error) !== 'try_again')
      throw storeError(engine, error)
    await sleep(Math.min(50 * attempt, 500))
  }
}

/**
 * One transaction, repeated while another writer is in the way: the event loop waits for nobody.
 * Throws `store_busy`, `store_full` or `store_unusable`; nothing was written then.
 */
export function write<T>(store: Store, work: (trx: Writing) => Promise<T>): Promise<T> {
  return patiently(store, () => store.db.transaction().execute(work))
}

/** A transaction that the caller ends; until then nobody else writes to the same file. Throws as `write` does. */
export function begin(store: Store): Promise<OpenTransaction> {
  return patiently(store, () => store.db.startTransaction().execute())
}

async function patiently<T>(store: Store, attempt: () => Promise<T>): Promise<T> {
  checkThere(store)
  let beSilent = () => {}
  try {
    for (let attempts = 1; ; attempts++) {
      try {
        return await attempt()
      } catch (error) {
        if (error instanceof AvocetError) throw error
        if (attempts === MAX_ATTEMPTS || store.troubleOf(error) !== 'try_again')
          throw storeError(store, error)
        // A short transaction is over by now: an import with a large one makes room for whoever is waited for.
        if (attempts === SILENT_ATTEMPTS) beSilent = store.beServed()
        await sleep(pauseAfter(attempts))
      }
    }
  } finally {
    beSilent()
  }
}

/** In ms. Whoever writes is through in some 10 ms, nearly always; the random part keeps two from meeting again and again. */
function pauseAfter(attempts: number): number {
  return Math.min(Math.max(2, attempts - 20), 150) * (0.5 + Math.random())
}

/** Everything `read` yields is of one moment, whatever is written meanwhile. */
export async function* snapshot<T>(store: Store, read: (db: Reading) => AsyncIterable<T>): AsyncGenerator<T> {
  const reader = await store.reader()
  try {
    const moment = await reader.db.startTransaction().setIsolationLevel('repeatable read').execute()
    try {
      yield* read(moment)
    } finally {
      await moment.rollback().execute()
    }
  } finally {
    await reader.close()
  }
}

/** One answer that looks at a great deal of the store: by a connection of its own, whose memory goes with it. */
export async function glance<T>(store: Store, query: (db: Reading) => Promise<T>): Promise<T> {
  const reader = await store.reader()
  try {
    return await query(reader.db)
  } finally {
    await reader.close()
  }
}

/** Throws `store_unusable` when the file is not there any more. */
export function checkThere(store: Store): void {
  if (store.isThere()) return
  throw new AvocetError(
    'store_unusable',
    `${store.name} was removed or replaced. Nothing was saved; start Avocet again.`,
  )
}

const TROUBLE_WORDS = {
  try_again: 'The database is busy with another writer. This was not saved; try again.',
  store_full: 'The disk is full. This was not saved; make room and try again.',
  store_unusable: 'cannot be used as a database',
} as const

/** The same error in words when the engine is in trouble; any other error as it is. */
export function storeError(store: Store, error: unknown): unknown {
  const trouble = store.troubleOf(error)
  if (trouble === null) return error
  if (trouble === 'store_unusable') {
    return new AvocetError(trouble, `${store.name} ${TROUBLE_WORDS[trouble]}: ${(error as Error).message}.`)
  }
  return new AvocetError(trouble === 'try_again' ? 'store_busy' : trouble, TROUBLE_WORDS[trouble])
}
