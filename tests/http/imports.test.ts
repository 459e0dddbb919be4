/** Imports in the background over HTTP: followed, cancelled, reported, uploaded, watched. */
import { appendFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contract } from '../../src/contract.ts'
import { makeRecord, toJsonl, writeRun } from '../support/make-record.ts'
import { createTestApp, type TestApp, UPLOAD_LIMIT } from '../support/test-app.ts'

let app: TestApp
beforeEach(async () => {
  app = await createTestApp()
})

afterEach(() => app.close())

function fileOf(directory: string): string {
  return join(app.folder, directory, 'sft_candidates.jsonl')
}

async function report(id: number, query = '') {
  return (await app.get(`/api/sft/imports/${id}${query}`)).json
}

/** The report once it has ended. */
async function ended(id: number) {
  await expect.poll(async () => (await report(id)).state).not.toMatch(/running|waiting/)
  return report(id)
}

async function start(body: unknown): Promise<number> {
  const { status, json } = await app.post('/api/sft/imports', body)
  expect({ status, json }).toMatchObject({ status: 200, json: { import_id: expect.any(Number) } })
  return json.import_id
}

function upload(name: string, body: string | ReadableStream<Uint8Array>) {
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit
  return app.request(`/api/sft/uploads?name=${encodeURIComponent(name)}`, init)
}

describe('POST /api/sft/imports', () => {
  it('answers at once and imports behind', async () => {
    await writeRun(fileOf('run-a'), `${toJsonl([makeRecord(1), makeRecord(2)])}[1]\n`)
    const found = await ended(await start({ path: app.folder }))
    expect(contract.importReport.answer.parse(found)).toEqual(found)
    expect(found).toMatchObject({
      ...{ state: 'finished', trouble: null, seconds_left: null, file_count: 1 },
      totals: { lines: 3, imported: 2, rejected: 1 },
      problems: [{ line: 3, code: 'NOT_OBJECT', text: '[1]', is_cut: false, remedy: expect.any(String) }],
    })
    expect(found.size).toBe((await stat(fileOf('run-a'))).size)
    expect((await app.get('/api/sft/queue')).json.total).toBe(2)
  })

  it('knows what time it is after the machine has slept', async () => {
    await writeRun(fileOf('run-a'), toJsonl([makeRecord(1)]))
    await ended(await start({ path: app.folder }))
    // Each look at the clock of tests takes a second.
    for (let second = 0; second < 100_000; second++) app.deps.now()
    const { started_at, finished_at } = await ended(await start({ path: app.folder }))
    expect(Date.parse(finished_at)).toBeGreaterThan(Date.parse(started_at))
  })

  it('does one after the other', async () => {
    const records = [...Array(3000).keys()].map((n) => makeRecord(n))
    await writeRun(fileOf('run-a'), toJsonl(records))
    await writeRun(fileOf('run-b'), toJsonl([makeRecord(9000)]))
    const [first, second] = [await start({ path: fileOf('run-a') }), await start({ path: fileOf('run-b') })]
    expect((await app.get('/api/sft/imports')).json.map(({ state }: { state: string }) => state)).toEqual([
      'waiting',
      'running',
    ])
    expect((await ended(second)).totals.imported).toBe(1)
    expect((await report(first)).totals.imported).toBe(3000)
  })

  it('refuses what is unclear, outside, or not there any more', async () => {
    for (const [body, status] of [
      [{}, 422],
      [{ run_id: 'a', path: 'b' }, 422],
      [{ path: app.folder, uploads: ['x'] }, 422],
      [{ uploads: [] }, 422],
      [{ uploads: ['gone'] }, 404],
      [{ path: '/etc' }, 403],
    ] as const) {
      expect((await app.post('/api/sft/imports', body)).status, JSON.stringify(body)).toBe(status)
    }
  })

  it('tells of a path that could not be read, with a remedy', async () => {
    await writeRun(join(app.folder, 'run-a/notes.txt'), 'x')
    const found = await ended(await start({ path: app.folder }))
    expect(found).toMatchObject({
      state: 'finished',
      files: [{ refused: { code: 'NOTHING_FOUND', remedy: expect.stringContaining('Name the directory') } }],
    })
    expect(found.ignored.count).toBeGreaterThan(0)
  })
})

