/** Owns reading what a page shows: the newest question counts, what was there stays meanwhile, a silent server is asked again. */
import { type App, getCurrentInstance, onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import { type ApiError, toApiError } from '../api.ts'

const AGAIN_MS = 2000
const KEPT = 6
/** What was shown last at an address, so that going back shows it at once, at the place it was scrolled to. */
const keptBy = new WeakMap<App, Map<string, unknown>>()

export function useLoaded<T>(ask: () => Promise<T>, keyOf: () => string) {
  const kept = keptHere()
  const data = shallowRef<T | null>((kept.get(keyOf()) as T | undefined) ?? null)
  const trouble = shallowRef<ApiError | null>(null)
  const isLoading = ref(false)
  let newest = 0
  let timer = 0

  async function load(): Promise<void> {
    newest += 1
    const mine = newest
    const key = keyOf()
    isLoading.value = true
    try {
      const answer = await ask()
      if (mine !== newest) return
      keep(kept, key, answer)
      data.value = answer
      trouble.value = null
    } catch (error) {
      if (mine !== newest) return
      trouble.value = toApiError(error)
    }
    isLoading.value = false
  }

  function again(): void {
    if (trouble.value?.unanswered && !isLoading.value && !document.hidden) void load()
  }

  onMounted(() => {
    timer = window.setInterval(again, AGAIN_MS)
    void load()
  })
  onBeforeUnmount(() => {
    newest += 1
    window.clearInterval(timer)
  })
  return { data, trouble, isLoading, load }
}

function keptHere(): Map<string, unknown> {
  const app = getCurrentInstance()?.appContext.app
  const kept = (app && keptBy.get(app)) ?? new Map<string, unknown>()
  if (app) keptBy.set(app, kept)
  return kept
}

function keep(kept: Map<string, unknown>, key: string, answer: unknown): void {
  kept.delete(key)
  kept.set(key, answer)
  const [oldest] = kept.keys()
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
}
