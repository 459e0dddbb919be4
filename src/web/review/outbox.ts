/** Owns the order in which decisions leave the tab: one at a time, each waiting for the one before. */
import { type ComputedRef, computed, shallowRef } from 'vue'
import { type ApiError, toApiError } from '../api.ts'

/** `giveBack` must restore what was there before the errand was added. */
export type Errand = { id: string; send(): Promise<void>; giveBack(error: ApiError): void }
export type Outbox = { add(errand: Errand): void; size: ComputedRef<number> }

export function createOutbox(): Outbox {
  const waiting = shallowRef<Errand[]>([])
  let working = false

  function add(errand: Errand): void {
    waiting.value = [...waiting.value, errand]
    void work()
  }

  async function work(): Promise<void> {
    if (working) return
    working = true
    for (let errand = waiting.value[0]; errand; errand = waiting.value[0]) await run(errand)
    working = false
  }

  async function run(errand: Errand): Promise<void> {
    try {
      await errand.send()
      waiting.value = waiting.value.filter((each) => each !== errand)
    } catch (error) {
      giveBack(errand, toApiError(error))
    }
  }

  /** With the one that failed goes all that builds on it; newest first, so that each finds what it left behind. */
  function giveBack(failed: Errand, error: ApiError): void {
    const doomed = waiting.value.filter((each) => error.unanswered || each.id === failed.id)
    waiting.value = waiting.value.filter((each) => !doomed.includes(each))
    for (const errand of doomed.reverse()) errand.giveBack(error)
  }

  return { add, size: computed(() => waiting.value.length) }
}
