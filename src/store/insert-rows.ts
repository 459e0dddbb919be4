/** Owns the one statement that an import runs a million times: a candidate's row, unless its id is known; once for each engine. */
import type { DatabaseSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import { type Group, type Records, sha256Of } from './incoming.ts'
import type { Tables } from './tables.ts'

/** 1 for each record that was inserted, in their order; 0 where the id was known. */
export type InsertRows = (
  trx: Kysely<Tables>,
  records: Records,
  blockSeqs: number[],
) => Promise<Uint8Array<ArrayBuffer>>

const COLUMNS = [
  ...['id', 'run_id', 'status', 'corrected_response', 'failure_category', 'decided_elsewhere', 'teachable'],
  ...['model_name', 'task_type', 'task_name', 'quality_score', 'raw_sha256'],
  ...['block_seq', 'block_start', 'block_length'],
]

/** Prepared once and run for each row: through the query builder a row costs several times as much. */
export function sqliteInsert(database: DatabaseSync): InsertRows {
  const sql = `insert into candidates (${COLUMNS.join(', ')}) values (${COLUMNS.map(() => '?').join(', ')})
    on conflict (id) do nothing`
  let statement: ReturnType<DatabaseSync['prepare']> | undefined

  return async (_, records, blockSeqs) => {
    if (!database.isTransaction) throw new Error('Rows are inserted inside a transaction.')
    statement ??= database.prepare(sql)
    const inserted = new Uint8Array(records.ids.length)
    for (let at = 0; at < inserted.length; at++) {
      const group = records.groups[records.groupOf[at] as number] as Group
      const score = records.scores[at] as number
      const { changes } = statement.run(
        records.ids[at] as string,
        group.run_id,
        group.status,
        group.corrected_response,
        group.failure_category,
        group.decided_elsewhere,
        group.teachable,
        group.model_name,
        group.task_type,
        group.task_name,
        Number.isNaN(score) ? null : score,
        sha256Of(records, at),
        blockSeqs[records.blockOf[at] as number] as number,
        records.starts[at] as number,
        records.lengths[at] as number,
      )
      inserted[at] = Number(changes)
    }
    return inserted
  }
}

/** 65 535 parameters are the limit of the protocol. */
const ROWS_AT_ONCE = 1000

export const postgresInsert: InsertRows = async (trx, records, blockSeqs) => {
  const inserted = new Uint8Array(records.ids.length)
  const first = new Map<string, number>()
  for (const [at, id] of records.ids.entries()) if (!first.has(id)) first.set(id, at)
  const positions = [...first.values()]
  for (let start = 0; start < positions.length; start += ROWS_AT_ONCE) {
    const rows = positions.slice(start, start + ROWS_AT_ONCE).map((at) => toRow(records, at, blockSeqs))
    const kept = await trx
      .insertInto('candidates')
      .values(rows)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .execute()
    for (const { id } of kept) inserted[first.get(id) as number] = 1
  }
  return inserted
}

function toRow(records: Records, at: number, blockSeqs: number[]) {
  const { directory: _, ...group } = records.groups[records.groupOf[at] as number] as Group
  const score = records.scores[at] as number
  return {
    ...group,
    id: records.ids[at] as string,
    version: 0,
    quality_score: Number.isNaN(score) ? null : score,
    raw_sha256: sha256Of(records, at),
    block_seq: blockSeqs[records.blockOf[at] as number] as number,
    block_start: records.starts[at] as number,
    block_length: records.lengths[at] as number,
  }
}
