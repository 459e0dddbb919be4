/** Owns what this browser keeps by itself: a change made together is kept together, and is on its way to the disk at once. */
import { ref } from 'vue'
import { afterPaint } from '../ui/after-paint.ts'
import type { HistoryRow } from './history.ts'
import type { Errand } from './messenger.ts'
import type { UnsavedText } from './unsaved.ts'

/** `key` is its name in the browser, `tab` whose it is, `at` its place in the order. */
type Kept = { key: string; tab: string; at: number }
type Rows = { errands: Errand; drafts: UnsavedText; history: HistoryRow }
type Kind = keyof Rows
type Change = { kind: Kind; key: string; row: Kept | null }
export type LocalStore = ReturnType<typeof openLocalStore>

const NAME = 'avocet'
const KINDS: Kind[] = ['errands', 'drafts', 'history']
/** A browser that does not answer must not keep anybody from the first card. */
const PATIENCE_MS = 3000

export function openLocalStore() {
  /** False where the browser keeps nothing: then all of it lives in the tab alone. */
  const isLasting = ref(true)
  let db: IDBDatabase | null = null
  let changes = new Map<string, Change>()
  let last = 0
  const ready = open()

  async function open(): Promise<void> {
    try {
      const request = indexedDB.open(NAME, 1)
      request.onupgradeneeded = () => {
        for (const kind of KINDS) request.result.createObjectStore(kind, { keyPath: 'key' })
      }
      db = await inTime(answerOf(request))
      db.onversionchange = close
      db.onclose = fail
    } catch {
      fail()
    }
  }

  function put<K extends Kind>(kind: K, row: Rows[K]): void {
    change({ kind, key: row.key, row })
  }

  function remove(kind: Kind, key: string): void {
    change({ kind, key, row: null })
  }

  /** All changes up to the next frame are one transaction. */
  function change(made: Change): void {
    if (changes.size === 0) afterPaint(commit)
    changes.set(`${made.kind} ${made.key}`, made)
  }

  function commit(): void {
    const made = [...changes.values()]
    changes = new Map()
    if (!db || made.length === 0) return
    try {
      const kinds = [...new Set(made.map(({ kind }) => kind))]
      // What was decided is on the disk itself; what is typed is safe from the browser's end, not from the machine's.
      const durability = kinds.includes('errands') ? 'strict' : 'relaxed'
      const transaction = db.transaction(kinds, 'readwrite', { durability })
      transaction.onabort = fail
      for (const { kind, key, row } of made) {
        const store = transaction.objectStore(kind)
        if (row) store.put(row)
        else store.delete(key)
      }
      transaction.commit()
    } catch {
      fail()
    }
  }

  async function all<K extends Kind>(kind: K): Promise<Rows[K][]> {
    return (await taken(kind, () => false, '')).all
  }

  /** Gives what other tabs left behind to this one, in its order, and to no other tab at the same time. */
  async function claim<K extends Kind>(
    kind: K,
    isFree: (tab: string) => boolean,
    tab: string,
  ): Promise<Rows[K][]> {
    return (await taken(kind, isFree, tab)).free
  }

  async function taken<K extends Kind>(kind: K, isFree: (tab: string) => boolean, tab: string) {
    const none: { all: Rows[K][]; free: Rows[K][] } = { all: [], free: [] }
    if (!db) return none
    try {
      const store = db.transaction(kind, 'readwrite').objectStore(kind)
      const found: Rows[K][] = await inTime(answerOf(store.getAll()))
      const sorted = found.sort((one, other) => one.at - other.at)
      const free = sorted.filter((row) => isFree(row.tab)).map((row) => ({ ...row, tab }))
      for (const row of free) store.put(row)
      last = Math.max(last, sorted.at(-1)?.at ?? 0)
      return { all: sorted, free }
    } catch {
      fail()
      return none
    }
  }

  /** Later than all that was kept before, whatever the clock says. */
  function next(): number {
    last = Math.max(last + 1, Date.now())
    return last
  }

  /** From here on the tab keeps all by itself. */
  function fail(): void {
    isLasting.value = false
    db?.close()
    db = null
  }

  function close(): void {
    commit()
    db?.close()
    db = null
  }

  return { isLasting, ready, put, remove, all, claim, next, fail, close }
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function inTime<T>(answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<T>()
  const timer = window.setTimeout(() => reject(new Error('The browser does not answer.')), PATIENCE_MS)
  return Promise.race([answer, promise]).finally(() => window.clearTimeout(timer))
}
