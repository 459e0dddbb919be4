/** Owns the card that somebody asks for by its id: it comes first when it needs review, otherwise the page says where it is. */
import { ref, shallowRef } from 'vue'
import type { SftQueueItem } from '../../contract.ts'
import { toApiError } from '../api.ts'
import { findCard } from './find-card.ts'
import type { Queue } from './queue.ts'

/** `candidate` is null where there is no such card. */
export type Astray = { id: string; candidate: SftQueueItem | null }

export type Summoner = ReturnType<typeof createSummoner>

export function createSummoner(queue: Queue, leaving: ReadonlySet<string>) {
  const astray = shallowRef<Astray | null>(null)
  const isSummoning = ref(false)
  let newest = ''

  async function summon(id: string): Promise<void> {
    const found = await bring(id)
    if (found && !found.isHere) astray.value = { id, candidate: found.candidate }
  }

  /** Null where nobody answered, or another card was asked for meanwhile. */
  async function bring(id: string): Promise<{ isHere: boolean; candidate: SftQueueItem | null } | null> {
    newest = id
    isSummoning.value = true
    astray.value = null
    try {
      const { card, candidate } = await findCard(id)
      if (newest !== id) return null
      const isHere = card !== null && !leaving.has(id)
      if (isHere) queue.receive(card)
      isSummoning.value = false
      return { isHere, candidate }
    } catch (error) {
      if (newest !== id) return null
      queue.trouble.value = toApiError(error)
      isSummoning.value = false
      return null
    }
  }

  function dismiss(): void {
    newest = ''
    astray.value = null
    isSummoning.value = false
  }

  return { astray, isSummoning, summon, bring, dismiss }
}
