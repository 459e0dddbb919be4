/** Owns how a decision is told to the server, so that telling it twice acts once. */
import type { Answer, Body, QueueItem, SftQueueItem, SubmitRequest } from '../../contract.ts'
import type { Action } from '../../domain/decision.ts'
import { ApiError, submit, undo } from '../api.ts'
import type { Words } from './unsaved.ts'

/** A decision made in this tab. `undoId` is made with it, so that an undo without an answer can be sent again. */
export type Act = Words & {
  card: QueueItem
  kind: Action
  undoId: string
  state: 'sending' | 'saved'
  /** The card's version after it, once the server has told. */
  version: number | null
}
type Ask = Omit<SubmitRequest, 'decision_id'>

export function createMessenger() {
  const versions = new Map<string, number>()
  const unanswered = new Map<string, SubmitRequest>()

  function see({ id, version }: Pick<SftQueueItem, 'id' | 'version'>): void {
    versions.set(id, version)
  }

  async function tell(act: Act): Promise<void> {
    const request = requestOf(act)
    unanswered.set(request.id, request)
    const answer = await heard(request.id, submit(request))
    Object.assign(act, { state: 'saved', version: answer.version })
    see(answer)
  }

  /** The version is asked for only now: an undo before this decision may have raised it. */
  function requestOf({ card, kind, text, category }: Act): SubmitRequest {
    const ask: Ask = {
      id: card.id,
      action: kind,
      corrected_response: kind === 'correct' ? text : null,
      failure_category: category,
      version: versions.get(card.id) ?? card.version,
    }
    const last = unanswered.get(card.id)
    if (last && isSame(last, ask)) return last
    return { ...ask, decision_id: crypto.randomUUID() }
  }

  async function takeBack({ card, undoId, version }: Act): Promise<Answer<'undo'>> {
    const request: Body<'undo'> = { id: card.id, decision_id: undoId, version: version ?? undefined }
    const answer = await heard(card.id, undo(request))
    see(answer)
    return answer
  }

  /** Only an answer ends a request; without one the same id is sent again. */
  async function heard<T>(id: string, request: Promise<T>): Promise<T> {
    try {
      const answer = await request
      unanswered.delete(id)
      return answer
    } catch (error) {
      if (!(error instanceof ApiError) || error.unanswered) throw error
      unanswered.delete(id)
      if (error.candidate) see(error.candidate)
      throw error
    }
  }

  return { see, tell, takeBack }
}

function isSame({ decision_id: _, ...last }: SubmitRequest, ask: Ask): boolean {
  return JSON.stringify(last) === JSON.stringify(ask)
}
