/** Owns that an open page gets the cards of imports that others began: another tab, a watch, the command line. */
import { onBeforeUnmount, onMounted } from 'vue'
import type { ImportSummary } from '../../contract.ts'
import { fetchImports } from '../api.ts'

const LOOK_EVERY_MS = 4000

/** `look` is called when more was imported than at the last time. */
export function useNewCards(look: () => void): void {
  let before: string | null = null
  let timer = 0
  let isAsking = false

  async function ask(): Promise<void> {
    if (document.hidden || isAsking) return
    isAsking = true
    const imports = await fetchImports().catch(() => null)
    isAsking = false
    if (!imports) return
    const now = yieldOf(imports)
    if (now !== before) look()
    before = now
  }

  onMounted(() => {
    timer = window.setInterval(() => void ask(), LOOK_EVERY_MS)
    document.addEventListener('visibilitychange', ask)
  })
  onBeforeUnmount(() => {
    window.clearInterval(timer)
    document.removeEventListener('visibilitychange', ask)
  })
}

/** What the imports brought, as one text to be compared. */
function yieldOf(imports: ImportSummary[]): string {
  return imports.map(({ import_id, totals }) => `${import_id}:${totals.imported}`).join()
}
