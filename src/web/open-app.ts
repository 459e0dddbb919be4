/** Owns the bench of the tests of the pages: the whole page at an address, on a network that answers as the server would. */
import './ui/tokens.css'
import './ui/base.css'
import { createPinia } from 'pinia'
import { expect } from 'vitest'
import { render } from 'vitest-browser-vue'
import { createMemoryHistory } from 'vue-router'
import App from './App.vue'
import { useSftStore } from './review/use-sft-store.ts'
import { createAppRouter } from './router.ts'

export type OpenApp = Awaited<ReturnType<typeof openApp>>

export async function openApp(address: string) {
  const pinia = createPinia()
  const router = createAppRouter(createMemoryHistory())
  await router.push(address)
  const { unmount } = await render(App, { global: { plugins: [pinia, router] } })
  await expect.poll(() => document.querySelector('main')).not.toBeNull()
  return {
    router,
    store: useSftStore(pinia),
    unmount,
    /** Such as "/cards?status=approved". */
    address: () => router.currentRoute.value.fullPath,
    main: () => document.querySelector('main') as HTMLElement,
    /** All that is said politely, in all places. */
    said: () =>
      [...document.querySelectorAll('[role="status"]')].map((each) => each.textContent?.trim()).join(''),
  }
}

/** The words of every cell of a table's body, a row at a time. */
export function rowsOf(table: Element | null): string[][] {
  const rows = [...(table?.querySelectorAll('tbody tr') ?? [])]
  return rows.map((row) =>
    [...row.children].map((cell) => (cell.textContent ?? '').replace(/\s+/g, ' ').trim()),
  )
}
