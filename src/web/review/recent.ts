/** Owns the decisions that stand on this server, of everybody and of earlier visits, as "Just now" lists them. */
import { shallowRef } from 'vue'
import type { RecentDecision } from '../../contract.ts'
import { fetchDecisions } from '../api.ts'

export type Recent = ReturnType<typeof createRecent>
export type StandingDecision = RecentDecision & { action: 'correct' | 'discard' | 'flag' }

const LIMIT = 20

export function createRecent() {
  const rows = shallowRef<StandingDecision[]>([])
  let forgotten = new Set<string>()

  /** A missing list is no reason to interrupt a reviewer. */
  async function refresh(): Promise<void> {
    const mine = new Set<string>()
    forgotten = mine
    const answer = await fetchDecisions(LIMIT).catch(() => null)
    if (answer && forgotten === mine) rows.value = answer.filter(stands).filter(({ id }) => !mine.has(id))
  }

  /** What happened to this card since is told by somebody else. */
  function forget(id: string): void {
    forgotten.add(id)
    if (rows.value.some((row) => row.id === id)) rows.value = rows.value.filter((row) => row.id !== id)
  }

  return { rows, refresh, forget }
}

/** An undone decision is nothing to take back, and the undo itself brought its card back. */
function stands(row: RecentDecision): row is StandingDecision {
  return row.is_latest && row.action !== 'undo'
}
