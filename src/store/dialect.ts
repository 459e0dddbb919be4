/** Owns every difference between the two database engines; no other file knows which one it speaks to. */
import { closeSync, openSync, type PathLike } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { Kysely, PostgresDialect, type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import { AvocetError } from '../domain/error.ts'
import { ID_KEY_IN_POSTGRES, ID_KEY_IN_SQLITE } from './id-key.ts'
import { type InsertRows, postgresInsert, sqliteInsert } from './insert-rows.ts'
import { BUSY_TIMEOUT, nodeSqliteDialect } from './node-sqlite.ts'
import { beServed, isServed } from './served.ts'
import {
  fileAt,
  isBeside,
  isFile,
  makeFile,
  openDatabase,
  resultCodeOf,
  withoutForeignKeys,
  writeAhead,
  writeDirectly,
} from './sqlite-file.ts'
import type { Tables } from './tables.ts'

export type ColumnKinds = {
  key: string
  integer: string
  blob: string
  real: string
  /** The expression for a candidate's `id_key`. */
  idKey: string
  /** Whether a constraint can be dropped; where not, its table is made anew. */
  dropsConstraints: boolean
  /** Statements that end the first migration. */
  afterwards: string[]
  /** Statements that make `candidate_search`. */
  searchTable: string[]
  /** Statements that number the blocks of payloads, where that needs any. */
  blockNumbers: string[]
}

/** Words to look for: all must occur; one that is no prefix must occur whole, its parts in this order. */
export type SearchWord = { parts: string[]; isPrefix: boolean }

/** Full-text search over `candidate_search`. */
export type Search = {
  insert(trx: Kysely<Tables>, rows: { seq: number; text: string }[]): Promise<void>
  /** True for candidates that hold every word. */
  matches(words: SearchWord[]): RawBuilder<boolean>
}

/** What a failure of the engine means for the caller; null when it is a fault of ours. */
export type Trouble = 'try_again' | 'store_full' | 'store_unusable' | null

export type Engine = {
  /** For people: the file, or the server without its password. */
  name: string
  /** What `openStore` takes to open the same one again, from another thread. */
  address: string
  db: Kysely<Tables>
  columns: ColumnKinds
  /** Runs a change of the tables, where one may take the place of another that rows refer to. */
  remaking<T>(change: () => Promise<T>): Promise<T>
  /** Whether rows are locked one by one; SQLite locks the whole file when a write begins. */
  locksRows: boolean
  /** A connection of its own for a long read, so that nobody waits for it. */
  reader(): Promise<{ db: Kysely<Tables>; close(): Promise<void> }>
  search: Search
  insertUnlessKnown: InsertRows
  /** Says that a server works with it, until the function is called that comes back. */
  beServed(): () => void
  /** Whether one does, anywhere: then a transaction must be over before a person waits for it. */
  isServed(): boolean
  /** Writes faster as long as nobody else has it open, until the function is called that comes back. */
  writeInBulk(): () => void
  /** False once the file was removed or replaced: what is written then would be lost with it. */
  isThere(): boolean
  /** Whether a file belongs to the database. To open and close it would end the locks of this process on it. */
  owns(file: PathLike): boolean
  troubleOf(error: unknown): Trouble
  /** Work that would otherwise fall to some later commit; called when there is time for it. */
  tidy(): void
  /** A consistent copy while others write. Throws where the engine has tools of its own for it. */
  backup(file: string): Promise<void>
  close(): Promise<void>
}

const SQLITE_COLUMNS: ColumnKinds = {
  key: 'integer primary key autoincrement',
  integer: 'integer',
  blob: 'blob',
  real: 'real',
  idKey: ID_KEY_IN_SQLITE,
  dropsConstraints: false,
  afterwards: [],
  // The text itself stands in payload_blocks: only the index is stored.
  searchTable: [
    `create virtual table candidate_search using fts5 (text, content = '', tokenize = 'unicode61 remove_diacritics 0')`,
  ],
  blockNumbers: [],
}

const sqliteSearch: Search = {
  async insert(trx, rows) {
    for (const { seq, text } of rows) {
      await sql`insert into candidate_search (rowid, text) values (${seq}, ${text})`.execute(trx)
    }
  },
  matches(words) {
    const query = words.map(({ parts, isPrefix }) => `"${parts.join(' ')}"${isPrefix ? '*' : ''}`).join(' ')
    return sql<boolean>`candidates.seq in (select rowid from candidate_search where candidate_search match ${query})`
  },
}

/** `address`: the path of a file, or postgres://… */
export function openStore(address: string): Engine {
  return /^postgres(ql)?:/.test(address) ? openPostgres(address) : openSqlite(address)
}

/** Creates the file when it is missing, readable by its owner only. */
export function openSqlite(name: string): Engine {
  const path = makeFile(name)
  const database = openDatabase(path)
  const file = fileAt(path)
  return {
    name: path,
    address: path,
    db: new Kysely<Tables>({ dialect: nodeSqliteDialect(database, 'immediate') }),
    columns: SQLITE_COLUMNS,
    remaking: (change) => withoutForeignKeys(database, change),
    locksRows: false,
    reader: async () => {
      const reader = new DatabaseSync(path, { readOnly: true })
      reader.exec(`pragma busy_timeout = ${BUSY_TIMEOUT}; pragma trusted_schema = off`)
      const db = new Kysely<Tables>({ dialect: nodeSqliteDialect(reader, 'deferred') })
      return { db, close: () => db.destroy() }
    },
    search: sqliteSearch,
    insertUnlessKnown: sqliteInsert(database),
    beServed: () => beServed(path),
    isServed: () => isServed(path),
    writeInBulk: () => {
      writeDirectly(database)
      return () => writeAhead(database)
    },
    isThere: () => isFile(path, file),
    owns: (other) => isFile(other, file) || isBeside(path, other),
    troubleOf: sqliteTrouble,
    tidy: () => writeBack(database),
    backup: (file) => backupSqlite(database, file),
    close: async () => {
      if (database.isOpen) database.close()
    },
  }
}

/** What another process holds back now is written back next time; a commit does it at the latest. */
function writeBack(database: DatabaseSync): void {
  if (!database.isOpen || database.isTransaction) return
  try {
    database.exec('pragma wal_checkpoint(passive)')
  } catch (error) {
    if (sqliteTrouble(error) === null) throw error
  }
}

function sqliteTrouble(error: unknown): Trouble {
  switch (resultCodeOf(error)) {
    case 5:
    case 6:
      return 'try_again'
    case 13:
      return 'store_full'
    case 8:
    case 10:
    case 11:
    case 14:
    case 26:
      return 'store_unusable'
    default:
      return null
  }
}

/** Beside the target, synced, renamed: the backup is whole or not there. */
async function backupSqlite(database: DatabaseSync, file: string): Promise<void> {
  const part = `${file}.part-${process.pid}`
  try {
    closeSync(openSync(part, 'wx', 0o600))
    await backup(database, part)
    await syncPath(part)
    await rename(part, file)
    await syncPath(dirname(file))
  } finally {
    await rm(part, { force: true })
  }
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  // Not every system can sync a directory.
  await handle.sync().catch(() => {})
  await handle.close()
}

const POSTGRES_COLUMNS: ColumnKinds = {
  key: 'bigint generated always as identity primary key',
  integer: 'bigint',
  blob: 'bytea',
  real: 'double precision',
  idKey: ID_KEY_IN_POSTGRES,
  dropsConstraints: true,
  // Without compression of the raw bytes an import is twice as fast.
  afterwards: ['alter table candidate_payloads alter column raw set storage external'],
  searchTable: [
    'create table candidate_search (seq bigint primary key, words tsvector not null)',
    'create index candidate_search_words on candidate_search using gin (words)',
  ],
  blockNumbers: [
    'alter table payload_blocks alter column bytes set storage external',
    'create sequence payload_block_numbers',
    "select setval('payload_block_numbers', (select coalesce(max(seq), 0) + 1 from payload_blocks))",
  ],
}

const postgresSearch: Search = {
  async insert(trx, rows) {
    for (const { seq, text } of rows) {
      await sql`insert into candidate_search (seq, words) values (${seq}, to_tsvector('simple', ${text}))`.execute(
        trx,
      )
    }
  },
  matches(words) {
    const query = words
      .map(({ parts, isPrefix }) => `(${parts.join(' <-> ')}${isPrefix ? ':*' : ''})`)
      .join(' & ')
    return sql<boolean>`candidates.seq in (select seq from candidate_search where words @@ to_tsquery('simple', ${query}))`
  },
}

/** `url`: postgres://user:password@host:port/database */
export function openPostgres(url: string): Engine {
  const pool = new pg.Pool({ connectionString: url, types: { getTypeParser: numbersForBigints } })
  // Without a listener a connection that dies ends the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    name: new URL(url).host,
    address: url,
    db,
    columns: POSTGRES_COLUMNS,
    remaking: (change) => change(),
    locksRows: true,
    reader: async () => ({ db, close: async () => {} }),
    search: postgresSearch,
    insertUnlessKnown: postgresInsert,
    // Its writers wait for single rows of counters, whoever they are: always considerate.
    beServed: () => () => {},
    isServed: () => true,
    writeInBulk: () => () => {},
    isThere: () => true,
    owns: () => false,
    troubleOf: postgresTrouble,
    tidy: () => {},
    backup: async () => {
      throw new AvocetError('store_unusable', 'On PostgreSQL use pg_dump for a backup.')
    },
    close: () => db.destroy(),
  }
}

/** Row numbers and counts come as bigint; ours stay below 2^53. */
function numbersForBigints(
  oid: number,
  format?: 'text' | 'binary',
): ReturnType<typeof pg.types.getTypeParser> {
  return oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')
}

function postgresTrouble(error: unknown): Trouble {
  const code = String((error as { code?: unknown }).code ?? '')
  // Serialisation, deadlock, and two writers with one decision_id: the second attempt finds what the first wrote.
  if (code === '40001' || code === '40P01' || code === '23505') return 'try_again'
  if (code === '53100') return 'store_full'
  return /^(08|57P|25006|ECONN)/.test(code) ? 'store_unusable' : null
}
