/** Owns the statements that an import runs a million times: a candidate's row, unless its id is known, and the blocks of bytes; once for each engine. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { type Kysely, sql } from 'kysely'
import { idKey } from './id-key.ts'
import { type Group, type Records, sumsOf } from './incoming.ts'
import { portionsOf } from './portions.ts'
import type { Tables } from './tables.ts'

/**
 * 1 for each record that was inserted, in their order; 0 where the id was known. A block is kept whole when one of its
 * records is: between them may lie bytes that are known already.
 */
export type InsertRows = (trx: Kysely<Tables>, records: Records) => Promise<Uint8Array<ArrayBuffer>>

const COLUMNS = [
  ...[
    'id',
    'id_key',
    'run_id',
    'status',
    'corrected_response',
    'failure_category',
    'decided_elsewhere',
    'teachable',
  ],
  ...['model_name', 'task_type', 'task_name', 'quality_score'],
  ...['block_seq', 'block_start', 'block_length'],
]

/** Together they cost two thirds of what they cost one by one; more gain nothing. */
const ROWS_IN_STATEMENT = 10

/** Prepared once: through the query builder a row costs several times as much. */
export function sqliteInsert(database: DatabaseSync): InsertRows {
  const statements = new Map<string, StatementSync>()
  const prepared = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const full = insertSql(ROWS_IN_STATEMENT)

  function insertRows(records: Records, blockSeqs: number[], from: number, to: number): number {
    const values: SQLInputValue[] = []
    for (let at = from; at < to; at++) addValues(values, records, at, blockSeqs)
    const statement = prepared(to - from === ROWS_IN_STATEMENT ? full : insertSql(to - from))
    return Number(statement.run(...values).changes)
  }

  /** Whether the row of that id is the one that was inserted just now. */
  function isOurs(records: Records, at: number, blockSeqs: number[]): boolean {
    const place = [blockSeqs[records.blockOf[at] as number] as number, records.starts[at] as number]
    const query = prepared('select 1 from candidates where id_key = ? and block_seq = ? and block_start = ?')
    return query.get(idKey(records.ids[at] as string), ...place) !== undefined
  }

  /** Nobody else writes meanwhile: a transaction that writes has the file to itself. */
  function newBlockSeqs({ blocks }: Records): number[] {
    const query = prepared('select coalesce(max(seq), 0) as last from payload_blocks')
    const { last } = query.get() as { last: number }
    return blocks.map((_, at) => last + 1 + at)
  }

  return async (_, records) => {
    if (!database.isTransaction) throw new Error('Rows are inserted inside a transaction.')
    const blockSeqs = newBlockSeqs(records)
    const inserted = new Uint8Array(records.ids.length)
    for (let from = 0; from < inserted.length; from += ROWS_IN_STATEMENT) {
      const to = Math.min(from + ROWS_IN_STATEMENT, inserted.length)
      const changes = insertRows(records, blockSeqs, from, to)
      if (changes === to - from) inserted.fill(1, from, to)
      else if (changes > 0) {
        for (let at = from; at < to; at++) inserted[at] = isOurs(records, at, blockSeqs) ? 1 : 0
      }
    }
    for (const at of wantedBlocks(records, inserted)) {
      const block = prepared('insert into payload_blocks (seq, packing, bytes, crc32) values (?, 0, ?, ?)')
      block.run(blockSeqs[at] as number, records.blocks[at] as Uint8Array, sumsOf(records)[at] as number)
    }
    return inserted
  }
}

/** `or fail`: what one statement did before a fault goes with the whole transaction, and needs no journal of its own. */
function insertSql(rows: number): string {
  const row = `(${COLUMNS.map(() => '?').join(', ')})`
  return `insert or fail into candidates (${COLUMNS.join(', ')}) values ${Array(rows).fill(row).join(', ')}
    on conflict (id_key) do nothing`
}

/** In the order of the columns. */
function addValues(values: SQLInputValue[], records: Records, at: number, blockSeqs: number[]): void {
  const group = records.groups[records.groupOf[at] as number] as Group
  const score = records.scores[at] as number
  const id = records.ids[at] as string
  values.push(
    id,
    idKey(id),
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
    blockSeqs[records.blockOf[at] as number] as number,
    records.starts[at] as number,
    records.lengths[at] as number,
  )
}

function wantedBlocks({ blockOf }: Records, inserted: Uint8Array): Set<number> {
  const wanted = new Set<number>()
  for (let at = 0; at < blockOf.length; at++) if (inserted[at]) wanted.add(blockOf[at] as number)
  return wanted
}

export const postgresInsert: InsertRows = async (trx, records) => {
  const blockSeqs = await newBlockSeqs(trx, records)
  const inserted = new Uint8Array(records.ids.length)
  const first = new Map<string, number>()
  for (const [at, id] of records.ids.entries()) if (!first.has(id)) first.set(id, at)
  for (const some of portionsOf([...first.values()])) {
    const rows = some.map((at) => toRow(records, at, blockSeqs))
    const kept = await trx
      .insertInto('candidates')
      .values(rows)
      .onConflict((conflict) => conflict.column('id_key').doNothing())
      .returning('id')
      .execute()
    for (const { id } of kept) inserted[first.get(id) as number] = 1
  }
  for (const at of wantedBlocks(records, inserted)) {
    const place = { seq: blockSeqs[at] as number, packing: 0 as const, crc32: sumsOf(records)[at] as number }
    await trx
      .insertInto('payload_blocks')
      .values({ ...place, bytes: records.blocks[at] as Uint8Array })
      .execute()
  }
  return inserted
}

async function newBlockSeqs(trx: Kysely<Tables>, { blocks }: Records): Promise<number[]> {
  const numbers = sql<{
    n: number
  }>`select nextval('payload_block_numbers') as n from generate_series(1, ${blocks.length}::int)`
  return (await numbers.execute(trx)).rows.map(({ n }) => n)
}

function toRow(records: Records, at: number, blockSeqs: number[]) {
  const { directory: _, ...group } = records.groups[records.groupOf[at] as number] as Group
  const score = records.scores[at] as number
  const id = records.ids[at] as string
  return {
    ...group,
    id,
    id_key: idKey(id),
    version: 0,
    quality_score: Number.isNaN(score) ? null : score,
    block_seq: blockSeqs[records.blockOf[at] as number] as number,
    block_start: records.starts[at] as number,
    block_length: records.lengths[at] as number,
  }
}
