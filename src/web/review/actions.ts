/** Owns the table of actions: what can be done to a card, its words, its key, its colour and its effect. */
import type { Action } from '../../domain/decision.ts'
import {
  FAILURE_CATEGORIES,
  FAILURE_CATEGORY_WORDS,
  type FailureCategory,
} from '../../domain/failure-category.ts'
import type { SftStore } from './use-sft-store.ts'

export type Tone = 'good' | 'quiet' | 'mid' | 'teal'
export type Glyph = 'check' | 'cross' | 'flag' | 'undo' | 'save' | 'close'

type Row = {
  label: string
  explain: string
  /** Compared with the letter or digit typed; `Mod` is Ctrl, on a Mac Cmd. */
  key: string
  glyph: Glyph
  tone: Tone
  invoke(store: SftStore): void
}
/** `done` is what the page says when it has happened. */
export type Bucket = Row & { kind: Action; done: string }
export type Category = { kind: FailureCategory; label: string; explain: string; key: string }

export const BUCKETS: Bucket[] = [
  {
    kind: 'correct',
    label: 'Correct',
    done: 'Corrected',
    explain: 'Write what it should have said.',
    key: 'c',
    glyph: 'check',
    tone: 'good',
    invoke: (store) => store.openEditor(),
  },
  {
    kind: 'discard',
    label: 'Discard',
    done: 'Discarded',
    explain: 'Not a useful failure.',
    key: 'd',
    glyph: 'cross',
    tone: 'quiet',
    invoke: (store) => store.decide('discard'),
  },
  {
    kind: 'flag',
    label: 'Flag model',
    done: 'Model flagged',
    explain: 'Completely wrong for this task type.',
    key: 'f',
    glyph: 'flag',
    tone: 'mid',
    invoke: (store) => store.decide('flag'),
  },
]

export const UNDO: Row = {
  label: 'Undo',
  explain: 'Take the last decision back.',
  key: 'u',
  glyph: 'undo',
  tone: 'teal',
  invoke: (store) => store.undo(),
}

export const SUBMIT: Row = {
  label: 'Save and next',
  explain: 'Store the correction and show the next card.',
  key: 'Mod+Enter',
  glyph: 'save',
  tone: 'teal',
  invoke: (store) => store.submit(),
}

export const CLOSE: Row = {
  label: 'Close, keep draft',
  explain: 'Close the editor; the text stays.',
  key: 'Escape',
  glyph: 'close',
  tone: 'quiet',
  invoke: (store) => store.closeEditor(),
}

export const CATEGORIES: Category[] = FAILURE_CATEGORIES.map((kind, index) => ({
  kind,
  ...FAILURE_CATEGORY_WORDS[kind],
  key: String(index + 1),
}))

/** What a plain key does; null for a key that means nothing. */
export function effectOfKey(key: string): ((store: SftStore) => void) | null {
  const row = [...BUCKETS, UNDO].find((each) => each.key === key)
  if (row) return row.invoke
  const category = CATEGORIES.find((each) => each.key === key)
  return category ? (store) => store.toggleCategory(category.kind) : null
}

export function bucketOf(kind: Action): Bucket {
  const bucket = BUCKETS.find((each) => each.kind === kind)
  if (!bucket) throw new Error(`No bucket for "${kind}".`)
  return bucket
}
