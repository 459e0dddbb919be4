/** Proves that writing in bulk passes the log by only while the file is open once, and that a file once open stays locked. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { onSqlite } from '../../tests/support/each-engine.ts'
import { makeRecord } from '../../tests/support/make-record.ts'
import { incoming, insert } from '../../tests/support/store-acts.ts'
import { countCandidates } from './list-candidates.ts'
import type { Store } from './open.ts'

async function journalOf({ db }: Store): Promise<string> {
  const { rows } = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(db)
  return rows[0]?.journal_mode ?? ''
}

describe('writing in bulk', () => {
  onSqlite((open) => {
    it('ends with the log again, and everything is there', async () => {
      const { store } = await open()
      const end = store.writeInBulk()
      expect(await journalOf(store)).toBe('truncate')
      await insert(store, incoming(makeRecord(1)))
      end()
      expect(await journalOf(store)).toBe('wal')
      expect(existsSync(`${store.name}-journal`)).toBe(false)
      expect(await countCandidates(store, {})).toBe(1)
    })

    it('changes nothing while somebody else has the file open', async () => {
      const { store, again } = await open()
      await again()
      const end = store.writeInBulk()
      expect(await journalOf(store)).toBe('wal')
      end()
    })

    it('is ended by whoever opens the file, and goes on with the log', async () => {
      const { store, again } = await open()
      const end = store.writeInBulk()
      await insert(store, incoming(makeRecord(1)))
      const other = await again()
      expect(await countCandidates(other, {})).toBe(1)
      await insert(store, incoming(makeRecord(2)))
      expect(await countCandidates(other, {})).toBe(2)
      expect(await journalOf(store)).toBe('wal')
      end()
    })
  })
})

/** How many locks the system holds on the file: one for each process that has it open. */
function locksOn({ name }: Store): number {
  const file = new RegExp(`:${statSync(name).ino} `, 'g')
  return readFileSync('/proc/locks', 'utf8').match(file)?.length ?? 0
}

describe.skipIf(!existsSync('/proc/locks'))('the lock on the file', () => {
  onSqlite((open) => {
    it('stays while other connections of the same process come and go', async () => {
      const { store, again } = await open()
      expect(locksOn(store)).toBe(1)
      const other = await again()
      expect(locksOn(store)).toBe(1)
      await other.close()
      expect(locksOn(store)).toBe(1)
    })
  })
})
