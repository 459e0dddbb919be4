/** Owns faults planted to see the checks notice them: each is what a program does that breaks one promise. */
import type { Fault } from './world.ts'

export const FAULTS: Record<string, Fault> = {
  'a decision is acknowledged and not kept': async (send, { path, body }) =>
    path === 'submit' && body.action === 'flag'
      ? { status: 200, json: { version: (body.version ?? 0) + 1 } }
      : send(),
  'a repeated decision acts again': spoiled((request) => {
    if (request.path === 'submit') request.body = { ...request.body, decision_id: crypto.randomUUID() }
  }),
  'the same decision_id is taken for other words': async (send, { path }) => {
    const answer = await send()
    return path === 'submit' && answer.json.code === 'decision_id_reused'
      ? { ...answer, status: 200 }
      : answer
  },
  'a version is counted twice': async (send, { path, body }, { db }) => {
    const answer = await send()
    if (path === 'undo' && answer.status === 200) {
      const version = answer.json.version + 1
      await db.updateTable('candidates').set({ version }).where('id', '=', body.id).execute()
    }
    return answer
  },
  'a stale decision is taken': spoiled((request) => {
    if (request.path === 'submit') request.body = { ...request.body, version: null }
  }),
  'a stale undo is taken': spoiled((request) => {
    if (request.path === 'undo') request.body = { ...request.body, version: null }
  }),
  'a card stands where its log does not lead': async (send, { path, body }, { db }) => {
    const answer = await send()
    if (path === 'undo' && answer.status === 200) {
      await db.updateTable('candidates').set({ status: 'discarded' }).where('id', '=', body.id).execute()
    }
    return answer
  },
  'an undo wipes the log': async (send, { path, body }, { db }) => {
    const answer = await send()
    if (path === 'undo' && answer.status === 200) {
      await db.deleteFrom('decisions').where('decision_id', '=', body.decision_id).execute()
    }
    return answer
  },
  'the text of a refused decision is thrown away': async (send, { path, body }, { db }) => {
    const answer = await send()
    if (path === 'submit' && answer.status === 409) {
      await db.deleteFrom('drafts').where('text', '=', body.corrected_response).execute()
    }
    return answer
  },
  'a tab writes over the draft of another': async (send, request) => {
    if (request.path.startsWith('drafts/'))
      request.body = { ...request.body, base_revision: null, writer: 'one' }
    return send()
  },
  'an import resets what was decided': async (send, { path }, { db }) => {
    const answer = await send()
    if (path === 'import') {
      const reset = { status: 'needs_review', corrected_response: null, failure_category: null } as const
      await db.updateTable('candidates').set(reset).execute()
    }
    return answer
  },
  'a card is passed over by the queue': async (send, { path }) => {
    const answer = await send()
    if (path.startsWith('queue')) answer.json.items.splice(1, 1)
    return answer
  },
  'a counter is not moved': async (send, { path }, { db }) => {
    const answer = await send()
    if (path === 'undo' && answer.status === 200) await db.updateTable('counters').set({ n: 1 }).execute()
    return answer
  },
}

/** Changes the request before it is sent. */
function spoiled(spoil: (request: Parameters<Fault>[1]) => void): Fault {
  return (send, request) => {
    spoil(request)
    return send()
  }
}
