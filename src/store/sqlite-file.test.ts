/** Proves that writing in bulk passes the log by only while the file is open once, and that a file once open stays locked. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { onSqlite } from '../../tests/support/each-engine.ts'
import { locksOn, TELLS_LOCKS } from '../../tests/support/locks-on.ts'
import { makeRecord } from '../../tests/support/make-record.ts'
import { incoming, insert } from '../../tests/support/store-acts.ts'
import { tempFolder } from '../../tests/support/temp-folder.ts'
import { openSqlite } from './dialect.ts'
import { countCandidates } from './list-candidates.ts'
import type { Store } from './open.ts'

const folder = tempFolder()

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

describe.skipIf(!TELLS_LOCKS)('the lock on the file', () => {
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

describe('a file with another name', () => {
  onSqlite((open) => {
    it('is known to be served, and what lies beside it to belong to it, by either name', async () => {
      const { store } = await open()
      const link = `${store.name}-link`
      await symlink(store.name, link)
      const other = openSqlite(link)
      const endServing = other.beServed()
      expect(store.isServed()).toBe(true)
      endServing()
      expect(store.isServed()).toBe(false)
      expect(other.owns(`${store.name}-wal`)).toBe(true)
      await other.close()
    })
  })
})

describe('a file that may only be read', () => {
  it('is refused before the first card is shown', async () => {
    const file = folder.path('readonly.db')
    await writeFile(file, '')
    await chmod(file, 0o444)
    await chmod(dirname(file), 0o777)
    const { stderr } = await makeFileAsNobody(file)
    expect(stderr).toContain(`${file} cannot be written by you.`)
    await chmod(file, 0o666)
    expect((await makeFileAsNobody(file)).stderr).toBe('')
  })
})

/** Root may write everything, and a file asks who somebody really is. */
async function makeFileAsNobody(file: string): Promise<{ stderr: string }> {
  const identity = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const script = 'const { makeFile } = await import(process.argv[1]); makeFile(process.argv[2])'
  const module = join(import.meta.dirname, 'sqlite-file.ts')
  const args = ['--input-type=module', '-e', script, module, file]
  return promisify(execFile)(process.execPath, args, identity).catch((error) => error)
}
