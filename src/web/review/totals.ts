/** Owns the counts on the screen: the server's, moved at once by each decision made here. */
import { shallowRef } from 'vue'
import type { Stats } from '../../contract.ts'
import { type Action, STATUS_AFTER } from '../../domain/decision.ts'
import type { FailureCategory } from '../../domain/failure-category.ts'
import { fetchStats } from '../api.ts'

export type Totals = ReturnType<typeof createTotals>
type Act = { kind: Action; category: FailureCategory | null }

const REST_MS = 300

/** `isBusy` tells whether decisions are under way: the server's counts would then be older than ours. */
export function createTotals(isBusy: () => boolean) {
  const stats = shallowRef<Stats | null>(null)
  let moves = 0
  let timer = 0

  function move({ kind, category }: Act, step: 1 | -1): void {
    moves += 1
    if (!stats.value) return
    const { by_status, by_failure_category, export_ready } = stats.value
    const status = STATUS_AFTER[kind]
    const reason = category ?? 'none'
    const { needs_review } = by_status
    stats.value = {
      ...stats.value,
      by_status: { ...by_status, needs_review: needs_review - step, [status]: by_status[status] + step },
      by_failure_category: {
        ...by_failure_category,
        [reason]: (by_failure_category[reason] ?? 0) + step,
      },
      export_ready: export_ready + (kind === 'correct' ? step : 0),
    }
  }

  function refreshSoon(): void {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void refresh(), REST_MS)
  }

  /** Missing counts are no reason to interrupt a reviewer: the queue tells when the server is gone. */
  async function refresh(): Promise<void> {
    // The answer to the last decision asks again.
    if (stats.value && isBusy()) return
    const before = moves
    const fresh = await fetchStats().catch(() => null)
    if (!fresh) return
    if (stats.value && (isBusy() || before !== moves)) return refreshSoon()
    stats.value = fresh
  }

  return { stats, move, refresh, refreshSoon, stop: () => window.clearTimeout(timer) }
}
