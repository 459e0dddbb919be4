/** Owns the program as the commands see it: the real handler on a real store, which can be started again. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Store } from '../../src/store/open.ts'
import { verifyStore } from '../../src/store/verify.ts'
import { makeRecord, toJsonl, writeRun } from '../support/make-record.ts'
import { appOn } from '../support/test-app.ts'
import type { Expected } from './card-model.ts'

// biome-ignore lint/suspicious/noExplicitAny: compared with the model as it comes
type Json = any
export type Reply = { status: number; json: Json }
/** A fault planted to see the checks notice it: around each request, with the store to spoil. */
export type Fault = (
  send: () => Promise<Reply>,
  request: { path: string; body: Json },
  store: Store,
) => Promise<Reply>
export type World = Awaited<ReturnType<typeof createWorld>>

/** `open` opens the same store each time, as a new process would. */
export async function createWorld(open: () => Promise<Store>, fault: Fault = (send) => send()) {
  const temporary = await mkdtemp(join(tmpdir(), 'avocet-model-'))
  const folder = join(temporary, 'runs')
  let store = await open()
  let app = appOn(store, folder)
  let commands = 0

  async function send(method: 'GET' | 'POST' | 'PUT', path: string, body?: Json): Promise<Reply> {
    const request = { path, body }
    return fault(() => app.send(method, `/api/sft/${request.path}`, request.body), request, store)
  }

  /** The first record of a file imported again has another answer: a conflict, which changes nothing. */
  async function importCards(ids: string[]): Promise<void> {
    const records = ids.map((id, n) => makeRecord(n, { id, benchmark_run_id: ids[0]?.split('-')[0] }))
    const changed = { ...records[0], model_response: 'changed' }
    const path = await writeRun(
      join(folder, `run-${commands}/sft_candidates.jsonl`),
      toJsonl([...records, changed]),
    )
    const { status, json } = await send('POST', 'import', { path })
    same('import', [status, json.rejected, json.conflict], [200, 0, 1])
    await rm(path)
  }

  async function queue(): Promise<string[]> {
    const ids: string[] = []
    for (let after: string | undefined; ; after = ids.at(-1)) {
      const behind = after === undefined ? '' : `&after=${encodeURIComponent(after)}`
      const { json } = await send('GET', `queue?per_page=200${behind}`)
      if (json.items.length === 0) return ids
      ids.push(...json.items.map(({ id }: { id: string }) => id))
    }
  }

  async function exported(run: string): Promise<string[]> {
    const response = await app.request(`/api/sft/export?run_id=${run}`)
    const lines = (await response.text()).split('\n').filter((line) => line !== '')
    return lines.map((line) => JSON.parse(line).messages.at(-1).content)
  }

  return {
    post: (path: string, body: Json) => send('POST', path, body),
    put: (path: string, body: Json) => send('PUT', path, body),
    card: async (id: string) => (await send('GET', `candidates/${id}`)).json,
    importCards,
    queue,
    exported,
    same,
    count: () => void commands++,
    counted: () => commands,
    expect(answer: Reply | undefined, { status, code, version }: Expected): void {
      const { json } = answer ?? {}
      const told = { status: answer?.status, ...(code && { code: json.code }) }
      same('answer', told, { status, ...(code && { code }) })
      if (version !== undefined) same('version', json.version ?? json.revision, version)
    },
    async restart(): Promise<void> {
      await app.stop()
      await store.close()
      store = await open()
      app = appOn(store, folder)
    },
    /** The whole store recomputed from its log. */
    async verify(): Promise<void> {
      same('differences', (await verifyStore(store)).differences, [])
    },
    async close(): Promise<void> {
      await app.stop()
      await rm(temporary, { recursive: true, force: true })
    },
  }
}

function same(what: string, found: unknown, wanted: unknown): void {
  if (isDeepStrictEqual(found, wanted)) return
  throw new Error(`${what}: found ${JSON.stringify(found)}, expected ${JSON.stringify(wanted)}`)
}
