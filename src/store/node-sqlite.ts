/** Owns the bridge from Node's own SQLite to Kysely, which knows the interface of better-sqlite3. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { SqliteAdapter, SqliteDialect, type SqliteStatement } from 'kysely'

const KEPT_STATEMENTS = 300

/** In ms: for what waits besides a transaction's begin, the recovery after a crash above all. */
export const BUSY_TIMEOUT = 1000

/**
 * `begin`: 'immediate' takes the write lock before the first read, so that a decision never finds out
 * half-way that somebody else is writing; 'deferred' is for connections that only read.
 */
export function nodeSqliteDialect(database: DatabaseSync, begin: 'immediate' | 'deferred'): SqliteDialect {
  const kept = new Map<string, SqliteStatement>()

  function prepare(sql: string): SqliteStatement {
    const known = kept.get(sql)
    if (known) return known
    if (kept.size >= KEPT_STATEMENTS) kept.clear()
    const statement = toKyselyStatement(database.prepare(sql === 'begin' ? `begin ${begin}` : sql))
    const run = { begin: beginAtOnce, rollback: rollBackWhatIsLeft }[sql]
    kept.set(sql, run ? { ...statement, run: () => run(statement) } : statement)
    return kept.get(sql) as SqliteStatement
  }

  /** A wait inside SQLite would stop the whole process: who finds the lock taken comes again (`write` in open.ts). */
  function beginAtOnce(statement: SqliteStatement): ReturnType<SqliteStatement['run']> {
    database.exec('pragma busy_timeout = 0')
    try {
      return statement.run([])
    } finally {
      database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT}`)
    }
  }

  /** A full disk has rolled back already, and a second time would hide why. */
  function rollBackWhatIsLeft(statement: SqliteStatement): ReturnType<SqliteStatement['run']> {
    return database.isTransaction ? statement.run([]) : { changes: 0, lastInsertRowid: 0 }
  }

  return new TransactionalSqliteDialect({ database: { prepare, close: () => database.close() } })
}

function toKyselyStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  }
}

/** SQLite can change tables inside a transaction; Kysely assumes that it cannot, and would leave half a migration behind. */
class TransactionalSqliteDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter()
  }
}

class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}
