/** Owns the review loop of this tab as the page sees it: the card on the screen, its draft, the counts, what can be done. */
import { defineStore } from 'pinia'
import { computed, reactive, watch } from 'vue'
import type { FailureCategory } from '../../domain/failure-category.ts'
import { cleanText } from '../../domain/record.ts'
import { createDecider } from './decide.ts'
import { createDrafts, type Words } from './drafts.ts'
import { createOutbox } from './outbox.ts'
import { createQueue } from './queue.ts'
import { createTotals } from './totals.ts'

export type SftStore = ReturnType<typeof useSftStore>

/** An import may be running, or a server may be coming back. */
const LOOK_AGAIN_MS = 2000

export const useSftStore = defineStore('sft', () => {
  const leaving = reactive(new Set<string>())
  const drafts = createDrafts()
  const outbox = createOutbox()
  const totals = createTotals(() => outbox.size.value > 0)
  const queue = createQueue(leaving, (card) => {
    decider.see(card)
    drafts.open(card.id, card.draft)
  })
  const decider = createDecider({ queue, drafts, outbox, totals, leaving })
  const { current, trouble } = queue
  const { stats } = totals

  const draft = computed(() => (current.value ? drafts.of(current.value.id) : undefined))
  const refusal = computed(() => (current.value ? decider.refusals.get(current.value.id) : undefined))
  const left = computed(() => stats.value?.by_status.needs_review ?? queue.total.value ?? 0)
  const phase = computed(() => {
    if (current.value) return 'card'
    if (trouble.value && (queue.total.value === null || left.value > 0)) return 'unreachable'
    if (queue.total.value === null || !stats.value || left.value > 0) return 'loading'
    return stats.value.total === 0 ? 'nothing' : 'finished'
  })

  function change(words: Partial<Words>): void {
    if (!current.value) return
    drafts.write(current.value.id, words)
    if (refusal.value && !refusal.value.isFinal) decider.refusals.delete(current.value.id)
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

  /** Only what can be seen is submitted: a text behind a closed editor waits. */
  function submit(): void {
    const card = current.value
    if (!draft.value?.editing) return
    decider.decide('correct')
    if (current.value === card) openEditor()
  }

  function startFromAnswer(): void {
    if (!current.value || draft.value?.text !== '') return
    change({ text: cleanText(current.value.model_response) })
    openEditor()
  }

  /** Asks the server what waits; the counts only where they no longer fit. */
  async function look(): Promise<void> {
    await queue.refill()
    if (!trouble.value && (!stats.value || queue.total.value !== left.value)) await totals.refresh()
  }

  function lookAgain(): void {
    drafts.retry()
    const isIdle = !current.value && outbox.size.value === 0
    if (!document.hidden && (trouble.value || !stats.value || isIdle)) void look()
  }

  function keepDrafts(): void {
    if (document.hidden) drafts.flushAll(true)
  }

  function leavePage(): void {
    drafts.flushAll(true)
  }

  let timer = 0
  function start(): void {
    timer = window.setInterval(lookAgain, LOOK_AGAIN_MS)
    document.addEventListener('visibilitychange', keepDrafts)
    window.addEventListener('pagehide', leavePage)
    void look()
  }

  function stop(): void {
    window.clearInterval(timer)
    document.removeEventListener('visibilitychange', keepDrafts)
    window.removeEventListener('pagehide', leavePage)
    totals.stop()
    leavePage()
  }

  watch(trouble, (now, before) => {
    if (before && !now) totals.refreshSoon()
  })

  const { acts, announcement, notice, interruptedAt, decide, undo, goOn } = decider
  const sending = outbox.size
  const write = (text: string): void => change({ text })
  return {
    current,
    cards: queue.cards,
    draft,
    refusal,
    stats,
    left,
    phase,
    trouble,
    sending,
    acts,
    announcement,
    notice,
    interruptedAt,
    decide,
    submit,
    undo,
    goOn,
    write,
    toggleCategory,
    openEditor,
    closeEditor,
    startFromAnswer,
    look,
    start,
    stop,
  }
})
