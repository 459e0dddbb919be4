/** Owns the review loop of this tab as the page sees it: the card on the screen, its draft, the counts, what can be done. */
import { defineStore } from 'pinia'
import { computed, reactive, ref, watch } from 'vue'
import type { Action } from '../../domain/decision.ts'
import type { QueueFilter } from '../address.ts'
import { createActiveTime } from './active-time.ts'
import { createAnswers } from './answers.ts'
import { createDecider } from './decide.ts'
import { createDesk } from './desk.ts'
import { createDrafts } from './drafts.ts'
import { createFreshLook } from './fresh-look.ts'
import { createHistory } from './history.ts'
import { openKeeping } from './keeping.ts'
import type { Errand } from './messenger.ts'
import { createMoves } from './moves.ts'
import { createOutbox } from './outbox.ts'
import { watchPresence } from './presence.ts'
import { createQueue } from './queue.ts'
import { createRecent } from './recent.ts'
import { createScope } from './scope.ts'
import { createStatusLine } from './status-line.ts'
import { createSubmitting } from './submitting.ts'
import { createSummoner } from './summon.ts'
import { createTotals } from './totals.ts'
import { createTyping } from './typing.ts'

export type SftStore = ReturnType<typeof useSftStore>

export const useSftStore = defineStore('sft', () => {
  const leaving = reactive(new Set<string>())
  const keeping = openKeeping()
  /** What this browser kept is read: before that, nobody knows whether all is saved. */
  const isReady = ref(false)
  const { local, tabName } = keeping
  const outbox = createOutbox(local, tabName, {
    deliver: (errand) => answers.send(errand),
    answered: (errand, reply) => answers.answered(errand, reply),
    refused: (errand, error) => answers.refused(errand, error),
  })
  const drafts = createDrafts({ unsaved: keeping.unsaved, tabName, isHeld: outbox.has })
  const totals = createTotals(() => outbox.size.value > 0)
  const queue = createQueue(leaving, (card) => {
    desk.see(card)
    drafts.open(card.id, card.draft)
  })
  const recent = createRecent()
  const history = createHistory(local, tabName)
  const activeTime = createActiveTime(() => performance.now())
  const parts = { queue, drafts, totals, recent, history, leaving }
  const desk = createDesk(parts)
  const answers = createAnswers({ ...parts, desk, outbox })
  const decider = createDecider({ ...parts, desk, outbox, takeActiveSeconds: activeTime.take })
  const freshLook = createFreshLook({ ...parts, desk, outbox })
  const status = createStatusLine({ outbox, drafts, local, isReady, trouble: () => queue.trouble.value })
  const scope = createScope(queue)
  const summoner = createSummoner(queue, leaving)
  const moves = createMoves(queue, summoner, desk)
  const { trouble } = queue
  const { stats } = totals
  const current = computed(() => (summoner.isSummoning.value ? null : queue.current.value))

  /** The card that an undo brings back, where this tab has got it in memory. */
  const previous = computed(() => {
    const last = history.acts.value.at(-1)
    return last && desk.behind.get(last.card.id)
  })
  const draft = computed(() => (current.value ? drafts.of(current.value.id) : undefined))
  const refusal = computed(() => (current.value ? desk.refusals.get(current.value.id) : undefined))
  const waiting = computed(() => stats.value?.by_status.needs_review ?? queue.total.value ?? 0)
  const left = computed(() => (scope.isFiltered.value ? (queue.total.value ?? 0) : waiting.value))
  const total = computed(() => {
    const known = scope.isFiltered.value ? scope.size.value : stats.value?.total
    return Math.max(known ?? 0, left.value)
  })
  const { change, ...typing } = createTyping({ current, draft, drafts, history, desk })
  const submitting = createSubmitting({ current, draft, typing: { ...typing, change }, decide })

  /** `filtered`: nothing is left under the filter, while other cards wait. */
  const phase = computed(() => {
    if (current.value) return 'card'
    if (trouble.value && (queue.total.value === null || left.value > 0)) return 'unreachable'
    if (queue.total.value === null || !stats.value || left.value > 0) return 'loading'
    if (stats.value.total === 0) return 'nothing'
    return scope.isFiltered.value && waiting.value > 0 ? 'filtered' : 'finished'
  })

  /** Asks the server what waits; the counts only where they no longer fit. */
  async function look(): Promise<void> {
    await queue.refill()
    const fits = scope.isFiltered.value ? phase.value !== 'filtered' : queue.total.value === left.value
    if (!trouble.value && (!stats.value || !fits)) await totals.refresh()
  }

  function lookAgain(): void {
    drafts.retry()
    if (document.hidden || !isReady.value) return
    const isIdle = !current.value && outbox.size.value === 0
    if (!isOnScreen.value) refreshMissing()
    else if (trouble.value || !stats.value || isIdle) void look()
  }

  function refreshMissing(): void {
    if (!stats.value) void totals.refresh()
  }

  /** The review is on the screen, with the filter and the card that its address names. */
  async function show(filter: QueueFilter, card?: string): Promise<void> {
    isOnScreen.value = true
    if (!isReady.value) await ready
    if (card === undefined) summoner.dismiss()
    else if (card !== current.value?.id) void summoner.summon(card)
    void totals.refresh()
    await (scope.choose(filter) ?? queue.refill())
  }

  /** Another page is on the screen: only the counts are of interest. */
  function leave(): void {
    isOnScreen.value = false
    drafts.flushAll()
    summoner.dismiss()
    refreshMissing()
  }

  /** At once, whatever waits: the network is back, or somebody asks for it. */
  function retry(): void {
    outbox.retryNow()
    drafts.retry()
    if (trouble.value && isReady.value) void look()
  }

  function seen(): void {
    retry()
    if (isOnScreen.value) void freshLook.lookAtCurrent()
  }

  const heirs = { drafts, history, resume: answers.resume }
  const ready = keeping.begin(heirs).then(() => {
    isReady.value = true
  })
  const isOnScreen = ref(false)
  watch(
    () => (isOnScreen.value ? (current.value?.id ?? null) : null),
    (id) => activeTime.show(id),
    { flush: 'sync' },
  )
  let stopWatching = (): void => {}
  function start(): void {
    const wishes = {
      ...{ lookAgain, seen, back: retry },
      adopt: () => void keeping.adopt(heirs),
      hidden: () => drafts.flushAll(true),
      left: () => drafts.flushAll(true),
      isSafe: () => status.value.isSafe,
    }
    stopWatching = watchPresence(wishes, activeTime)
  }

  function stop(): void {
    stopWatching()
    totals.stop()
    drafts.flushAll(true)
    outbox.stop()
    keeping.end()
  }

  watch(trouble, (now, before) => {
    if (before && !now) totals.refreshSoon()
  })

  /** A card that is not on the screen is never decided. */
  function decide(kind: Action): void {
    if (current.value) decider.decide(kind)
  }

  function goOn(): void {
    if (current.value) desk.goOn()
  }

  const { announcement, notice, interruptedAt } = desk
  const { undo, redo, takeBackRow, takeBackCard } = decider
  const under = (kind: Errand['kind']): Errand[] => outbox.waiting.value.filter((each) => each.kind === kind)
  /** The decisions that the server has not answered yet, and the cards whose last one is being taken back. */
  const saving = computed(() => new Set(under('decide').map(({ act }) => act.decision_id)))
  const undoing = computed(() => new Set(under('undo').map(({ act }) => act.card.id)))
  const sending = outbox.size
  return {
    current,
    cards: queue.cards,
    previous,
    draft,
    draftOf: drafts.of,
    refusal,
    stats,
    left,
    total,
    waiting,
    filter: scope.filter,
    isFiltered: scope.isFiltered,
    astray: summoner.astray,
    recent: recent.rows,
    undoing,
    saving,
    status,
    retry,
    refreshRecent: recent.refresh,
    /** After an import there are more cards. */
    countAgain: totals.refresh,
    takeBackRow,
    takeBackCard,
    phase,
    trouble,
    sending,
    acts: history.acts,
    undone: history.undone,
    announcement,
    notice,
    interruptedAt,
    decide,
    ...submitting,
    undo,
    redo,
    ...typing,
    goOn,
    skipped: queue.skipped,
    putLast: () => current.value && moves.putLast(),
    next: () => current.value && moves.next(),
    back: () => summoner.isSummoning.value || void moves.back(),
    look,
    show,
    leave,
    start,
    stop,
  }
})
