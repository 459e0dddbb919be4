/** Proves that what is over soon is never said. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { useLasting } from './use-lasting.ts'

const names = ref<string[]>([])
let scope = effectScope()

beforeEach(() => {
  vi.useFakeTimers()
  names.value = []
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

function lasting() {
  const found = scope.run(() => useLasting(() => names.value))
  return () => [...(found?.value ?? [])]
}

async function be(...now: string[]): Promise<void> {
  names.value = now
  await nextTick()
}

it('names what has been there for a while, and no longer than it is', async () => {
  const found = lasting()
  await be('a')
  vi.advanceTimersByTime(300)
  await be('a', 'b')
  expect(found()).toEqual([])
  vi.advanceTimersByTime(100)
  expect(found()).toEqual(['a'])
  vi.advanceTimersByTime(300)
  expect(found()).toEqual(['a', 'b'])
  await be('b')
  expect(found()).toEqual(['b'])
})

it('counts from the beginning when a name comes back', async () => {
  const found = lasting()
  await be('a')
  vi.advanceTimersByTime(300)
  await be()
  await be('a')
  vi.advanceTimersByTime(300)
  expect(found()).toEqual([])
  vi.advanceTimersByTime(100)
  expect(found()).toEqual(['a'])
})

it('leaves no timer behind', async () => {
  lasting()
  await be('a')
  scope.stop()
  expect(vi.getTimerCount()).toBe(0)
})
