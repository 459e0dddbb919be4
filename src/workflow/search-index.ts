/** Owns keeping the search up to date behind everything else: one worker, woken when there may be more. */
import { setImmediate as breathe } from 'node:timers/promises'
import { indexSome } from '../store/search.ts'
import type { Deps } from './deps.ts'

export type SearchIndex = {
  /** There may be candidates that the search does not know. */
  wake(): void
  /** Resolves when no transaction of it is under way any more. */
  stop(): Promise<void>
}

export function createSearchIndex({ store, log }: Deps): SearchIndex {
  let isStopped = false
  let isAwake = false
  let working: Promise<void> = Promise.resolve()

  async function work(): Promise<void> {
    try {
      // Between two portions requests go first.
      while (!isStopped && (await indexSome(store))) await breathe()
    } catch (error) {
      log(`The search is not up to date: ${(error as Error).message}`)
    }
    isAwake = false
  }

  return {
    wake() {
      if (isAwake || isStopped) return
      isAwake = true
      working = work()
    },
    async stop() {
      isStopped = true
      await working
    },
  }
}
