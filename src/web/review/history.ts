/** Owns what was decided in this tab and can be taken back, and what was taken back and can be made again; a reload keeps both. */
import { shallowRef } from 'vue'
import type { LocalStore } from './local-store.ts'
import type { Act } from './messenger.ts'

export type HistoryRow = { key: string; tab: string; at: number; isUndone: boolean; act: Act }
export type History = ReturnType<typeof createHistory>

/** Of all tabs of this browser; what is older can be taken back on the page of its card. */
const KEPT = 1000

export function createHistory(local: LocalStore, tabName: () => string) {
  /** Oldest first. */
  const acts = shallowRef<Act[]>([])
  /** What was taken back last stands last. */
  const undone = shallowRef<Act[]>([])

  async function load(): Promise<void> {
    const rows = await local.all('history')
    for (const row of rows.slice(0, -KEPT)) local.remove('history', row.key)
    const mine = rows.slice(-KEPT).filter(({ tab }) => tab === tabName())
    acts.value = mine.filter((row) => !row.isUndone).map((row) => row.act)
    undone.value = mine.filter((row) => row.isUndone).map((row) => row.act)
  }

  function keep(act: Act, isUndone: boolean): void {
    local.put('history', { key: act.undo_id, tab: tabName(), at: local.next(), isUndone, act })
  }

  /** Of one card only the last decision stands: somebody else may have taken the one before back. */
  function add(act: Act): void {
    drop((each) => each.card.id === act.card.id)
    acts.value = [...acts.value, act]
    keep(act, false)
  }

  /** From another tab that is gone: behind what was decided here. */
  function adopt(found: Act[]): void {
    const known = new Set(acts.value.map(({ undo_id }) => undo_id))
    acts.value = [...found.filter(({ undo_id }) => !known.has(undo_id)), ...acts.value]
  }

  function undo(act: Act): void {
    acts.value = acts.value.filter((each) => each.undo_id !== act.undo_id)
    undone.value = [...undone.value, act]
    keep(act, true)
  }

  /** Neither can it be taken back any more, nor made again. */
  function drop(isIt: (act: Act) => boolean): void {
    dropFrom(acts, isIt)
    dropFrom(undone, isIt)
  }

  function dropDecided(isIt: (act: Act) => boolean): void {
    dropFrom(acts, isIt)
  }

  function dropUndone(isIt: (act: Act) => boolean = () => true): void {
    dropFrom(undone, isIt)
  }

  function dropFrom(list: typeof acts, isIt: (act: Act) => boolean): void {
    const gone = list.value.filter(isIt)
    if (gone.length === 0) return
    for (const act of gone) local.remove('history', act.undo_id)
    list.value = list.value.filter((act) => !gone.includes(act))
  }

  return { acts, undone, load, add, adopt, undo, drop, dropDecided, dropUndone }
}
