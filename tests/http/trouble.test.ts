/** What the server says and keeps when the disk, the file or another process is in its way. */
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { verifyStore } from '../../src/store/verify.ts'
import { makeRecord, toJsonl, writeRun } from '../support/make-record.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
beforeEach(async () => {
  app = await createTestApp()
  await writeRun(
    join(app.folder, 'run-a/sft_candidates.jsonl'),
    toJsonl([...Array(9).keys()].map((n) => makeRecord(n))),
  )
  await app.post('/api/sft/import', { path: app.folder })
})
afterEach(() => app.close())

const correct = (id: string, corrected_response: string) =>
  app.post('/api/sft/submit', { id, action: 'correct', corrected_response })

it('says 507 when the disk is full, saves nothing, and goes on once there is room', async () => {
  await sql`pragma max_page_count = 1`.execute(app.store.db)
  const big = 'x'.repeat(3_000_000)
  expect(await correct('record-0001', big)).toMatchObject({ status: 507, json: { code: 'store_full' } })
  expect(await app.put('/api/sft/drafts/record-0001', { text: big })).toMatchObject({ status: 507 })
  expect((await app.get('/api/sft/queue')).json.total).toBe(9)
  await sql`pragma max_page_count = 1000000`.execute(app.store.db)
  expect((await correct('record-0001', big)).status).toBe(200)
  expect((await verifyStore(app.store)).differences).toEqual([])
})

it('acknowledges nothing once the database was removed', async () => {
  await rename(app.store.name, `${app.store.name}.gone`)
  expect(await correct('record-0001', 'x')).toMatchObject({ status: 503, json: { code: 'store_unusable' } })
  expect((await app.get('/healthz')).status).toBe(503)
  await rename(`${app.store.name}.gone`, app.store.name)
  expect((await correct('record-0001', 'x')).status).toBe(200)
})

it('answers others while writers wait for another process, and then lets each of them write', async () => {
  await expect.poll(async () => (await app.get('/api/sft/candidates')).json.unindexed).toBe(0)
  const other = new DatabaseSync(app.store.name)
  other.exec('begin immediate')
  const writers = [...Array(9).keys()].map((n) => correct(makeRecord(n).id, 'x'))
  let answered = 0
  for (let n = 0; n < 40; n++) {
    await sleep(5)
    if ((await app.get('/healthz')).status === 200) answered += 1
  }
  expect(answered).toBe(40)
  expect(await Promise.race([...writers, Promise.resolve('waiting')])).toBe('waiting')
  other.exec('commit')
  other.close()
  expect((await Promise.all(writers)).map(({ status }) => status)).toEqual(Array(9).fill(200))
})

it('keeps in the table what others had typed when a correction is submitted', async () => {
  await app.put('/api/sft/drafts/record-0001', { text: 'half a page in another tab' })
  await correct('record-0001', 'done')
  expect((await app.get('/api/sft/candidates/record-0001')).json.draft).toBeNull()
  const texts = await app.store.db.selectFrom('drafts').select('text').execute()
  expect(texts).toMatchObject([{ text: 'half a page in another tab' }])
})

it('exports and lists records of megabytes a few at a time', async () => {
  const huge = [...Array(12).keys()].map((n) =>
    makeRecord(100 + n, { prompt_messages: [{ role: 'user', content: 'y'.repeat(3_000_000) }] }),
  )
  await writeRun(join(app.folder, 'huge/sft_candidates.jsonl'), toJsonl(huge))
  await app.post('/api/sft/import', { path: join(app.folder, 'huge') })
  for (const { id } of huge) await correct(id, 'z')
  const text = await (await app.request('/api/sft/export')).text()
  expect(text.trimEnd().split('\n')).toHaveLength(12)
  expect((await verifyStore(app.store)).differences).toEqual([])
})

it('verifies counters of models that are called anything', async () => {
  const names = ['-', null, 'a=b', 'a b', '"', '']
  const records = names.map((model_name, n) => makeRecord(50 + n, { model_name, task_type: model_name }))
  await writeRun(join(app.folder, 'odd/sft_candidates.jsonl'), toJsonl(records))
  await app.post('/api/sft/import', { path: join(app.folder, 'odd') })
  expect((await verifyStore(app.store)).differences).toEqual([])
})

it('rejects what is nested too deep to be worked with, and takes brackets in strings', async () => {
  const deep = JSON.stringify(makeRecord(60)).replace(/}$/, `,"x":${'['.repeat(600)}${']'.repeat(600)}}`)
  const flat = JSON.stringify(makeRecord(61, { model_response: `"\\${'[{'.repeat(5000)}` }))
  await writeRun(join(app.folder, 'deep/sft_candidates.jsonl'), `${deep}\n${flat}\n`)
  const { json } = await app.post('/api/sft/import', { path: join(app.folder, 'deep') })
  expect(json).toMatchObject({ imported: 1, rejected: 1, problems: [{ line: 1, code: 'TOO_DEEP' }] })
})
