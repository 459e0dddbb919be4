/** Owns taking back a decision that this tab did not make, or no longer remembers: the card is fetched anew. */
import type { Answer } from '../../contract.ts'
import { type ApiError, fetchCandidate, undo } from '../api.ts'
import type { Outbox } from './outbox.ts'
import type { Recent, StandingDecision } from './recent.ts'

type Place = { id: string; version: number }
type Parts = {
  outbox: Outbox
  recent: Recent
  see(answer: Place): void
  onBack(details: Answer<'candidate'>, isSwift: boolean): void
  onRefused(row: StandingDecision, error: ApiError): void
}

/** A card that takes longer to come than this may meet a key that was meant for another. */
const SWIFT_MS = 300

export function createTakeBack({ outbox, recent, see, onBack, onRefused }: Parts) {
  /** An undo without an answer is sent again under the same id. */
  const ids = new Map<string, string>()

  async function takeBack({ id, version }: Place): Promise<Answer<'candidate'>> {
    const place = `${version} ${id}`
    const decision_id = ids.get(place) ?? crypto.randomUUID()
    ids.set(place, decision_id)
    see(await undo({ id, decision_id, version }))
    return fetchCandidate(id)
  }

  function takeBackRow(row: StandingDecision): void {
    if (recent.undoing.has(row.id)) return
    const since = Date.now()
    recent.undoing.add(row.id)
    outbox.add({
      id: row.id,
      send: async () => {
        const details = await takeBack(row)
        recent.undoing.delete(row.id)
        onBack(details, Date.now() - since < SWIFT_MS)
      },
      giveBack: (error) => {
        recent.undoing.delete(row.id)
        onRefused(row, error)
      },
    })
  }

  return { takeBack, takeBackRow }
}
