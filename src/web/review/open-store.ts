/** Owns the bench of the store's tests: the real store on a network that answers as the server would. */
import { createPinia, setActivePinia } from 'pinia'
import { expect } from 'vitest'
import type { QueueItem } from '../../contract.ts'
import type { Action } from '../../domain/decision.ts'
import { saveDraft, submit, undo } from '../api.ts'
import { fakeNetwork } from './fake-network.ts'
import { useSftStore } from './use-sft-store.ts'

export type Bench = Awaited<ReturnType<typeof openOn>>

export function openStore(stored: QueueItem[], more?: Parameters<typeof fakeNetwork>[1]) {
  return openOn(fakeNetwork(stored, more))
}

/** The same tab, loaded anew. */
export function reload({ store, network }: Bench): Promise<Bench> {
  store.stop()
  return openOn(network)
}

/** Another tab of the same browser, while the first one lives on. */
export function openBeside({ network }: Bench): Promise<Bench> {
  sessionStorage.clear()
  return openOn(network)
}

async function openOn(network: ReturnType<typeof fakeNetwork>) {
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
    /** Past this page, as another tab or another person would. */
    decideElsewhere: (id: string, action: Action) => submit({ id, action, decision_id: crypto.randomUUID() }),
    undoElsewhere: (id: string) => undo({ id, decision_id: crypto.randomUUID() }),
    writeElsewhere: (id: string, text: string) => saveDraft(id, { text, writer: 'elsewhere' }),
    bodies: (path: string) => network.of(path).map((call) => call.body),
    settled: () => expect.poll(() => store.sending).toBe(0),
    close: () => {
      store.stop()
      network.restore()
    },
  }
}
