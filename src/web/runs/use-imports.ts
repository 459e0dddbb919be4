/** Owns the imports of this server as the page sees them: started, followed while they run, cancelled, said when they end. */
import { defineStore } from 'pinia'
import { computed, getCurrentInstance, reactive, ref, shallowRef } from 'vue'
import type { Body, ImportSummary } from '../../contract.ts'
import { type ApiError, cancelImport, fetchImports, startImport, toApiError } from '../api.ts'
import { useSftStore } from '../review/use-sft-store.ts'
import { announce } from '../ui/announce.ts'
import { titleOf, yieldOf } from './words.ts'

export type Imports = ReturnType<typeof useImports>
/** What an import was called when it was started in this tab, and how many files beside were not sent. */
export type Called = { name: string; others?: number }
type What = Body<'startImport'>

const LOOK_EVERY_MS = 500

export const useImports = defineStore('imports', () => {
  const review = useSftStore()
  const list = shallowRef<ImportSummary[]>([])
  const called = reactive(new Map<number, Called & What>())
  /** The newest that was started here and not shown yet, and the newest that ended while it was looked at. */
  const started = ref<number | null>(null)
  const ended = ref<number | null>(null)
  const followed = new Set<number>()
  let timer = 0
  let isOver = false

  /** Oldest first: in this order they are done. */
  const active = computed(() => list.value.filter(isActive).reverse())

  /** Throws `ApiError`. */
  async function start(what: What, as: Called): Promise<number> {
    const { import_id } = await startImport(what)
    called.set(import_id, { ...what, ...as })
    followed.add(import_id)
    started.value = import_id
    announce(`The import of ${as.name} has begun.`)
    await look()
    return import_id
  }

  /** Asks the ledger, and again as long as something is under way. */
  async function look(): Promise<void> {
    window.clearTimeout(timer)
    timer = 0
    const fresh = await fetchImports().catch(() => null)
    if (fresh && !isOver) take(fresh)
    if (active.value.length + followed.size > 0 && !isOver) again()
  }

  function again(): void {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void look(), LOOK_EVERY_MS)
  }

  function take(fresh: ImportSummary[]): void {
    const brought = sumOf(list.value)
    list.value = fresh
    for (const each of fresh) {
      if (isActive(each)) followed.add(each.import_id)
      else if (followed.delete(each.import_id)) end(each)
    }
    // What is older than all of these is told by its report alone.
    const oldest = fresh.at(-1)?.import_id ?? 0
    for (const id of followed) if (id < oldest) followed.delete(id)
    if (sumOf(fresh) !== brought) showCards()
  }

  function end(summary: ImportSummary): void {
    ended.value = summary.import_id
    announce(`${titleOf(summary, called.get(summary.import_id)?.name)}: ${yieldOf(summary)}`)
  }

  /** The card in hand stays: more wait behind it. */
  function showCards(): void {
    void review.countAgain()
    void review.look()
  }

  async function cancel(id: number): Promise<ApiError | null> {
    try {
      await cancelImport(id)
    } catch (error) {
      return toApiError(error)
    }
    await look()
    return null
  }

  getCurrentInstance()?.appContext.app.onUnmount(() => {
    isOver = true
    window.clearTimeout(timer)
  })
  return { list, active, called, started, ended, start, look, cancel }
})

export function isActive({ state }: Pick<ImportSummary, 'state'>): boolean {
  return state === 'running' || state === 'waiting'
}

function sumOf(imports: ImportSummary[]): number {
  return imports.reduce((sum, { totals }) => sum + totals.imported, 0)
}
