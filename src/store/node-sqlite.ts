/** Owns the bridge from Node's own SQLite to Kysely, which knows the interface of better-sqlite3. */
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'
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

/** Rows come as arrays and become objects here: those that the engine's binding makes are slow to make and to read. */
function toKyselyStatement(statement: StatementSync): SqliteStatement {
  let names = namesOf(statement)
  statement.setReturnArrays(true)

  function toRow(values: SQLOutputValue[]): Record<string, SQLOutputValue> {
    // The tables have changed since it was prepared.
    if (values.length !== names.length) names = namesOf(statement)
    const row: Record<string, SQLOutputValue> = {}
    for (let at = 0; at < names.length; at++) row[names[at] as string] = values[at] as SQLOutputValue
    return row
  }

  return {
    reader: names.length > 0,
    all: (parameters) => valuesOf(statement.all(...(parameters as SQLInputValue[]))).map(toRow),
    run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
    *iterate(parameters) {
      for (const values of statement.iterate(...(parameters as SQLInputValue[]))) {
        yield toRow(values as unknown as SQLOutputValue[])
      }
    },
  }
}

function namesOf(statement: StatementSync): string[] {
  return statement.columns().map(({ name }) => name)
}

/** What `setReturnArrays` makes of them; the types do not know. */
function valuesOf(rows: unknown[]): SQLOutputValue[][] {
  return rows as SQLOutputValue[][]
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
