/** Owns opening a database file of SQLite: only ours, only where it can keep what it is told. */
import { DatabaseSync } from 'node:sqlite'
import { AvocetError } from '../domain/error.ts'
import { BUSY_TIMEOUT } from './node-sqlite.ts'

/** The first version without the WAL-reset bug, see https://sqlite.org/wal.html#walresetbug */
const OLDEST_SQLITE = [3, 51, 3] as const

/** https://sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5

export function openDatabase(path: string): DatabaseSync {
  // From the first question on: somebody may be making the file in this moment.
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT })
  try {
    return configured(database, path)
  } catch (error) {
    database.close()
    if (error instanceof AvocetError) throw error
    throw new AvocetError(
      'store_unusable',
      `${path} cannot be used as a database: ${(error as Error).message}.`,
    )
  }
}

/** Sets what durability needs and reads it back: some builds of SQLite answer FULL and then run NORMAL. */
function configured(database: DatabaseSync, path: string): DatabaseSync {
  const { version } = database.prepare('select sqlite_version() as version').get() as { version: string }
  if (isOlder(version)) {
    const wanted = OLDEST_SQLITE.join('.')
    throw new AvocetError(
      'store_unusable',
      `SQLite ${version} can damage files; ${wanted} or newer is needed.`,
    )
  }
  refuseForeign(database, path)
  database.exec('pragma page_size = 16384; pragma cache_size = -65536; pragma wal_autocheckpoint = 4000')
  writeAhead(database)
  database.exec(`pragma synchronous = full; pragma foreign_keys = on; pragma trusted_schema = off`)
  database.exec('select count(*) from sqlite_schema')
  const { journal_mode } = database.prepare('pragma journal_mode').get() as { journal_mode: string }
  const { synchronous } = database.prepare('pragma synchronous').get() as { synchronous: number }
  if (journal_mode !== 'wal' || synchronous !== 2) {
    throw new AvocetError(
      'store_unusable',
      `This file system cannot keep decisions safe (journal "${journal_mode}", synchronous ${synchronous}). Choose a local disk with --db.`,
    )
  }
  return database
}

/** Two that make a new file at once stand in each other's way, which SQLite tells the second one without a wait. */
function writeAhead(database: DatabaseSync): void {
  const until = performance.now() + BUSY_TIMEOUT
  for (;;) {
    try {
      database.exec('pragma journal_mode = wal')
      return
    } catch (error) {
      if (
        (Number((error as { errcode?: unknown }).errcode) & 0xff) !== SQLITE_BUSY ||
        performance.now() > until
      )
        throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

/** Another program's database is left as it is. */
function refuseForeign(database: DatabaseSync, path: string): void {
  const tables = database.prepare("select name from sqlite_schema where type = 'table'").all()
  if (tables.length === 0 || tables.some(({ name }) => name === 'kysely_migration')) return
  throw new AvocetError(
    'store_unusable',
    `${path} is a database of another program. Choose another file with --db.`,
  )
}

function isOlder(version: string): boolean {
  const parts = version.split('.').map(Number)
  for (const [index, oldest] of OLDEST_SQLITE.entries()) {
    const part = parts[index] ?? 0
    if (part !== oldest) return part < oldest
  }
  return false
}
