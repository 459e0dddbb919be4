/** Owns the order in which decisions leave the tab: one at a time, kept in this browser until each is answered. */
import { type ComputedRef, computed, type ShallowRef, shallowRef } from 'vue'
import { type ApiError, toApiError } from '../api.ts'
import { painted } from '../ui/after-paint.ts'
import type { LocalStore } from './local-store.ts'
import type { Act, Errand, Reply } from './messenger.ts'

type Handlers = {
  deliver(errand: Errand): Promise<Reply>
  /** It is out of the way already. */
  answered(errand: Errand, reply: Reply): void
  /**
   * Resolves to what there is to do once it is out of the way, together with those `behind` it that built on it.
   * Where it throws, the errand is tried again later.
   */
  refused(errand: Errand, error: ApiError): Promise<(behind: Errand[]) => void>
}
export type Outbox = {
  waiting: ShallowRef<Errand[]>
  size: ComputedRef<number>
  /** Why nothing is answered at the moment; null while all is well. */
  trouble: ShallowRef<ApiError | null>
  add(kind: Errand['kind'], act: Act): void
  resume(errands: Errand[]): void
  has(cardId: string): boolean
  retryNow(): void
  stop(): void
}

const SHORTEST_REST_MS = 500
const LONGEST_REST_MS = 5000
/** So often a fault of the server itself is hoped to pass. */
const FAULTS = 5

export function createOutbox(local: LocalStore, tabName: () => string, handlers: Handlers): Outbox {
  const waiting = shallowRef<Errand[]>([])
  const trouble = shallowRef<ApiError | null>(null)
  let isWorking = false
  let isStopped = false
  let rest = SHORTEST_REST_MS
  let faults = 0
  let wake = (): void => {}

  function add(kind: Errand['kind'], act: Act): void {
    const key = kind === 'undo' ? act.undo_id : act.decision_id
    const errand: Errand = { key, tab: tabName(), at: local.next(), kind, act }
    local.put('errands', errand)
    resume([errand])
  }

  /** What is kept already. */
  function resume(errands: Errand[]): void {
    const known = new Set(waiting.value.map(({ key }) => key))
    waiting.value = [...waiting.value, ...errands.filter(({ key }) => !known.has(key))]
    void work()
  }

  async function work(): Promise<void> {
    if (isWorking) return
    isWorking = true
    await painted()
    for (let errand = waiting.value[0]; errand && !isStopped; errand = waiting.value[0]) await attempt(errand)
    isWorking = false
  }

  async function attempt(errand: Errand): Promise<void> {
    try {
      const reply = await handlers.deliver(errand)
      if (isStopped) return
      finish([errand])
      handlers.answered(errand, reply)
    } catch (thrown) {
      if (!isStopped) await fail(errand, toApiError(thrown))
    }
  }

  async function fail(errand: Errand, error: ApiError): Promise<void> {
    if (error.code === 'internal') faults += 1
    if (error.unanswered && faults < FAULTS) return pause(error)
    try {
      const giveBack = await handlers.refused(errand, error)
      const { id } = errand.act.card
      const behind = waiting.value.filter((each) => each !== errand && each.act.card.id === id)
      finish([errand, ...behind])
      giveBack(behind)
    } catch (thrown) {
      await pause(toApiError(thrown))
    }
  }

  function finish(errands: Errand[]): void {
    waiting.value = waiting.value.filter((each) => !errands.includes(each))
    for (const { key } of errands) local.remove('errands', key)
    trouble.value = null
    rest = SHORTEST_REST_MS
    faults = 0
  }

  async function pause(error: ApiError): Promise<void> {
    trouble.value = error
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = window.setTimeout(resolve, rest)
    rest = Math.min(LONGEST_REST_MS, rest * 2)
    wake = resolve
    await promise
    window.clearTimeout(timer)
  }

  function retryNow(): void {
    rest = SHORTEST_REST_MS
    wake()
  }

  function stop(): void {
    isStopped = true
    wake()
  }

  return {
    ...{ waiting, trouble, add, resume, retryNow, stop },
    size: computed(() => waiting.value.length),
    has: (id) => waiting.value.some(({ act }) => act.card.id === id),
  }
}
