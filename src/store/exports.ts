/** Owns the ledger of exports. */
import type { Insertable, Selectable } from 'kysely'
import type { Reading, Writing } from './open.ts'
import type { Tables } from './tables.ts'

export type ExportRow = Selectable<Tables['exports']>

export async function insertExport(trx: Writing, row: Insertable<Tables['exports']>): Promise<void> {
  await trx.insertInto('exports').values(row).execute()
}

/** Newest first. */
export async function listExports(db: Reading, limit: number): Promise<ExportRow[]> {
  return db.selectFrom('exports').selectAll().orderBy('seq', 'desc').limit(limit).execute()
}
