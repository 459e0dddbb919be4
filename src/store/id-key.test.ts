/** Proves that every id has a key of its own, and that records of a database without keys get theirs. */
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { eachEngine } from '../../tests/support/each-engine.ts'
import { makeRecord } from '../../tests/support/make-record.ts'
import { decide, incoming, insert } from '../../tests/support/store-acts.ts'
import { findSeq, knownIds } from './candidates.ts'
import { idKey } from './id-key.ts'
import { migrated, type Store } from './open.ts'
import { verifyStore } from './verify.ts'

const UUID = '0b8e2f0a-6f1d-4f0e-9a52-3f1c7f5f2a77'
const LIKE_IT = [
  UUID.toUpperCase(),
  UUID.replaceAll('-', ''),
  UUID.replace('a', 'g'),
  UUID.replace('-', '_'),
  UUID.replace('0', '-'),
  UUID.replace('0', '\u0130'),
  UUID.replace('0', '\u0660'),
  `${UUID}0`,
  `${UUID}\n`,
  `{${UUID}}`,
  ` ${UUID.slice(1)}`,
  UUID.slice(1),
]
const OTHERS = ['', 't', 'u', 'n:42', 'record-0001', 'é', 'e\u0301', '😀', 'x'.repeat(512), `t${UUID}`]

const hex = (id: string) => Buffer.from(idKey(id)).toString('hex')

it('keeps a UUID in seventeen bytes, and no other id in as if it were one', () => {
  expect(hex(UUID)).toBe('750b8e2f0a6f1d4f0e9a523f1c7f5f2a77')
  const sameBytes = Buffer.from('0b0e2f0a6f1d4f0e1a523f1c7f5f2a77', 'hex').toString()
  const ids = [UUID, ...LIKE_IT, ...OTHERS, sameBytes, `u${sameBytes}`]
  expect(new Set(ids.map(hex)).size).toBe(ids.length)
  for (const id of ids.slice(1)) expect(hex(id)).toBe(Buffer.from(`t${id}`).toString('hex'))
})

it('has another key for every other id', () => {
  const id = fc.oneof(fc.uuid(), fc.string({ unit: 'grapheme' }))
  fc.assert(fc.property(id, id, (one, other) => (hex(one) === hex(other)) === (one === other)))
})

eachEngine((open) => {
  /** As it was before there were keys. */
  async function withoutKeys({ db, locksRows }: Store): Promise<void> {
    await sql`drop index candidates_by_id_key`.execute(db)
    await sql`alter table candidates drop column id_key`.execute(db)
    const unique = locksRows
      ? sql`alter table candidates add constraint candidates_id_key unique (id)`
      : sql`create unique index candidates_id_key on candidates (id)`
    await unique.execute(db)
    await sql`delete from kysely_migration where name = '0008-id-keys'`.execute(db)
  }

  it('gives the records of an older database the keys by which they are found', async () => {
    const { store } = await open()
    const ids = [UUID, ...LIKE_IT, ...OTHERS.slice(1)].filter((id) => id.trim() === id)
    const records = ids.map((id, at) => incoming(makeRecord(at, { id })))
    await insert(store, ...records)
    const seqs = await Promise.all(ids.map((id) => findSeq(store.db, id)))
    await withoutKeys(store)
    await migrated(store)
    expect(await Promise.all(ids.map((id) => findSeq(store.db, id)))).toEqual(seqs)
    expect(new Set(seqs).size).toBe(ids.length)
    expect(await knownIds(store.db, [...ids, 'nobody'])).toEqual(new Set(ids))
    const rows = await store.db.selectFrom('candidates').select(['id', 'id_key']).execute()
    expect(rows.map(({ id_key }) => Buffer.from(id_key).toString('hex'))).toEqual(
      rows.map(({ id }) => hex(id)),
    )
    await insert(store, ...records)
    expect(await store.db.selectFrom('candidates').select('seq').execute()).toHaveLength(ids.length)
  })

  it('keeps what refers to them, and takes nothing from a process that knows no keys', async () => {
    const { store } = await open()
    await insert(store, incoming(makeRecord(1)), incoming(makeRecord(2)))
    await decide(store, makeRecord(1).id, 'd-1', 'right')
    await withoutKeys(store)
    await migrated(store)
    await decide(store, makeRecord(2).id, 'd-2', 'right')
    await insert(store, incoming(makeRecord(3)))
    expect(await verifyStore(store)).toEqual({ candidates: 3, decisions: 2, differences: [] })
    const seqs = await store.db.selectFrom('candidates').select('seq').orderBy('seq').execute()
    expect(seqs.map(({ seq }) => seq)).toEqual([1, 2, 3])
    await expect(
      sql`insert into candidates (id, run_id, status, decided_elsewhere, teachable)
        select 'of before', run_id, status, decided_elsewhere, teachable from candidates where seq = 1`.execute(
        store.db,
      ),
    ).rejects.toThrow(/id_key/)
    await expect(
      sql`update decisions set candidate_seq = 99 where seq = 1`.execute(store.db),
    ).rejects.toThrow(/foreign key/i)
  })

  it('of another record is a difference that the audit names', async () => {
    const { store } = await open()
    await insert(store, incoming(makeRecord(1)))
    await store.db
      .updateTable('candidates')
      .set({ id_key: idKey('another') })
      .execute()
    expect((await verifyStore(store)).differences).toEqual([
      {
        what: `candidate ${makeRecord(1).id}: id_key`,
        stored: JSON.stringify(hex('another')),
        recomputed: JSON.stringify(hex(makeRecord(1).id)),
      },
    ])
  })
})
