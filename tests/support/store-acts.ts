/** Owns what tests do to a store: bring records in, and decide. */
import { readRecord } from '../../src/domain/record.ts'
import { createBooks } from '../../src/store/books.ts'
import { appendDecision, lockCandidate } from '../../src/store/decisions.ts'
import { type Incoming, packRecords } from '../../src/store/incoming.ts'
import { type Fate, insertCandidates } from '../../src/store/insert-candidates.ts'
import { type Store, write } from '../../src/store/open.ts'

export const NOW = '2026-04-07T12:00:00.000Z'
export const SHA = new Uint8Array(32)

export function incoming(
  record: Record<string, unknown>,
  directory = 'run-a',
  raw = JSON.stringify(record),
): Incoming & { directory: string } {
  const reading = readRecord(record)
  if ('fault' in reading) throw new Error(reading.fault.reason)
  return { facts: reading.facts, raw: Buffer.from(raw), directory }
}

/** All from the directory of the first. */
export async function insert(store: Store, ...batch: ReturnType<typeof incoming>[]): Promise<Fate[]> {
  const records = packRecords(batch, batch[0]?.directory ?? '')
  return write(store, async (trx) => {
    const books = createBooks()
    const fates = await insertCandidates(store, trx, books, records, NOW)
    await books.settle(trx)
    return fates
  })
}

export async function decide(
  store: Store,
  id: string,
  decision_id: string,
  text: string | null,
  decided_at = NOW,
): Promise<void> {
  await write(store, async (trx) => {
    const candidate = await lockCandidate(trx, store.locksRows, id)
    if (!candidate) throw new Error(`no ${id}`)
    const action = text === null ? ('discard' as const) : ('correct' as const)
    const standing = {
      status: text === null ? ('discarded' as const) : ('approved' as const),
      corrected_response: text,
      failure_category: null,
    }
    const provenance = { active_seconds: null, began_from: null }
    const decision = {
      ...{ decision_id, action, reviewer: 'ada', decided_at, request_sha256: SHA },
      ...provenance,
    }
    await appendDecision(trx, candidate, standing, decision)
  })
}
