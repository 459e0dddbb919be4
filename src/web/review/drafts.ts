/** Owns what is typed and not yet submitted: kept on every keystroke, saved once the hand rests. */
import { reactive } from 'vue'
import type { Draft } from '../../contract.ts'
import { isBlank } from '../../domain/decision.ts'
import { ApiError, saveDraft } from '../api.ts'
import { forget, recall, remember, type Words } from './unsaved.ts'

/** `failed`: nobody answered, it is tried again; `refused`: the server does not take these words. */
export type SaveState = 'untouched' | 'waiting' | 'sending' | 'kept' | 'failed' | 'refused'
export type CardDraft = Words & {
  editing: boolean
  /** Counts the wishes to write, so that a second press of the key finds the text area again. */
  openings: number
  saving: SaveState
  reason: string
}
export type Drafts = ReturnType<typeof createDrafts>

const REST_MS = 500
/** Who types without a pause is saved once a second all the same. */
const LONGEST_WAIT_MS = 1000

export function createDrafts() {
  const drafts = reactive(new Map<string, CardDraft>())
  const timers = new Map<string, { handle: number; since: number }>()
  const requests = new Map<string, Promise<void>>()

  /** The draft of a card that just arrived; what this tab holds already is newer than what the server sent. */
  function open(id: string, saved: Draft | null): void {
    if (drafts.has(id)) return
    const unsaved = recall(id)
    restore(id, unsaved ?? { text: saved?.text ?? '', category: saved?.failure_category ?? null })
    if (unsaved) write(id, {})
    else if (saved) change(id, { saving: 'kept' })
  }

  function restore(id: string, { text, category }: Words): void {
    drafts.set(id, { text, category, editing: !isBlank(text), openings: 0, saving: 'untouched', reason: '' })
  }

  function change(id: string, changes: Partial<CardDraft>): void {
    const draft = drafts.get(id)
    if (draft) Object.assign(draft, changes)
  }

  function write(id: string, words: Partial<Words>): void {
    change(id, { ...words, saving: 'waiting' })
    const draft = drafts.get(id)
    if (draft) remember(id, draft)
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
    if (!draft || (draft.saving !== 'waiting' && draft.saving !== 'failed')) return before
    draft.saving = 'sending'
    const words = { text: draft.text, failure_category: draft.category }
    const save = (): Promise<unknown> => saveDraft(id, words, isClosing)
    // A closing page cannot wait for its turn.
    const request = (isClosing ? save() : before.then(save)).then(
      () => settle('kept', ''),
      (error) => settle(isRefusal(error) ? 'refused' : 'failed', wordsOf(error)),
    )
    requests.set(id, request)
    return request

    /** Words typed while the request was under way have one of their own. */
    function settle(saving: SaveState, reason: string): void {
      if (draft?.saving !== 'sending' || requests.get(id) !== request) return
      Object.assign(draft, { saving, reason })
      if (saving === 'kept' && drafts.get(id) === draft) forget(id)
    }
  }

  function flushAll(isClosing = false): void {
    for (const id of drafts.keys()) void flush(id, isClosing)
  }

  /** What was refused is not tried again before somebody changes it. */
  function retry(): void {
    for (const [id, draft] of drafts) if (draft.saving === 'failed') void flush(id)
  }

  /** Takes the draft out because its card leaves; `settled` resolves when no save of it is under way any more. */
  function take(id: string): Words & { settled: Promise<void> } {
    cancelTimer(id)
    const { text = '', category = null } = drafts.get(id) ?? {}
    // A correction on its way is not kept anywhere before the server answers.
    if (!isBlank(text)) remember(id, { text, category })
    drafts.delete(id)
    return { text, category, settled: requests.get(id) ?? Promise.resolve() }
  }

  function cancelTimer(id: string): void {
    window.clearTimeout(timers.get(id)?.handle)
    timers.delete(id)
  }

  return {
    of: (id: string) => drafts.get(id),
    open,
    restore,
    change,
    write,
    flush,
    flushAll,
    retry,
    take,
    forget,
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && !error.unanswered
}

function wordsOf(error: unknown): string {
  return error instanceof ApiError ? error.detail : String(error)
}