describe('POST /api/sft/imports/:id/cancel', () => {
  it('stops it between two transactions; the same import again goes on', async () => {
    const records = [...Array(20_000).keys()].map((n) => makeRecord(n, { model_response: 'x'.repeat(1000) }))
    await writeRun(fileOf('run-a'), toJsonl(records))
    const id = await start({ path: fileOf('run-a') })
    await expect.poll(async () => (await report(id)).totals.imported).toBeGreaterThan(0)
    expect((await app.post(`/api/sft/imports/${id}/cancel`, undefined)).status).toBe(200)
    const { state, trouble, totals, finished_at } = await ended(id)
    expect({ state, finished_at }).toEqual({ state: 'cancelled', finished_at: null })
    expect(trouble).toContain('import again to go on')
    const rest = await ended(await start({ path: fileOf('run-a') }))
    expect(rest.totals).toMatchObject({ lines: 20_000, imported: 20_000 - totals.imported })
  })

  it('ends one that has not begun, and leaves one alone that is over', async () => {
    const records = [...Array(3000).keys()].map((n) => makeRecord(n))
    await writeRun(fileOf('run-a'), toJsonl(records))
    const [first, second] = [await start({ path: app.folder }), await start({ path: app.folder })]
    await app.post(`/api/sft/imports/${second}/cancel`, undefined)
    expect((await ended(second)).state).toBe('cancelled')
    expect((await ended(first)).state).toBe('finished')
    await app.post(`/api/sft/imports/${first}/cancel`, undefined)
    expect((await report(first)).state).toBe('finished')
    expect((await app.post('/api/sft/imports/999/cancel', undefined)).status).toBe(404)
  })
})

describe('a report', () => {
  it('comes in pages, with long lines cut and odd bytes shown', async () => {
    const long = `[${'1,'.repeat(2000)}1]`
    await writeRun(
      fileOf('run-a'),
      Buffer.concat([Buffer.from(`[0]\n${long}\n"`), Buffer.from([0xff, 0x22, 0x0a])]),
    )
    const id = (await ended(await start({ path: app.folder }))).import_id
    const first = await report(id, '?limit=2')
    expect(first.problems).toMatchObject([
      { line: 1, text: '[0]', is_cut: false },
      { line: 2, text: long.slice(0, 500), is_cut: true },
    ])
    expect((await report(id, '?limit=2&offset=2')).problems).toMatchObject([{ line: 3, text: '"\ufffd"' }])
    expect((await app.get(`/api/sft/imports/${id}?limit=5000`)).status).toBe(422)
  })

  it('gives the conflicting lines back, too', async () => {
    const other = JSON.stringify({ ...makeRecord(1), model_response: 'other' })
    await writeRun(fileOf('run-a'), `${toJsonl([makeRecord(1)])}${other}\n`)
    const { import_id, conflicts } = await ended(await start({ path: app.folder }))
    expect(conflicts).toMatchObject([{ line: 2, code: 'ID_CONFLICT', remedy: expect.any(String) }])
    const answer = await app.request(`/api/sft/imports/${import_id}/rejected?kind=conflict`)
    expect(await answer.text()).toBe(`${other}\n`)
  })
})

