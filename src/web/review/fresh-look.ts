/** Owns the look at the card on the screen after the reviewer was elsewhere: somebody else may have been here meanwhile. */
import type { Answer } from '../../contract.ts'
import { fetchCandidate } from '../api.ts'
import { firstWords } from './answers.ts'
import type { Desk, DeskParts } from './desk.ts'
import type { Outbox } from './outbox.ts'

type Parts = Pick<DeskParts, 'queue' | 'drafts'> & { desk: Desk; outbox: Outbox }

export function createFreshLook({ desk, outbox, queue, drafts }: Parts) {
  async function lookAtCurrent(): Promise<void> {
    const id = queue.current.value?.id
    if (id === undefined || outbox.has(id)) return
    const details = await fetchCandidate(id).catch(() => null)
    // Whoever is away is told when something else is asked for.
    if (details && queue.current.value?.id === id && !outbox.has(id)) compare(details)
  }

  function compare({ candidate, history, draft }: Answer<'candidate'>): void {
    const { id } = candidate
    const last = history.at(-1)
    desk.see(candidate)
    if (candidate.status === 'needs_review') drafts.open(id, draft)
    else if (last) desk.refuse(id, { reason: firstWords(last, drafts.of(id)?.text ?? ''), isFinal: true })
  }

  return { lookAtCurrent }
}
