/** Owns what a reviewer writes on the card on the screen: its text, its category, and the choice between two texts. */
import type { ComputedRef } from 'vue'
import type { Draft, QueueItem } from '../../contract.ts'
import type { Beginning } from '../../domain/decision.ts'
import type { FailureCategory } from '../../domain/failure-category.ts'
import { cleanText } from '../../domain/record.ts'
import type { Desk } from './desk.ts'
import type { CardDraft, Drafts } from './drafts.ts'
import type { History } from './history.ts'
import { referenceOf } from './reference-answer.ts'
import type { Words } from './unsaved.ts'

type Parts = {
  current: ComputedRef<QueueItem | null>
  draft: ComputedRef<CardDraft | undefined>
  drafts: Drafts
  history: History
  desk: Desk
}

export function createTyping({ current, draft, drafts, history, desk }: Parts) {
  function change(words: Partial<Words>): void {
    if (!current.value) return
    drafts.write(current.value.id, words)
    changed(current.value.id)
  }

  /** Other words: what was decided on them before is not what would be decided now. */
  function changed(id: string): void {
    history.dropUndone((act) => act.card.id === id)
    if (!desk.refusals.get(id)?.isFinal) desk.refusals.delete(id)
  }

  function toggleCategory(kind: FailureCategory): void {
    change({ category: draft.value?.category === kind ? null : kind })
  }

  function openEditor(): void {
    if (!current.value || !draft.value) return
    drafts.change(current.value.id, { editing: true, openings: draft.value.openings + 1 })
  }

  function closeEditor(): void {
    if (!current.value || !draft.value?.editing) return
    drafts.change(current.value.id, { editing: false })
    void drafts.flush(current.value.id)
  }

  /** Never over something typed. */
  function startFrom(text: string | null | undefined, began_from: Beginning): void {
    if (text == null || draft.value?.text !== '') return
    change({ text: cleanText(text), began_from })
    openEditor()
  }

  function clearText(): void {
    if (!current.value) return
    drafts.clear(current.value.id)
    changed(current.value.id)
  }

  function putBack(): void {
    if (current.value) drafts.putBack(current.value.id)
  }

  /** Of two texts for one card, one typed here and one elsewhere. */
  function choose(whose: 'mine' | 'theirs'): void {
    if (!current.value) return
    const { id } = current.value
    if (whose === 'mine') drafts.keepMine(id)
    else void drafts.takeRival(id)
    changed(id)
  }

  /** On whatever page: an earlier text of a card becomes its draft again. */
  async function useText(id: string, { text, began_from }: Draft, saved: Draft | null): Promise<void> {
    drafts.open(id, saved)
    changed(id)
    await drafts.replace(id, { text, began_from: began_from ?? 'blank' })
    drafts.change(id, { editing: true })
  }

  return {
    ...{ change, toggleCategory, openEditor, closeEditor },
    write: (text: string) => change({ text }),
    startFromAnswer: () => startFrom(current.value?.model_response, 'answer'),
    startFromReference: () => startFrom(current.value && referenceOf(current.value), 'reference'),
    ...{ clearText, putBack, choose, useText },
  }
}
