/** Owns what is typed and not yet submitted: kept here on every keystroke, on the server once the hand rests. */
import { reactive } from 'vue'
import type { Draft } from '../../contract.ts'
import { isBlank } from '../../domain/decision.ts'
import { type ApiError, saveDraft, toApiError } from '../api.ts'
import type { createUnsaved, UnsavedText, Words } from './unsaved.ts'

/**
 * `failed`: nobody answered, it is tried again; `refused`: the server does not take these words; `homeless`: it does
 * not know their card; `rivalled`: somebody else's text is in the way, and a person has to choose.
 */
export type SaveState = 'untouched' | 'waiting' | 'sending' | 'kept' | Unkept | 'homeless'
type Unkept = 'failed' | 'refused' | 'rivalled'
export type CardDraft = Words & {
  editing: boolean
  /** Counts the wishes to write, so that a second press of the key finds the text area again. */
  openings: number
  saving: SaveState
  reason: string
  /** Of the server's draft that these words build on, 0 for none. */
  revision: number
  rival: Draft | null
  /** Thrown away a moment ago. */
  cleared: Words | null
}
export type Drafts = ReturnType<typeof createDrafts>
type Parts = {
  unsaved: ReturnType<typeof createUnsaved>
  tabName(): string
  /** While a decision on the card is unanswered its text must not overtake it. */
  isHeld(id: string): boolean
}

const REST_MS = 500
/** Who types without a pause is saved once a second all the same. */
const LONGEST_WAIT_MS = 1000

export const NO_DRAFT: CardDraft = {
  ...{ text: '', category: null, began_from: 'blank', editing: false, openings: 0 },
  ...{ saving: 'untouched', reason: '', revision: 0, rival: null, cleared: null },
}

