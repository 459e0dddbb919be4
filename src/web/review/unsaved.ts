/** Owns the copy of words that the server has not got yet: kept in this browser on every keystroke, until the server has them. */
import type { Beginning } from '../../domain/decision.ts'
import type { FailureCategory } from '../../domain/failure-category.ts'
import type { LocalStore } from './local-store.ts'

/** What a person has said of a card and not submitted. */
export type Words = { text: string; category: FailureCategory | null; began_from: Beginning }
/** `revision` is the one of the server's draft that the words build on. */
export type UnsavedText = Words & { key: string; tab: string; at: number; id: string; revision: number }

export function createUnsaved(local: LocalStore, tabName: () => string) {
  /** Two tabs may write on one card: each keeps its own. */
  const keyOf = (id: string): string => `${tabName()} ${id}`

  function remember(
    id: string,
    { text, category, began_from, revision }: Words & { revision: number },
  ): void {
    const place = { key: keyOf(id), tab: tabName(), at: local.next() }
    local.put('drafts', { ...place, id, text, category, began_from, revision })
  }

  function forget(id: string): void {
    local.remove('drafts', keyOf(id))
  }

  return { remember, forget, drop: (row: UnsavedText) => local.remove('drafts', row.key) }
}
