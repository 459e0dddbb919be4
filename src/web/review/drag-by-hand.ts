/** Owns the hand of the drag's tests: the real page on a network that answers as the server would, and a mouse that is dispatched. */
import { createPinia } from 'pinia'
import { expect } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-vue'
import { createMemoryHistory } from 'vue-router'
import type { QueueItem } from '../../contract.ts'
import App from '../App.vue'
import { createAppRouter } from '../router.ts'
import { cards, fakeNetwork } from './fake-network.ts'
import { useSftStore } from './use-sft-store.ts'

/** The mouse: the one pointer that is always there to be captured. */
export const MOUSE = 1

export async function openPage(stored: QueueItem[] = cards(8)) {
  await page.viewport(1280, 800)
  const network = fakeNetwork(stored)
  const pinia = createPinia()
  await render(App, { global: { plugins: [pinia, createAppRouter(createMemoryHistory())] } })
  const store = useSftStore(pinia)
  await expect.poll(() => store.phase).toBe('card')
  async function close(): Promise<void> {
    await expect.poll(() => store.sending).toBe(0)
    network.restore()
    delete document.documentElement.dataset.theme
  }
  return { network, store, close }
}

export function find(selector: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(selector)
  if (!element) throw new Error(`There is no ${selector}.`)
  return element
}

export function point(
  target: EventTarget,
  type: string,
  x: number,
  y: number,
  init: PointerEventInit = {},
): void {
  const buttons = type === 'pointerup' ? 0 : 1
  const place = { clientX: x, clientY: y, pointerId: MOUSE, isPrimary: true, buttons, bubbles: true }
  target.dispatchEvent(new PointerEvent(type, { ...place, cancelable: true, ...init }))
}

export const frame = (): Promise<unknown> => new Promise(requestAnimationFrame)
export const rest = (ms: number): Promise<unknown> => new Promise((done) => setTimeout(done, ms))
export const isHeld = (): boolean => document.querySelector('main.held') !== null

export async function lift(from: HTMLElement = find('.shown h1')): Promise<void> {
  const { left, top } = from.getBoundingClientRect()
  point(from, 'pointerdown', left + 5, top + 5)
  point(from, 'pointermove', left + 30, top + 30)
  await frame()
}

/** Rests before it ends, so that nothing is thrown. */
export async function carry(x: number, y: number): Promise<void> {
  point(find('article'), 'pointermove', x, y)
  await rest(70)
  point(find('article'), 'pointermove', x, y)
  await frame()
}

export async function carryTo(kind: string): Promise<void> {
  const index = ['correct', 'discard', 'flag'].indexOf(kind)
  await carry(innerWidth * (index / 3 + 1 / 6), innerHeight - 60)
}

export function centre(element: HTMLElement): { x: number; y: number } {
  const { left, top, width, height } = element.getBoundingClientRect()
  return { x: left + width / 2, y: top + height / 2 }
}

/** Where the ball hangs is where the hand opens. */
export function drop(): void {
  const { x, y } = centre(find('.ball'))
  point(document.body, 'pointerup', x, y + 80)
}
