/** Owns how the steps of an import become transactions: large ones when nobody waits, short ones with pauses beside a server. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Books, createBooks } from '../store/books.ts'
import {
  begin,
  type OpenTransaction,
  type Reading,
  type Store,
  storeError,
  type Writing,
  write,
} from '../store/open.ts'

/** A value that steps replace; when a transaction is repeated, it has what it had before. */
export type Cell<T> = { value: T }
/** The books are settled before the transaction ends. */
export type Step = (trx: Writing, books: Books) => Promise<void>

export type Transactions = {
  /** Does the step, now or with the next ones; `bytes`: about what it writes. True when it will not be done again. */
  add<T>(cell: Cell<T>, bytes: number, step: Step): Promise<boolean>
  /** What the steps so far have written, too. */
  read<T>(query: (db: Reading) => Promise<T>): Promise<T>
  /** For a moment in which there is nothing else to do: brings to the disk what is worth it. */
  settle(): Promise<void>
  /** Returns when everything is on the disk. */
  flush(): Promise<void>
  /** Undoes what is not. */
  drop(): Promise<void>
  /** Behind the last flush or drop. */
  end(): void
}

const LARGE_BYTES = 256 * 1024 * 1024
/** Takes the disk some 20 ms; reading goes on meanwhile. */
const SETTLED_BYTES = 32 * 1024 * 1024
/** A batch of a large file alone, some 15 ms; of small files several together. */
const SHORT_BYTES = 512 * 1024
const SHORT_STEPS = 100
/** In ms: longer than the longest wait of somebody who tries again. */
const MAX_PAUSE = 50
/** How many short transactions to do before looking again whether the server is still there. */
const LOOK_AGAIN_AFTER = 200

type Manner = Omit<Transactions, 'end'>

/** `mayBeLarge` allows large ones as long as no server works with the store; see `Store.isServed`. */
export function createTransactions(store: Store, mayBeLarge: boolean): Transactions {
  const short = shortTransactions(store)
  const large = largeTransactions(store)
  let current = short
  let endBulk = () => {}
  let untilLook = 0

  /** Looks up before every step of a large one, because whoever comes would wait until its end. */
  async function choose(): Promise<void> {
    if (!mayBeLarge || untilLook-- > 0) return
    const wanted = store.isServed() ? short : large
    untilLook = wanted === short ? LOOK_AGAIN_AFTER : 0
    if (wanted === current) return
    await current.flush()
    endBulk()
    endBulk = wanted === large ? store.writeInBulk() : () => {}
    current = wanted
  }

  return {
    async add(cell, bytes, step) {
      await choose()
      return current.add(cell, bytes, step)
    },
    read: (query) => current.read(query),
    settle: () => current.settle(),
    flush: () => current.flush(),
    drop: () => current.drop(),
    end: () => endBulk(),
  }
}

/** Each step is done at once, in a transaction that stays open: reading goes on meanwhile in its own thread. */
function largeTransactions(store: Store): Manner {
  let open: { trx: OpenTransaction; books: Books } | null = null
  let written = 0

  /** What fails undoes all of it. */
  async function within<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      await drop()
      throw storeError(store, error)
    }
  }

  async function flush(): Promise<void> {
    const ending = open
    if (!ending) return
    await within(async () => {
      await ending.books.settle(ending.trx)
      await ending.trx.commit().execute()
    })
    open = null
    written = 0
  }

  async function drop(): Promise<void> {
    const trx = open?.trx
    open = null
    written = 0
    // A full disk has rolled it back already.
    await trx
      ?.rollback()
      .execute()
      .catch(() => {})
  }

  return {
    async add(_, bytes, step) {
      open ??= { trx: await begin(store), books: createBooks() }
      const { trx, books } = open
      await within(() => step(trx, books))
      written += bytes
      if (written >= LARGE_BYTES) await flush()
      return true
    },
    async read(query) {
      if (!open) return query(store.db)
      const { trx, books } = open
      await within(() => books.settle(trx))
      return query(trx)
    },
    settle: async () => {
      if (written >= SETTLED_BYTES) await flush()
    },
    flush,
    drop,
  }
}

/** Steps are collected while nothing is locked, and done together. */
function shortTransactions(store: Store): Manner {
  let steps: Step[] = []
  let before = new Map<Cell<unknown>, unknown>()
  let collected = 0

  async function attempt(trx: Writing): Promise<void> {
    for (const [cell, value] of before) cell.value = value
    const books = createBooks()
    for (const step of steps) await step(trx, books)
    await books.settle(trx)
  }

  async function flush(): Promise<void> {
    if (steps.length === 0) return
    const start = performance.now()
    await write(store, attempt)
    const took = performance.now() - start
    clear()
    // Who writes to the same file meanwhile needs as much time for it as we took.
    if (!store.locksRows) await sleep(Math.min(took, MAX_PAUSE))
  }

  function clear(): void {
    steps = []
    before = new Map()
    collected = 0
  }

  return {
    async add(cell, bytes, step) {
      if (!before.has(cell)) before.set(cell, cell.value)
      steps.push(step)
      collected += bytes
      if (collected >= SHORT_BYTES || steps.length >= SHORT_STEPS) await flush()
      return steps.length === 0
    },
    async read(query) {
      await flush()
      return query(store.db)
    },
    settle: async () => {},
    flush,
    drop: async () => clear(),
  }
}
