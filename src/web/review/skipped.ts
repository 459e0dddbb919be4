/** Owns which cards were skipped, under each filter: a reload must not bring them back before their time. */
import { shallowRef } from 'vue'
import { nameOf, type QueueFilter } from '../address.ts'

const PREFIX = 'avocet.skipped.'

export function createSkipped() {
  let key = keyOf({})
  const ids = shallowRef<string[]>(recall(key))

  function keep(next: string[]): void {
    ids.value = next
    remember(key, next)
  }

  function has(id: string): boolean {
    return ids.value.includes(id)
  }

  function remove(id: string): void {
    if (has(id)) keep(ids.value.filter((each) => each !== id))
  }

  function choose(filter: QueueFilter): void {
    key = keyOf(filter)
    ids.value = recall(key)
  }

  return { ids, has, remove, choose, add: (id: string) => keep([...ids.value, id]) }
}

function keyOf(filter: QueueFilter): string {
  return PREFIX + nameOf(filter)
}

function recall(key: string): string[] {
  try {
    const ids: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]')
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
  } catch {
    return []
  }
}

/** Where storage is full or forbidden they are remembered until the next reload. */
function remember(key: string, ids: string[]): void {
  try {
    if (ids.length > 0) sessionStorage.setItem(key, JSON.stringify(ids))
    else sessionStorage.removeItem(key)
  } catch {
    // They come back sooner.
  }
}
