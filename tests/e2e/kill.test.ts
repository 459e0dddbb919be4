/** No acknowledged decision is lost: a serving process is killed again and again, its own answers are the witness. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { findDecision } from '../../src/store/decisions.ts'
import { openSqlite } from '../../src/store/dialect.ts'
import { migrated } from '../../src/store/open.ts'
import { verifyStore } from '../../src/store/verify.ts'
import { makeRecord, toJsonl, writeRun } from '../support/make-record.ts'
import { avocet, post, type Serving, serve } from '../support/start-avocet.ts'

const KILLS = 50
const WRITERS = 4
const CARDS = 200

type Acknowledged = Map<string, { id: string; text: string }>

/** Decides and undoes card after card until the server is gone; an answer that never came is not acknowledged. */
async function work(
  server: Serving,
  round: number,
  writer: number,
  acknowledged: Acknowledged,
): Promise<void> {
  for (let n = writer; ; n += WRITERS) {
    const id = makeRecord(n % CARDS).id
    const text = `round ${round} writer ${writer} number ${n}`
    const decision_id = `d-${round}-${writer}-${n}`
    try {
      const body = { id, action: 'correct', corrected_response: text, decision_id }
      const { status } = await post(`${server.url}/api/sft/submit`, body)
      if (status === 200) acknowledged.set(decision_id, { id, text })
      const undone = await post(`${server.url}/api/sft/undo`, {
        id,
        decision_id: `u-${round}-${writer}-${n}`,
      })
      if (undone.status === 200) acknowledged.set(`u-${round}-${writer}-${n}`, { id, text: '' })
    } catch {
      return
    }
  }
}

it(`keeps every acknowledged decision through ${KILLS} kills under load`, { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'avocet-kill-'))
  const db = join(folder, 'kill.db')
  const records = [...Array(CARDS).keys()].map((n) => makeRecord(n))
  const path = await writeRun(join(folder, 'run-a/sft_candidates.jsonl'), toJsonl(records))
  await avocet(['import', path, '--db', db])
  const acknowledged: Acknowledged = new Map()
  // On a busy machine some rounds are over before the first answer.
  for (let round = 0; round < KILLS || acknowledged.size <= KILLS; round++) {
    const server = await serve(['--db', db])
    const working = [...Array(WRITERS).keys()].map((writer) => work(server, round, writer, acknowledged))
    await sleep(20 + Math.random() * 180)
    await server.kill()
    await Promise.all(working)
  }
  const store = await migrated(openSqlite(db))
  const lost: string[] = []
  for (const [decision_id, { text }] of acknowledged) {
    const row = await findDecision(store.db, decision_id)
    if (!row || (row.corrected_response ?? '') !== text) lost.push(decision_id)
  }
  expect(lost).toEqual([])
  expect((await verifyStore(store)).differences).toEqual([])
  await store.close()
  await rm(folder, { recursive: true, force: true })
})
