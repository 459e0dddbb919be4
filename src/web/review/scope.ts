/** Owns which cards this tab reviews: the filter of the address, and how many cards there are under it in all. */
import { computed, ref, shallowRef } from 'vue'
import { nameOf, type QueueFilter } from '../address.ts'
import { fetchCandidates } from '../api.ts'
import type { Queue } from './queue.ts'

export function createScope(queue: Queue) {
  const filter = shallowRef<QueueFilter>({})
  /** Decided ones included; null until the server told. */
  const size = ref<number | null>(null)
  const isFiltered = computed(() => Object.keys(filter.value).length > 0)

  /** Null where it is the same filter as before. */
  function choose(next: QueueFilter): Promise<void> | null {
    if (nameOf(next) === nameOf(filter.value)) return null
    filter.value = next
    size.value = null
    void measure()
    return queue.choose(next)
  }

  /** A missing size is no reason to interrupt a reviewer. */
  async function measure(): Promise<void> {
    const mine = filter.value
    if (!isFiltered.value) return
    const answer = await fetchCandidates({ ...mine, per_page: 1 }).catch(() => null)
    if (answer && filter.value === mine) size.value = answer.total
  }

  return { filter, size, isFiltered, choose }
}
