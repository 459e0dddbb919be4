/** Owns saving a correction, and the question, asked once per card, when it says what the model said: was the benchmark wrong? */
import { type ComputedRef, computed, shallowRef } from 'vue'
import type { QueueItem } from '../../contract.ts'
import { type Action, isBlank, isSameText } from '../../domain/decision.ts'
import { cleanText } from '../../domain/record.ts'
import type { CardDraft } from './drafts.ts'
import type { createTyping } from './typing.ts'

type Parts = {
  current: ComputedRef<QueueItem | null>
  draft: ComputedRef<CardDraft | undefined>
  typing: Pick<ReturnType<typeof createTyping>, 'change' | 'openEditor'>
  decide(kind: Action): void
}

export function createSubmitting({ current, draft, typing, decide }: Parts) {
  const asked = new Set<string>()
  const question = shallowRef({ id: '', text: '', times: 0 })
  /** How often an answer was waited for on this card, 0 where it is not asked. Another text is no answer any more. */
  const sameAnswer = computed(() => {
    const { id, text, times } = question.value
    const isHere = id === current.value?.id && draft.value?.editing && text === draft.value.text
    return isHere && draft.value?.category !== 'scoring_artifact' ? times : 0
  })

  /** Only what can be seen is submitted: a text behind a closed editor waits. */
  function submit(): void {
    const card = current.value
    if (!card || !draft.value?.editing) return
    if (sameAnswer.value > 0 || isToBeAsked(card, draft.value)) ask(card.id, draft.value.text)
    else decideOn(card)
  }

  function decideOn(card: QueueItem): void {
    decide('correct')
    if (current.value === card) typing.openEditor()
  }

  function isToBeAsked({ id, model_response }: QueueItem, { text, category }: CardDraft): boolean {
    if (category === 'scoring_artifact' || asked.has(id) || isBlank(text)) return false
    return isSameText(text, cleanText(model_response))
  }

  function ask(id: string, text: string): void {
    asked.add(id)
    question.value = { id, text, times: question.value.times + 1 }
  }

  function answer(act: () => void): void {
    if (sameAnswer.value === 0) return
    question.value = { ...question.value, id: '' }
    act()
  }

  return {
    sameAnswer,
    submit,
    saveAsArtifact: () =>
      answer(() => {
        typing.change({ category: 'scoring_artifact' })
        submit()
      }),
    saveAsItIs: () => answer(submit),
    goOnWriting: () => answer(typing.openEditor),
  }
}
