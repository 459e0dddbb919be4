/** Owns the deps of tests: a real store, a clock that ticks a second a call, ids that count. */
import type { Store } from '../../src/store/open.ts'
import type { Deps } from '../../src/workflow/deps.ts'

export type TestDeps = Deps & { logged: string[] }

export function testDeps(store: Store): TestDeps {
  const logged: string[] = []
  let seconds = 0
  let ids = 0
  return {
    store,
    logged,
    now: () => new Date(Date.UTC(2026, 3, 7, 12, 0, seconds++)).toISOString(),
    newId: () => `id-${ids++}`,
    log: (message) => logged.push(message),
  }
}