export function createDrafts({ unsaved, tabName, isHeld }: Parts) {
  const drafts = reactive(new Map<string, CardDraft>())
  const timers = new Map<string, { handle: number; since: number }>()
  const requests = new Map<string, Promise<void>>()

  /** The draft that came with a card; what this tab holds and the server has not is newer. */
  function open(id: string, saved: Draft | null): void {
    const here = drafts.get(id)
    if (here && (!isSettled(here) || (saved?.revision ?? 0) <= here.revision)) return
    restore(id, { ...textOf(saved), revision: saved?.revision ?? 0 })
    if (saved) change(id, { saving: 'kept' })
  }

  /** Words that an earlier page left behind: the server is told of them, whether their card comes or not. */
  function load(rows: UnsavedText[]): void {
    for (const [id, texts] of Map.groupBy(rows, (row) => row.id)) {
      const newest = texts.pop() as UnsavedText
      restore(id, newest)
      unsaved.drop(newest)
      write(id, {})
      for (const older of texts) void setAside(older).then(() => unsaved.drop(older), ignore)
    }
  }

  function restore(id: string, { text, category, began_from, revision = 0 }: Words & { revision?: number }) {
    const words = { text, category, began_from, revision }
    drafts.set(id, { ...NO_DRAFT, ...words, editing: !isBlank(text) })
  }

  function change(id: string, changes: Partial<CardDraft>): void {
    const draft = drafts.get(id)
    if (draft) Object.assign(draft, changes)
  }

  function write(id: string, words: Partial<Words>): void {
    const draft = drafts.get(id)
    if (!draft) return
    Object.assign(draft, words, { cleared: null })
    // Whoever empties the field begins anew.
    if (draft.text === '') draft.began_from = 'blank'
    unsaved.remember(id, draft)
    if (draft.rival) return
    draft.saving = 'waiting'
    const since = timers.get(id)?.since ?? Date.now()
    cancelTimer(id)
    const wait = Math.max(0, Math.min(REST_MS, since + LONGEST_WAIT_MS - Date.now()))
    timers.set(id, { handle: window.setTimeout(() => void flush(id), wait), since })
  }

  /** Saves what is not saved yet. Never throws: a draft that failed says so itself. */
  function flush(id: string, isClosing = false): Promise<void> {
    cancelTimer(id)
    const draft = drafts.get(id)
    const before = requests.get(id) ?? Promise.resolve()
    if (!draft || (draft.saving !== 'waiting' && draft.saving !== 'failed') || isHeld(id)) return before
    draft.saving = 'sending'
    const body = { ...bodyOf(draft), writer: tabName() }
    const save = () => saveDraft(id, { ...body, base_revision: draft.revision }, isClosing)
    // A closing page cannot wait for its turn.
    const request = (isClosing ? save() : before.then(save)).then(
      ({ revision }) => settle(draft, 'kept', { revision }),
      (thrown) => settleRefusal(draft, toApiError(thrown)),
    )
    requests.set(id, request)
    return request

    /** Words typed while the request was under way have one of their own. */
    function settle(of: CardDraft, saving: SaveState, changes: Partial<CardDraft>): void {
      const isLast = of.saving === 'sending' && requests.get(id) === request
      Object.assign(of, changes, isLast || changes.rival ? { saving } : {})
      if (isLast && saving === 'kept' && drafts.get(id) === draft) unsaved.forget(id)
    }

    function settleRefusal(of: CardDraft, error: ApiError): void {
      const { draft: rival, detail: reason } = error
      if (rival) cancelTimer(id)
      if (rival) settle(of, 'rivalled', { rival, reason: '' })
      else if (error.unanswered) settle(of, 'failed', { reason })
      else settle(of, error.status === 404 ? 'homeless' : 'refused', { reason })
    }
  }

  function flushAll(isClosing = false): void {
    for (const id of drafts.keys()) void flush(id, isClosing)
  }

  /** What was refused is not tried again before somebody changes it. */
  function retry(): void {
    for (const [id, draft] of drafts) if (draft.saving === 'failed') void flush(id)
  }

  function keepMine(id: string): void {
    const draft = drafts.get(id)
    if (!draft?.rival) return
    Object.assign(draft, { revision: draft.rival.revision, rival: null })
    write(id, {})
    void flush(id)
  }

  /** What was typed here since is set aside first: the server keeps both. */
  async function takeRival(id: string): Promise<void> {
    const draft = drafts.get(id)
    const rival = draft?.rival
    if (!draft || !rival) return
    try {
      await setAside({ ...draft, id })
      restore(id, { ...textOf(rival), revision: rival.revision })
      change(id, { saving: 'kept', editing: true })
      unsaved.forget(id)
    } catch (error) {
      draft.reason = toApiError(error).detail
    }
  }

  /** For a text that is no draft any more; the server keeps it among the earlier ones. Throws where nobody answers. */
  async function setAside(words: Words & { id: string; revision: number }): Promise<void> {
    try {
      await saveDraft(words.id, { ...bodyOf(words), writer: crypto.randomUUID() })
    } catch (error) {
      if (toApiError(error).unanswered) throw error
    }
  }

  /** The server has both texts one after the other, and so keeps the one before. */
  async function replace(id: string, words: Partial<Words>): Promise<void> {
    await flush(id)
    write(id, { text: '' })
    await flush(id)
    write(id, words)
    void flush(id)
  }

  function clear(id: string): void {
    const draft = drafts.get(id)
    if (!draft) return
    const { text, category, began_from } = draft
    void flush(id)
    write(id, { text: '' })
    draft.cleared = { text, category, began_from }
  }

  function putBack(id: string): void {
    const cleared = drafts.get(id)?.cleared
    if (cleared) write(id, cleared)
  }

  /** Takes the draft out because its card leaves: the decision carries the words from here on. */
  function take(id: string): Words {
    cancelTimer(id)
    const { text, category, began_from } = drafts.get(id) ?? NO_DRAFT
    unsaved.forget(id)
    drafts.delete(id)
    return { text, category, began_from }
  }

  function cancelTimer(id: string): void {
    window.clearTimeout(timers.get(id)?.handle)
    timers.delete(id)
  }

  return {
    ...{ open, load, restore, change, write, flush, flushAll, retry, take },
    ...{ keepMine, takeRival, replace, clear, putBack },
    of: (id: string) => drafts.get(id),
    /** Resolves when no save of it is under way any more. */
    settled: (id: string) => requests.get(id) ?? Promise.resolve(),
    /** The first that the server has not got although it should: nobody answered, or it was refused. */
    unkept: () => [...drafts.values()].find(({ saving }) => UNKEPT.has(saving)),
  }
}

/** A text of a card that this server does not know stays in this browser, and is no work of today. */
const UNKEPT = new Set<SaveState>(['failed', 'refused', 'rivalled'])

/** Nothing of it is the business of this tab alone. */
export function isSettled({ saving }: CardDraft): boolean {
  return saving === 'untouched' || saving === 'kept'
}

function textOf(saved: Draft | null): Words {
  const { text = '', failure_category = null, began_from = null } = saved ?? {}
  return { text, category: failure_category, began_from: began_from ?? 'blank' }
}

function bodyOf({ text, category, began_from, revision }: Words & { revision: number }) {
  return {
    text,
    failure_category: category,
    began_from: text === '' ? null : began_from,
    base_revision: revision,
  }
}

function ignore(): void {
  // Kept in this browser until somebody answers.
}
