/** Owns what is known of one import: followed while it runs, then its report, a page of lines at a time. */
import { computed, onBeforeUnmount, onMounted, reactive, ref, watch } from 'vue'
import type { ShownProblem } from '../../contract.ts'
import { fetchImportReport, toApiError } from '../api.ts'
import { announce } from '../ui/announce.ts'
import { plural } from '../ui/format.ts'
import { useLoaded } from '../ui/use-loaded.ts'
import { isActive, useImports } from './use-imports.ts'

export type ListName = 'problems' | 'conflicts'

const LOOK_EVERY_MS = 2000

export function useReport(importId: string) {
  const imports = useImports()
  const { data, trouble, load } = useLoaded(
    () => fetchImportReport(importId),
    () => `import ${importId}`,
  )
  const more = reactive<Record<ListName, ShownProblem[]>>({ problems: [], conflicts: [] })
  const isFetching = ref(false)
  let timer = 0

  const live = computed(() => imports.list.find(({ import_id }) => String(import_id) === importId))
  const summary = computed(() => live.value ?? data.value)
  const runs = computed(() => summary.value !== null && isActive(summary.value))
  /** Null until it is that of the end. */
  const report = computed(() => (data.value && !runs.value && !isActive(data.value) ? data.value : null))

  function linesOf(list: ListName): ShownProblem[] {
    return [...(report.value?.[list] ?? []), ...more[list]]
  }

  async function showMore(list: ListName): Promise<void> {
    if (isFetching.value) return
    isFetching.value = true
    try {
      const next = (await fetchImportReport(importId, linesOf(list).length))[list]
      more[list].push(...next)
      announce(`${plural(next.length, 'more line')} shown.`)
    } catch (error) {
      announce(toApiError(error).detail)
    }
    isFetching.value = false
  }

  watch(runs, (now, before) => {
    if (before && !now) void load()
  })
  // The ledger tells of the newest alone; an older one that still runs is asked for itself.
  onMounted(() => {
    timer = window.setInterval(() => {
      if (data.value && isActive(data.value) && !live.value) void load()
    }, LOOK_EVERY_MS)
  })
  onBeforeUnmount(() => window.clearInterval(timer))
  return { summary, runs, report, trouble, linesOf, showMore, isFetching }
}
