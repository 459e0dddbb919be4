/** Owns the ledger of exports on the page: a download is in it a moment after the browser has it. */
import { onBeforeUnmount } from 'vue'
import { fetchExports } from '../api.ts'
import { useLoaded } from '../ui/use-loaded.ts'

const LOOK_MS = 1000
const LOOKS = 30

export function usePastExports() {
  const { data, load } = useLoaded(fetchExports, () => 'exports')
  let timer = 0

  /** Nobody tells the page when the browser has the last byte. */
  function expectOne(): void {
    const newest = data.value?.[0]?.export_id
    let looks = 0
    window.clearInterval(timer)
    timer = window.setInterval(async () => {
      await load()
      looks += 1
      if (looks === LOOKS || data.value?.[0]?.export_id !== newest) window.clearInterval(timer)
    }, LOOK_MS)
  }

  onBeforeUnmount(() => window.clearInterval(timer))
  return { past: data, expectOne }
}