describe('uploads', () => {
  it('are imported as one, called as they were dropped, and removed', async () => {
    const names = ['run-a/sft_candidates.jsonl', 'run-b/sft_candidates.jsonl']
    const uploads: string[] = []
    for (const [n, name] of names.entries()) {
      const answer = await upload(name, toJsonl([makeRecord(n, { benchmark_run_id: null })]))
      const json = await answer.json()
      expect(contract.upload.answer.parse(json)).toEqual(json)
      uploads.push(json.upload_id)
    }
    const found = await ended(await start({ uploads }))
    expect(found).toMatchObject({ totals: { imported: 2 }, paths: names.map((name) => `upload:${name}`) })
    const runs = (await app.get('/api/sft/runs')).json
    expect(runs.map(({ run_id }: { run_id: string }) => run_id).sort()).toEqual(['run-a', 'run-b'])
    await expect.poll(() => readdir(join(app.folder, '../uploads'))).toEqual([])
    expect((await app.post('/api/sft/imports', { uploads })).status).toBe(404)
  })

  it('are recognised when they are dropped again', async () => {
    const drop = async () => {
      const { upload_id } = await (await upload('a.jsonl', toJsonl([makeRecord(1)]))).json()
      return ended(await start({ uploads: [upload_id] }))
    }
    expect((await drop()).totals).toMatchObject({ imported: 1 })
    expect((await drop()).totals).toMatchObject({ imported: 0, duplicate: 1 })
  })

  it('are refused in words when they are too large, and leave nothing behind', async () => {
    const answer = await upload('big.jsonl', 'x'.repeat(UPLOAD_LIMIT + 1))
    expect(answer.status).toBe(413)
    expect((await answer.json()).detail).toContain('avocet import')
    expect(await readdir(join(app.folder, '../uploads'))).toEqual([])
  })

  it('are dropped when the sender hangs up', async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
      pull: (controller) => controller.error(new Error('gone')),
    })
    expect((await upload('a.jsonl', body)).status).toBe(422)
    expect(await readdir(join(app.folder, '../uploads'))).toEqual([])
  })

  it('never leave their folder, whatever they are called', async () => {
    const answer = await upload('../../../etc/passwd', toJsonl([makeRecord(1)]))
    expect(answer.status).toBe(200)
    expect(await readdir(join(app.folder, '../uploads'))).toHaveLength(1)
    expect((await upload('', 'x')).status).toBe(422)
  })

  it('are wanted when an import of their folder would read them', async () => {
    const names = ['run-a/sft_candidates.jsonl', 'run-a/summary.json', 'README.md']
    const { json } = await app.post('/api/sft/uploads/wanted', { names })
    expect(json).toEqual({ wanted: ['run-a/sft_candidates.jsonl'] })
  })
})

describe('watching', () => {
  it('imports new and growing runs; a line that is being written waits', async () => {
    expect((await app.get('/api/sft/watch')).json).toMatchObject({ on: false, import_id: null })
    const line = JSON.stringify(makeRecord(2))
    await writeRun(fileOf('run-a'), `${toJsonl([makeRecord(1)])}${line.slice(0, 40)}`)
    const { json } = await app.put('/api/sft/watch', { on: true })
    expect(contract.setWatch.answer.parse(json)).toMatchObject({ on: true, paths: [app.folder] })
    const total = async () => (await app.get('/api/sft/queue')).json.total
    await expect.poll(total).toBe(1)
    await appendFile(fileOf('run-a'), `${line.slice(40)}\n`)
    await expect.poll(total).toBe(2)
    await writeRun(fileOf('run-b'), toJsonl([makeRecord(3)]))
    await expect.poll(total).toBe(3)
    const imports = (await app.get('/api/sft/imports')).json
    expect(imports).toHaveLength(3)
    expect(imports.map(({ totals }: { totals: { rejected: number } }) => totals.rejected)).toEqual([0, 0, 0])
  })

  it('imports nothing when nothing has changed, and nothing more once it is off', async () => {
    await writeRun(fileOf('run-a'), toJsonl([makeRecord(1)]))
    await app.watch.look()
    await app.watch.look()
    expect((await app.get('/api/sft/imports')).json).toHaveLength(1)
    await app.put('/api/sft/watch', { on: true })
    await app.put('/api/sft/watch', { on: false })
    await app.watch.stop()
    await appendFile(fileOf('run-a'), toJsonl([makeRecord(2)]))
    await sleep(10)
    expect((await app.get('/api/sft/queue')).json.total).toBe(1)
  })

  it('says what keeps it from looking, and is none the worse for it', async () => {
    await app.watch.look()
    expect((await app.get('/api/sft/watch')).json.trouble).toContain('no such file')
    await writeRun(fileOf('run-a'), toJsonl([makeRecord(1)]))
    await app.watch.look()
    expect((await app.get('/api/sft/watch')).json).toMatchObject({ trouble: null, import_id: 1 })
  })
})
