/** Owns what outlives this page: it is all read before the first card is opened, and taken over from tabs that are gone. */
import type { Drafts } from './drafts.ts'
import type { History } from './history.ts'
import { openLocalStore } from './local-store.ts'
import type { Errand } from './messenger.ts'
import { openTab, type Tab } from './tab.ts'
import { createUnsaved } from './unsaved.ts'

export type Keeping = ReturnType<typeof openKeeping>
type Heirs = { drafts: Drafts; history: History; resume(errands: Errand[]): void }

export function openKeeping() {
  const local = openLocalStore()
  const opened = openTab()
  let tab: Tab | null = null
  let isOver = false
  const tabName = (): string => tab?.name ?? ''
  const unsaved = createUnsaved(local, tabName)

  async function begin(heirs: Heirs): Promise<void> {
    try {
      tab = await opened
      await local.ready
      await heirs.history.load()
      await take(heirs, (name) => name === tabName())
    } catch {
      // Whatever cannot be read here must not keep anybody from the first card.
      local.fail()
    }
    if (isOver) end()
  }

  /** So that nothing waits for ever: what a closed tab could not send, this one sends. */
  async function adopt(heirs: Heirs): Promise<void> {
    if (tab) await take(heirs, () => false)
  }

  async function take({ drafts, resume }: Heirs, isOwn: (name: string) => boolean): Promise<void> {
    const isGone = await tab?.areGone()
    const isFree = (name: string): boolean => isOwn(name) || isGone?.(name) === true
    drafts.load(await local.claim('drafts', isFree, tabName()))
    resume(await local.claim('errands', isFree, tabName()))
  }

  function end(): void {
    isOver = true
    tab?.close()
    local.close()
  }

  return { local, unsaved, tabName, begin, adopt, end }
}
