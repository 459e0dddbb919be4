/** Owns the bridge from Node's own SQLite to Kysely, which knows the interface of better-sqlite3. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { SqliteAdapter, SqliteDialect, type SqliteStatement } from 'kysely'

const KEPT_STATEMENTS = 300

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
    kept.set(sql, statement)
    return statement
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
