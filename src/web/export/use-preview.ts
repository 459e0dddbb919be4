/** Owns what the page knows of the export that is chosen: asked again once the hand rests, and when somebody comes back to the page. */
import { computed, onBeforeUnmount, onMounted, type Ref, watch } from 'vue'
import { fetchExportPreview } from '../api.ts'
import { useLoaded } from '../ui/use-loaded.ts'
import type { ExportChoice } from './export-address.ts'

const REST_MS = 250

export function usePreview(choice: Ref<ExportChoice>, isHere: () => boolean) {
  const key = computed(() => JSON.stringify(choice.value))
  const { data, trouble, isLoading, load } = useLoaded(
    async () => {
      const asked = choice.value
      return { asked, preview: await fetchExportPreview(asked) }
    },
    () => `export ${key.value}`,
  )
  let timer = 0

  function comeBack(): void {
    if (!document.hidden) void load()
  }

  watch(key, () => {
    window.clearTimeout(timer)
    if (isHere()) timer = window.setTimeout(load, REST_MS)
  })
  onMounted(() => document.addEventListener('visibilitychange', comeBack))
  onBeforeUnmount(() => {
    window.clearTimeout(timer)
    document.removeEventListener('visibilitychange', comeBack)
  })
  return { data, trouble, isLoading, load }
}
