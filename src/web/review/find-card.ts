/** Owns finding one card by its id, and whether it still waits for review. */
import type { QueueItem, SftQueueItem } from '../../contract.ts'
import { fetchCandidate, toApiError } from '../api.ts'

/** `card` is null where it is decided already; `candidate` too where there is no such card. */
export type Found = { card: QueueItem | null; candidate: SftQueueItem | null }

/** Throws where nobody answered. */
export async function findCard(id: string): Promise<Found> {
  try {
    const { candidate, draft } = await fetchCandidate(id)
    const waits = candidate.status === 'needs_review' && !candidate.decided_elsewhere
    return { candidate, card: waits ? { ...candidate, draft } : null }
  } catch (error) {
    if (toApiError(error).status === 404) return { candidate: null, card: null }
    throw error
  }
}
