/** Owns running one suite on both database engines, each test on an empty database of its own. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, describe, inject } from 'vitest'
import { openPostgres, openSqlite } from '../../src/store/dialect.ts'
import { migrated, type Store } from '../../src/store/open.ts'
import type {} from './postgres.ts'

/** Opens an empty store; `again()` opens the same one once more, as another process would. */
export type OpenStore = () => Promise<{ store: Store; again(): Promise<Store> }>

export function eachEngine(suite: (open: OpenStore) => void): void {
  onSqlite(suite)
  describe.skipIf(inject('postgresUrl') === null)('on PostgreSQL', () => suite(opener(openTemporaryPostgres)))
}

export function onSqlite(suite: (open: OpenStore) => void): void {
  describe('on SQLite', () => suite(opener(openTemporarySqlite)))
}

type Temporary = { openOnce(): Promise<Store>; remove(): Promise<void> }

function opener(create: () => Promise<Temporary>): OpenStore {
  const cleanUps: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  })
  return async () => {
    const temporary = await create()
    cleanUps.push(temporary.remove)
    async function again(): Promise<Store> {
      const store = await temporary.openOnce()
      cleanUps.push(() => store.close())
      return store
    }
    return { store: await again(), again }
  }
}

async function openTemporarySqlite(): Promise<Temporary> {
  const folder = await mkdtemp(join(tmpdir(), 'avocet-store-'))
  return {
    openOnce: () => migrated(openSqlite(join(folder, 'test.db'))),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

async function openTemporaryPostgres(): Promise<Temporary> {
  const server = inject('postgresUrl') as string
  const name = `avocet_${randomUUID().replaceAll('-', '')}`
  await asAdmin(server, `create database ${name}`)
  const url = server.replace(/\/postgres$/, `/${name}`)
  return {
    openOnce: () => migrated(openPostgres(url)),
    remove: () => asAdmin(server, `drop database ${name} with (force)`),
  }
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statement)
  await client.end()
}
