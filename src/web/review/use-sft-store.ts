/** Owns the review loop of this tab as the page sees it: the card on the screen, its draft, the counts, what can be done. */
import { defineStore } from 'pinia'
import { computed, reactive, watch } from 'vue'
import type { Action } from '../../domain/decision.ts'
import type { FailureCategory } from '../../domain/failure-category.ts'
import { cleanText } from '../../domain/record.ts'
import type { QueueFilter } from '../address.ts'
import { createDecider } from './decide.ts'
import { createDrafts } from './drafts.ts'
import { createOutbox } from './outbox.ts'
import { createQueue } from './queue.ts'
import { createRecent } from './recent.ts'
import { createScope } from './scope.ts'
import { createSummoner } from './summon.ts'
import { createTotals } from './totals.ts'
import type { Words } from './unsaved.ts'

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
  const recent = createRecent()
  const decider = createDecider({ queue, drafts, outbox, totals, recent, leaving })
  const scope = createScope(queue)
  const summoner = createSummoner(queue, leaving)
  const { trouble } = queue
  const { stats } = totals
  const current = computed(() => (summoner.isSummoning.value ? null : queue.current.value))

  const draft = computed(() => (current.value ? drafts.of(current.value.id) : undefined))
  const refusal = computed(() => (current.value ? decider.refusals.get(current.value.id) : undefined))
  const waiting = computed(() => stats.value?.by_status.needs_review ?? queue.total.value ?? 0)
  const left = computed(() => (scope.isFiltered.value ? (queue.total.value ?? 0) : waiting.value))
  const total = computed(() => {
    const known = scope.isFiltered.value ? scope.size.value : stats.value?.total
    return Math.max(known ?? 0, left.value)
  })
  /** `filtered`: nothing is left under the filter, while other cards wait. */
  const phase = computed(() => {
    if (current.value) return 'card'
    if (trouble.value && (queue.total.value === null || left.value > 0)) return 'unreachable'
    if (queue.total.value === null || !stats.value || left.value > 0) return 'loading'
    if (stats.value.total === 0) return 'nothing'
    return scope.isFiltered.value && waiting.value > 0 ? 'filtered' : 'finished'
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
    decide('correct')
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
    const fits = scope.isFiltered.value ? phase.value !== 'filtered' : queue.total.value === left.value
    if (!trouble.value && (!stats.value || !fits)) await totals.refresh()
  }

  function lookAgain(): void {
    drafts.retry()
    if (document.hidden) return
    const isIdle = !current.value && outbox.size.value === 0
    if (!isOnScreen) refreshMissing()
    else if (trouble.value || !stats.value || isIdle) void look()
  }

  function refreshMissing(): void {
    if (!stats.value) void totals.refresh()
  }

  /** The review is on the screen, with the filter and the card that its address names. */
  async function show(filter: QueueFilter, card?: string): Promise<void> {
    isOnScreen = true
    if (card === undefined) summoner.dismiss()
    else if (card !== current.value?.id) void summoner.summon(card)
    void totals.refresh()
    await (scope.choose(filter) ?? queue.refill())
  }

  /** Another page is on the screen: only the counts are of interest. */
  function leave(): void {
    isOnScreen = false
    drafts.flushAll()
    summoner.dismiss()
    refreshMissing()
  }

  function keepDrafts(): void {
    if (document.hidden) drafts.flushAll(true)
  }

  function leavePage(): void {
    drafts.flushAll(true)
  }

  let isOnScreen = false
  let timer = 0
  function start(): void {
    timer = window.setInterval(lookAgain, LOOK_AGAIN_MS)
    document.addEventListener('visibilitychange', keepDrafts)
    window.addEventListener('pagehide', leavePage)
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

  /** A card that is not on the screen is never decided. */
  function decide(kind: Action): void {
    if (current.value) decider.decide(kind)
  }

  function goOn(): void {
    if (current.value) decider.goOn()
  }

  const { acts, announcement, notice, interruptedAt, undo, takeBackRow, takeBackCard } = decider
  const sending = outbox.size
  const write = (text: string): void => change({ text })
  return {
    current,
    cards: queue.cards,
    draft,
    refusal,
    stats,
    left,
    total,
    waiting,
    filter: scope.filter,
    isFiltered: scope.isFiltered,
    astray: summoner.astray,
    recent: recent.rows,
    undoing: recent.undoing,
    refreshRecent: recent.refresh,
    /** After an import there are more cards. */
    countAgain: totals.refresh,
    takeBackRow,
    takeBackCard,
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
    show,
    leave,
    start,
    stop,
  }
})
