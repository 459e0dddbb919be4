/** Owns the cards that this tab left undecided, in the order in which it left them: the way back. */
import type { QueueItem } from '../../contract.ts'

/** So many are in memory; those before them are known by their id. */
const KEPT = 20
const LONGEST = 1000

export function createTrail() {
  let ids: string[] = []
  const kept = new Map<string, QueueItem>()

  function push(card: QueueItem): void {
    drop(card.id)
    ids = [...ids, card.id].slice(-LONGEST)
    kept.set(card.id, card)
    for (const oldest of kept.keys()) if (kept.size > KEPT) kept.delete(oldest)
  }

  function drop(id: string): void {
    ids = ids.filter((each) => each !== id)
    kept.delete(id)
  }

  function clear(): void {
    ids = []
    kept.clear()
  }

  return { push, drop, clear, last: () => ids.at(-1), cardOf: (id: string) => kept.get(id) }
}
