/** Owns the database file of SQLite: opened only where it is ours, is told from others, and keeps what it is told. */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  type PathLike,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AvocetError } from '../domain/error.ts'
import { BUSY_TIMEOUT } from './node-sqlite.ts'
import { beServed } from './served.ts'

/** The first version without the WAL-reset bug, see https://sqlite.org/wal.html#walresetbug */
const OLDEST_SQLITE = [3, 51, 3] as const

/** https://sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5

/** In ms: the longest transaction of an import that has the file to itself ends sooner, see `writeDirectly`. */
const OPENING_TIMEOUT = 15_000

/**
 * Readable by its owner only. Comes to its path without links: beside that lies what others look for. Throws where it
 * may not be written: SQLite itself would say so at the first decision.
 */
export function makeFile(path: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  // Opened only where it is missing: to close a file ends every lock that this process has on it, those of another
  // connection, too. See https://sqlite.org/howtocorrupt.html
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
  } catch {
    throw new AvocetError(
      'store_unusable',
      `${path} cannot be written by you. Change that (chmod, chown), or choose another file with --db.`,
    )
  }
  return realpathSync(path)
}

export function fileAt(path: PathLike): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false })
}

/** By its number: a file may have many names. */
export function isFile(path: PathLike, file: Stats | undefined): boolean {
  const now = file && fileAt(path)
  return now !== undefined && now.dev === file?.dev && now.ino === file.ino
}

/** Whether SQLite made `other` beside its file, see https://sqlite.org/tempfiles.html */
export function isBeside(path: string, other: PathLike): boolean {
  return ['-wal', '-shm', '-journal'].some((ending) => isFile(other, fileAt(`${path}${ending}`)))
}

export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    patiently(path, () => configured(database, path))
    database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT}`)
    return database
  } catch (error) {
    database.close()
    if (error instanceof AvocetError) throw error
    throw new AvocetError(
      'store_unusable',
      `${path} cannot be used as a database: ${(error as Error).message}.`,
    )
  }
}

/** Somebody may be making the file in this moment, or filling it: they are told that they are waited for. */
function patiently(path: string, attempt: () => void): void {
  const until = performance.now() + OPENING_TIMEOUT
  let leave = () => {}
  try {
    for (let attempts = 1; ; attempts++) {
      try {
        attempt()
        return
      } catch (error) {
        if (!isBusy(error) || performance.now() > until) throw error
      }
      // Again and again: another one may have taken the sign away with his own.
      if (attempts % 100 === 1) {
        leave()
        leave = beServed(path)
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  } finally {
    leave()
  }
}

function isBusy(error: unknown): boolean {
  return resultCodeOf(error) === SQLITE_BUSY
}

/** The primary one, which is the low byte; see https://sqlite.org/rescode.html. 0 for an error that is not SQLite's. */
export function resultCodeOf(error: unknown): number {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  return code === 'ERR_SQLITE_ERROR' ? Number(errcode) & 0xff : 0
}

/**
 * Without the log, what is written goes into the file at once instead of twice. Others can neither read nor write
 * meanwhile, so this is for whoever has the file to himself: while somebody else has it open nothing changes, and who
 * opens it afterwards ends it. A process that is killed leaves a journal, which the next one rolls back.
 */
export function writeDirectly(database: DatabaseSync): void {
  setJournal(database, 'truncate')
}

/** The way back. */
export function writeAhead(database: DatabaseSync): void {
  setJournal(database, 'wal')
}

/** Where somebody is in the way it stays as it is. */
function setJournal(database: DatabaseSync, mode: 'truncate' | 'wal'): void {
  try {
    database.exec(`pragma journal_mode = ${mode}`)
  } catch (error) {
    if (!isBusy(error)) throw error
  }
}

/** See https://sqlite.org/lang_altertable.html#otheralter: the switch does nothing within a transaction. */
export async function withoutForeignKeys<T>(database: DatabaseSync, change: () => Promise<T>): Promise<T> {
  database.exec('pragma foreign_keys = off')
  try {
    return await change()
  } finally {
    if (database.isOpen) database.exec('pragma foreign_keys = on')
  }
}

/** Sets what durability needs and reads it back: some builds of SQLite answer FULL and then run NORMAL. */
function configured(database: DatabaseSync, path: string): void {
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
  database.exec('pragma journal_mode = wal')
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
