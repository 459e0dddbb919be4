/** Owns the copy of words that the server has not got yet: it outlives a closed tab while the server is away. */
import { type FailureCategory, isFailureCategory } from '../../domain/failure-category.ts'

/** What a person has said of a card and not submitted. */
export type Words = { text: string; category: FailureCategory | null }

const PREFIX = 'avocet.unsaved.'

/** Where storage is full or forbidden the words live in the tab alone, as before. */
export function remember(id: string, { text, category }: Words): void {
  try {
    localStorage.setItem(PREFIX + id, JSON.stringify({ text, category }))
  } catch {
    forget(id)
  }
}

export function recall(id: string): Words | null {
  try {
    const { text, category } = JSON.parse(localStorage.getItem(PREFIX + id) ?? 'null') ?? {}
    if (typeof text !== 'string') return null
    return { text, category: isFailureCategory(category) ? category : null }
  } catch {
    return null
  }
}

export function forget(id: string): void {
  try {
    localStorage.removeItem(PREFIX + id)
  } catch {
    // Nothing was kept there.
  }
}
