/** Owns one import that runs: how far it is, what came of it, and the refusal in words. */
import { onBeforeUnmount, ref, shallowRef } from 'vue'
import type { Answer, Body, ImportSummary } from '../../contract.ts'
import { type ApiError, fetchImports, importRun, toApiError } from '../api.ts'

export type Importing = ReturnType<typeof useImporting>

const LOOK_EVERY_MS = 500

export function useImporting() {
  /** The run or path that is being imported. */
  const name = ref<string | null>(null)
  const progress = shallowRef<ImportSummary | null>(null)
  const refusal = shallowRef<{ name: string; error: ApiError } | null>(null)
  let timer = 0

  /** Null when it was refused, or when another import still runs. */
  async function start(what: Body<'importRun'>): Promise<Answer<'importRun'> | null> {
    const label = what.run_id ?? what.path ?? ''
    if (name.value !== null) return null
    name.value = label
    refusal.value = null
    timer = window.setInterval(() => void look(), LOOK_EVERY_MS)
    try {
      return await importRun(what)
    } catch (error) {
      refusal.value = { name: label, error: toApiError(error) }
      return null
    } finally {
      window.clearInterval(timer)
      name.value = null
      progress.value = null
    }
  }

  /** The newest import that is not finished is ours: the ledger begins with it. */
  async function look(): Promise<void> {
    const imports = await fetchImports().catch(() => [])
    const running = imports.find((each) => each.finished_at === null)
    if (name.value !== null) progress.value = running ?? progress.value
  }

  onBeforeUnmount(() => window.clearInterval(timer))
  return { name, progress, refusal, start }
}
