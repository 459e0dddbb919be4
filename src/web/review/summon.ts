/** Owns the card that somebody asks for by its id: it comes first when it needs review, otherwise the page says where it is. */
import { ref, shallowRef } from 'vue'
import type { SftQueueItem } from '../../contract.ts'
import { fetchCandidate, toApiError } from '../api.ts'
import type { Queue } from './queue.ts'

/** `candidate` is null where there is no such card. */
export type Astray = { id: string; candidate: SftQueueItem | null }

export function createSummoner(queue: Queue, leaving: ReadonlySet<string>) {
  const astray = shallowRef<Astray | null>(null)
  const isSummoning = ref(false)
  let newest = ''

  async function summon(id: string): Promise<void> {
    newest = id
    isSummoning.value = true
    astray.value = null
    try {
      const { candidate, draft } = await fetchCandidate(id)
      if (newest !== id) return
      const waits = candidate.status === 'needs_review' && !candidate.decided_elsewhere
      if (waits && !leaving.has(id)) queue.receive({ ...candidate, draft })
      else astray.value = { id, candidate }
    } catch (error) {
      if (newest !== id) return
      const trouble = toApiError(error)
      if (trouble.status === 404) astray.value = { id, candidate: null }
      else queue.trouble.value = trouble
    }
    isSummoning.value = false
  }

  function dismiss(): void {
    newest = ''
    astray.value = null
    isSummoning.value = false
  }

  return { astray, isSummoning, summon, dismiss }
}
