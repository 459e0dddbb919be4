/** Proves that every text once written for a card can be read again and, while it waits, used again. */
import { afterEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import type { QueueItem } from '../../contract.ts'
import { type OpenApp, openApp } from '../open-app.ts'
import { card, fakeNetwork } from '../review/fake-network.ts'
import type { World } from '../review/fake-server.ts'

let network: ReturnType<typeof fakeNetwork>
let app: OpenApp

async function open(address: string, stored: QueueItem[], more: Partial<World>): Promise<void> {
  network = fakeNetwork(stored, more)
  app = await openApp(address)
}

afterEach(() => network.restore())

describe('the page of a card', () => {
  it('lists the earlier texts of a waiting card, and takes one up without losing the draft', async () => {
    const words = {
      failure_category: null,
      began_from: null,
      reviewer: 'bob',
      saved_at: '2026-04-07T12:00:00Z',
    }
    const draft = { ...words, text: 'of now', revision: 2 }
    await open('/cards/a', [card('a', { draft })], {
      texts: [
        { ...words, text: 'of before', revision: 1, id: 'a', writer: 'x', state: 'earlier' },
        { ...draft, id: 'a', writer: 'x', state: 'draft' },
      ],
    })
    const texts = page.getByRole('region', { name: 'Earlier texts' })
    await expect.element(texts.getByText('of before')).toBeVisible()
    await expect.element(texts.getByText(/^7 Apr 2026, .* by bob$/)).toBeVisible()
    await texts.getByRole('button', { name: 'Use this text' }).click()
    await expect.poll(() => document.querySelector('textarea')?.value).toBe('of before')
    expect(app.address()).toBe('/?card=a')
    expect(network.world.texts.map(({ text, state }) => [text, state])).toContainEqual(['of now', 'earlier'])
  })

  it('has the earlier texts of a decided card to read only, and nothing where there are none', async () => {
    const text = { text: 'of before', failure_category: null, began_from: null, revision: 1 }
    const by = { reviewer: 'bob', saved_at: '', writer: 'x', state: 'earlier' as const }
    await open('/cards/c1', [card('c1', { status: 'approved' }), card('c2')], {
      texts: [{ ...text, ...by, id: 'c1' }],
    })
    await expect.element(page.getByRole('button', { name: 'Copy' })).toBeVisible()
    expect(page.getByRole('button', { name: 'Use this text' }).elements()).toHaveLength(0)
    await app.router.push('/cards/c2')
    await expect.element(page.getByRole('heading', { name: 'Task c2' })).toBeVisible()
    expect(page.getByRole('heading', { name: 'Earlier texts' }).elements()).toHaveLength(0)
  })
})
