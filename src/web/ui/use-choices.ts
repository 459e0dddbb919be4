/** Owns what can be chosen in the filters: the runs, and the models and task types that occur. */
import { computed, onMounted, shallowRef } from 'vue'
import type { Run, Stats } from '../../contract.ts'
import { UNKNOWN } from '../../domain/candidate.ts'
import { fetchRuns, fetchStats } from '../api.ts'
import type { Choice } from './FilterSelect.vue'
import { NOT_NAMED } from './format.ts'

export function useChoices() {
  const runs = shallowRef<Run[]>([])
  const breakdown = shallowRef<Stats['breakdown']>([])

  /** Without an answer there is nothing to choose; the page itself says that the server is gone. */
  async function load(): Promise<void> {
    const [listed, stats] = await Promise.all([fetchRuns().catch(() => null), fetchStats().catch(() => null)])
    if (listed) runs.value = listed
    if (stats) breakdown.value = stats.breakdown
  }

  onMounted(load)
  return {
    load,
    runs: computed<Choice[]>(() =>
      runs.value
        .filter((run) => run.import_state !== 'none')
        .map((run) => ({ value: run.run_id, label: run.directory ?? run.run_id })),
    ),
    models: computed(() => namesIn(breakdown.value.map((row) => row.model_name))),
    taskTypes: computed(() => namesIn(breakdown.value.map((row) => row.task_type))),
  }
}

function namesIn(names: (string | null)[]): Choice[] {
  const known = new Set(names.filter((name) => name !== null))
  const choices = [...known].sort((a, b) => a.localeCompare(b)).map((name) => ({ value: name, label: name }))
  return names.includes(null) && !known.has(UNKNOWN)
    ? [...choices, { value: UNKNOWN, label: NOT_NAMED }]
    : choices
}
