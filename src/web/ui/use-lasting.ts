/** Owns what is said only where it takes long enough to be read. */
import { onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue'

const LONG_MS = 400

/**
 * Those that have been among the names for a while. A delayed animation would do the same in one line, but Chromium makes a
 * frame at the end of the delay even where nothing is left to appear, and a key that comes then waits for it.
 */
export function useLasting(names: () => Iterable<string>): Readonly<ShallowRef<ReadonlySet<string>>> {
  const lasting = shallowRef<ReadonlySet<string>>(new Set())
  const timers = new Map<string, number>()

  watch(
    () => new Set(names()),
    (present) => {
      for (const name of present)
        if (!timers.has(name)) timers.set(name, window.setTimeout(add, LONG_MS, name))
      for (const name of timers.keys()) if (!present.has(name)) drop(name)
    },
    { immediate: true },
  )
  onScopeDispose(() => [...timers.keys()].map(drop))

  function add(name: string): void {
    lasting.value = new Set([...lasting.value, name])
  }

  function drop(name: string): void {
    window.clearTimeout(timers.get(name))
    timers.delete(name)
    if (lasting.value.has(name)) lasting.value = new Set([...lasting.value].filter((each) => each !== name))
  }

  return lasting
}
