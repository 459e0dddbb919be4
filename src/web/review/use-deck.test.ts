/** Proves that the next card is laid out before its turn, out of everybody's way, and only has to be shown. */
import '../ui/tokens.css'
import '../ui/base.css'
import axe from 'axe-core'
import { afterEach, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { find, openPage } from './drag-by-hand.ts'
import { card, cards } from './fake-network.ts'

const LONG = Array.from({ length: 200 }, (_, index) => `## Part ${index}\n\nSome **words**.`).join('\n\n')

let store: Awaited<ReturnType<typeof openPage>>['store']
let network: Awaited<ReturnType<typeof openPage>>['network']
let close: () => Promise<void>

async function open(stored = cards(40)): Promise<void> {
  ;({ store, network, close } = await openPage(stored))
}
afterEach(() => close())

const laid = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('.stage .card')]
const titles = (): (string | undefined)[] => laid().map((each) => each.querySelector('h1')?.textContent)

it('the next card is laid out before its turn, and becomes the one on the screen without being made again', async () => {
  await open()
  await expect.poll(titles).toEqual(['Task c1', 'Task c2'])
  const waiting = laid()[1]
  await expect.poll(() => waiting?.querySelector('.model-text')?.textContent).not.toBe('')
  const answer = waiting?.querySelector('.model-text')
  expect(answer?.getBoundingClientRect().width).toBe(find('.model-text').getBoundingClientRect().width)
  await userEvent.keyboard('d')
  await expect.poll(() => document.activeElement).toBe(waiting?.querySelector('h1'))
  expect(find('.shown')).toBe(waiting)
  expect(find('.shown .model-text')).toBe(answer)
  await expect.poll(titles).toEqual(['Task c1', 'Task c2', 'Task c3'])
})

it('no card is made or done away with in the turn of the key', async () => {
  await open()
  await expect.poll(titles).toEqual(['Task c1', 'Task c2'])
  const before = laid()
  store.decide('discard')
  await Promise.resolve()
  await Promise.resolve()
  expect(laid()).toEqual(before)
  expect(find('.shown h1').textContent).toBe('Task c2')
  expect(document.activeElement?.textContent).toBe('Task c2')
})

it('what waits, or has left, cannot be seen, reached or read', async () => {
  await open()
  await expect.poll(titles).toEqual(['Task c1', 'Task c2'])
  await userEvent.keyboard('d')
  await expect.poll(titles).toEqual(['Task c1', 'Task c2', 'Task c3'])
  await expect.poll(() => laid()[0]?.matches('.away')).toBe(true)
  for (const hidden of [laid()[0], laid()[2]] as HTMLElement[]) {
    for (const element of hidden.querySelectorAll<HTMLElement>('*')) {
      expect(element.checkVisibility({ visibilityProperty: true })).toBe(false)
      element.focus()
      expect(hidden.contains(document.activeElement)).toBe(false)
    }
  }
  expect(laid()[1]?.checkVisibility({ visibilityProperty: true, opacityProperty: true })).toBe(true)
  for (const title of ['Task c1', 'Task c3']) {
    expect(page.getByRole('heading', { name: title }).query()).toBeNull()
  }
  const { violations } = await axe.run(document, { rules: { 'document-title': { enabled: false } } })
  expect(violations.map(({ id }) => id)).toEqual([])
})

it('no two elements have the same id, an open editor on either card', async () => {
  const draft = { text: 'half', failure_category: null, revision: 1, saved_at: '2026-04-07T12:00:00Z' }
  const stored = cards(3).map((each) => ({ ...each, draft: { ...draft, began_from: null, reviewer: 'me' } }))
  await open(stored)
  await expect.poll(titles).toEqual(['Task c1', 'Task c2'])
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
  expect(document.querySelectorAll('textarea')).toHaveLength(2)
  expect(new Set(ids).size).toBe(ids.length)
})

it('a long card that waits makes the page no longer', async () => {
  await open([
    card('c1'),
    card('c2', { model_response: LONG, prompt_messages: [{ role: 'user', content: LONG }] }),
  ])
  const before = document.documentElement.scrollHeight
  await expect.poll(titles).toEqual(['Task c1', 'Task c2'])
  expect(document.documentElement.scrollHeight).toBe(before)
})

it('a card that is taken back stands before the one that waits', async () => {
  await open()
  await expect.poll(titles).toEqual(['Task c1', 'Task c2'])
  await userEvent.keyboard('d')
  await expect.poll(titles).toEqual(['Task c1', 'Task c2', 'Task c3'])
  await userEvent.keyboard('u')
  await expect.poll(titles).toEqual(['Task c1', 'Task c2'])
  expect(document.activeElement?.textContent).toBe('Task c1')
})

it('a card that somebody else put back stands there once', async () => {
  await open(cards(2))
  await expect.poll(titles).toEqual(['Task c1', 'Task c2'])
  await userEvent.keyboard('d')
  await expect.poll(() => store.sending).toBe(0)
  Object.assign(network.world.stored[0] as object, { status: 'needs_review', version: 2 })
  await store.look()
  await expect.poll(() => store.cards.map(({ id }) => id)).toEqual(['c2', 'c1'])
  await expect.poll(titles).toEqual(['Task c2', 'Task c1'])
  await userEvent.keyboard('d')
  await expect.poll(() => find('.shown h1').textContent).toBe('Task c1')
  expect(titles().filter((title) => title === 'Task c1')).toHaveLength(1)
})

it('the way past the header leads to the card on the screen', async () => {
  await open()
  await userEvent.keyboard('d')
  await expect.poll(titles).toEqual(['Task c1', 'Task c2', 'Task c3'])
  find('.skip').focus()
  await userEvent.keyboard('{Enter}')
  expect(document.activeElement?.textContent).toBe('Task c2')
})

it('a card that is taken back was laid out all the while, with its words', async () => {
  await open()
  await expect.poll(titles).toEqual(['Task c1', 'Task c2'])
  await userEvent.keyboard('cfixed')
  await expect.poll(() => store.draft?.text).toBe('fixed')
  const before = find('.shown')
  store.submit()
  await expect.poll(titles).toEqual(['Task c1', 'Task c2', 'Task c3'])
  await userEvent.keyboard('u')
  await expect.poll(() => find('.shown h1').textContent).toBe('Task c1')
  expect(find('.shown')).toBe(before)
  expect(document.activeElement).toBe(find('.shown h1'))
  expect(document.querySelector<HTMLTextAreaElement>('.shown textarea')?.value).toBe('fixed')
  store.decide('discard')
  store.decide('discard')
  await expect.poll(titles).toEqual(['Task c2', 'Task c3', 'Task c4'])
  expect(before.isConnected).toBe(false)
})

it('five cards are in memory behind the one on the screen, however quick the hand', async () => {
  await open()
  for (let press = 0; press < 15; press += 1) {
    await userEvent.keyboard('d')
    expect(store.cards.length).toBeGreaterThan(5)
  }
})
