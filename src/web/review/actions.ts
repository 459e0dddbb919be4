/** Owns the table of actions: what can be done to a card and from card to card, its words, its key, its colour and its effect. */
import type { Action } from '../../domain/decision.ts'
import {
  FAILURE_CATEGORIES,
  FAILURE_CATEGORY_WORDS,
  type FailureCategory,
} from '../../domain/failure-category.ts'
import type { Tone } from '../ui/status.ts'
import type { SftStore } from './use-sft-store.ts'

export type Glyph = 'check' | 'cross' | 'flag' | 'undo' | 'redo' | 'save' | 'close' | 'back' | 'skip' | 'next'

export type Row = {
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

export const REDO: Row = {
  label: 'Redo',
  explain: 'Decide again what was taken back last.',
  key: 'r',
  glyph: 'redo',
  tone: 'teal',
  invoke: (store) => store.redo(),
}

/** From card to card without a decision. */
export const BACK: Row = {
  label: 'Back',
  explain: 'The card that was left last.',
  key: 'b',
  glyph: 'back',
  tone: 'quiet',
  invoke: (store) => store.back(),
}

export const SKIP: Row = {
  label: 'Skip',
  explain: 'Later: this card comes back at the end.',
  key: 's',
  glyph: 'skip',
  tone: 'quiet',
  invoke: (store) => store.putLast(),
}

export const NEXT: Row = {
  label: 'Next',
  explain: 'The next card; this one stays where Back finds it.',
  key: 'n',
  glyph: 'next',
  tone: 'quiet',
  invoke: (store) => store.next(),
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

export const GO_ON_WRITING: Row = {
  label: 'Go on writing',
  explain: 'Asked then as well: back to the editor.',
  key: 'Escape',
  glyph: 'close',
  tone: 'quiet',
  invoke: (store) => store.goOnWriting(),
}

/**
 * The answers when a correction says what the model said. The key that saves is none of them: whoever presses it
 * twice has not read the question.
 */
export const SAME_ANSWERS: Row[] = [
  {
    label: 'Yes, mark as scoring artifact and save',
    explain: 'Asked once when a correction is the answer of the model: the model was right.',
    key: 'y',
    glyph: 'check',
    tone: 'good',
    invoke: (store) => store.saveAsArtifact(),
  },
  {
    label: 'No, save as it is',
    explain: 'Asked then as well: store the correction all the same.',
    key: 'a',
    glyph: 'save',
    tone: 'teal',
    invoke: (store) => store.saveAsItIs(),
  },
  GO_ON_WRITING,
]

export const CATEGORIES: Category[] = FAILURE_CATEGORIES.map((kind, index) => ({
  kind,
  ...FAILURE_CATEGORY_WORDS[kind],
  key: String(index + 1),
}))

/** What a plain key does; null for a key that means nothing. */
export function effectOfKey(key: string): ((store: SftStore) => void) | null {
  const row = [...BUCKETS, UNDO, REDO, BACK, SKIP, NEXT, ...SAME_ANSWERS].find((each) => each.key === key)
  if (row) return row.invoke
  const category = CATEGORIES.find((each) => each.key === key)
  return category ? (store) => store.toggleCategory(category.kind) : null
}

export function bucketOf(kind: Action): Bucket {
  const bucket = BUCKETS.find((each) => each.kind === kind)
  if (!bucket) throw new Error(`No bucket for "${kind}".`)
  return bucket
}
