/** Owns the one line that says where the reviewer's work is: on the server, on its way, or only here. */
import { type ComputedRef, computed, type Ref } from 'vue'
import type { ApiError } from '../api.ts'
import { number } from '../ui/format.ts'
import type { Drafts } from './drafts.ts'
import type { LocalStore } from './local-store.ts'
import type { Outbox } from './outbox.ts'

/** `isSafe`: nothing is lost when the tab is closed now. */
export type StatusLine = { words: string; isSafe: boolean; isStuck: boolean }
type Parts = {
  outbox: Outbox
  drafts: Drafts
  local: LocalStore
  isReady: Ref<boolean>
  trouble: () => ApiError | null
}

export function createStatusLine({
  outbox,
  drafts,
  local,
  isReady,
  trouble,
}: Parts): ComputedRef<StatusLine> {
  return computed(() => {
    const count = outbox.size.value
    const unkept = drafts.unkept()
    const stuck = outbox.trouble.value ?? trouble()
    const isSafe = count === 0 && !unkept
    const words = [...waitingWords(count, stuck), ...(count === 0 && unkept ? ['Text not saved yet'] : [])]
    if (!isSafe && !local.isLasting.value) words.push('not kept if you close this tab')
    return { words: words.join(' · ') || (isReady.value ? 'Saved' : ''), isSafe, isStuck: stuck !== null }
  })
}

function waitingWords(count: number, stuck: ApiError | null): string[] {
  if (!stuck) return count === 0 ? [] : [`Saving ${number(count)}`]
  const isOffline = stuck.status === 0
  if (count === 0) return [isOffline ? 'Offline' : stuck.detail]
  return [isOffline ? `Offline, ${number(count)} waiting` : `${number(count)} waiting: ${stuck.detail}`]
}
