/** Owns the bench of the store's tests: the real store on a network that answers as the server would. */
import { createPinia, setActivePinia } from 'pinia'
import { expect } from 'vitest'
import type { QueueItem } from '../../contract.ts'
import { fakeNetwork } from './fake-network.ts'
import { useSftStore } from './use-sft-store.ts'

export type Bench = Awaited<ReturnType<typeof openStore>>

export async function openStore(stored: QueueItem[], more?: Parameters<typeof fakeNetwork>[1]) {
  const network = fakeNetwork(stored, more)
  setActivePinia(createPinia())
  const store = useSftStore()
  store.start()
  void store.show({})
  await expect.poll(() => store.phase).not.toBe('loading')

  function correct(text: string): void {
    store.openEditor()
    store.write(text)
    store.submit()
  }

  return {
    network,
    store,
    correct,
    bodies: (path: string) => network.of(path).map((call) => call.body),
    settled: () => expect.poll(() => store.sending).toBe(0),
    close: () => {
      store.stop()
      network.restore()
    },
  }
}
