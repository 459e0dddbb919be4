/** Proves where the focus goes, what is announced, what stands there without a card, and that axe finds nothing. */
import '../ui/tokens.css'
import '../ui/base.css'
import axe from 'axe-core'
import { createPinia } from 'pinia'
import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-vue'
import { createMemoryHistory } from 'vue-router'
import type { QueueItem } from '../../contract.ts'
import App from '../App.vue'
import { createAppRouter } from '../router.ts'
import { card, cards, fakeNetwork, problem } from './fake-network.ts'
import { type SftStore, useSftStore } from './use-sft-store.ts'

let network: ReturnType<typeof fakeNetwork>
let store: SftStore

async function open(stored: QueueItem[], isDown = false): Promise<void> {
  network = fakeNetwork(stored)
  network.goDown(isDown)
  const pinia = createPinia()
  await render(App, { global: { plugins: [pinia, createAppRouter(createMemoryHistory())] } })
  store = useSftStore(pinia)
  await expect.poll(() => store.phase).not.toBe('loading')
}

afterEach(async () => {
  network.goDown(false)
  await expect.poll(() => store.sending).toBe(0)
  network.restore()
  delete document.documentElement.dataset.theme
})

function said(): string {
  return [...document.querySelectorAll('[role="status"]')].map((each) => each.textContent?.trim()).join('')
}

describe('on a phone', () => {
  it('the buckets stay at hand, but not before the button that saves while somebody writes', async () => {
    await page.viewport(390, 500)
    await open([card('c1', { model_response: 'Line.\n\n'.repeat(60) })])
    const bar = () => document.querySelector('main > .bar')?.getBoundingClientRect().bottom ?? 0
    await expect.poll(bar).toBeLessThanOrEqual(500)
    await page.getByRole('button', { name: 'Correct', exact: false }).first().click()
    await userEvent.keyboard('Better.')
    const save = page.getByRole('button', { name: 'Save and next' })
    save.element().scrollIntoView({ block: 'end' })
    await expect.poll(bar).toBeGreaterThan(500)
    await save.click()
    await expect.poll(() => store.stats?.by_status.approved).toBe(1)
    await page.viewport(1280, 800)
  })
})

describe('after a decision', () => {
  it('the focus is on the heading of the next card', async () => {
    await open(cards(3))
    await page.getByRole('button', { name: 'Discard' }).click()
    await expect.poll(() => document.activeElement?.textContent?.trim()).toBe('Task c2')
    expect(document.activeElement?.tagName).toBe('H1')
  })

  it('one polite region says what happened, how to undo it, and what is next', async () => {
    await open(cards(2))
    await userEvent.keyboard('d')
    await expect.poll(said).toBe('Discarded. Press u to undo. Next: Task c2')
    await userEvent.keyboard('f')
    await expect.poll(said).toBe('Model flagged. Press u to undo. No card is left.')
    await userEvent.keyboard('u')
    await expect.poll(said).toBe('Undone: Task c2 is back.')
  })

  it('the focus is on what stands there when no card is left', async () => {
    await open(cards(1))
    await userEvent.keyboard('d')
    await expect.poll(() => document.activeElement?.textContent).toBe('All caught up')
  })

  it('the list shows it, and its button takes it back', async () => {
    await open(cards(3))
    await userEvent.keyboard('f')
    const list = page.getByRole('region', { name: 'Just now' })
    await expect.element(list.getByText('Model flagged', { exact: true })).toBeVisible()
    await list.getByRole('button', { name: 'Undo' }).click()
    expect(store.current?.id).toBe('c1')
  })

  it('a refusal is said aloud on the card that came back', async () => {
    await open(cards(2))
    network.answerOnce('submit', () => problem(422, 'correction_unreadable', 'Half of a character.'))
    await userEvent.keyboard('d')
    await expect.element(page.getByRole('alert')).toHaveTextContent('Not saved: Half of a character.')
  })
})

describe('a decision whose answer takes long', () => {
  it('is called saving after a while, and moves nothing meanwhile', async () => {
    await open(cards(3))
    const release = network.hold('submit')
    for (const _ of [1, 2]) await userEvent.keyboard('d')
    await expect.poll(() => document.getAnimations().length).toBe(0)
    await expect.element(page.getByText('· saving').first()).toBeVisible()
    // A delayed animation would be among them: its end is a frame, for which a key waits.
    expect(document.getAnimations()).toEqual([])
    release()
    await expect.poll(() => page.getByText('· saving').elements().length).toBe(0)
  })
})

describe('the page', () => {
  it('shows how much is left', async () => {
    await open([...cards(3), card('x', { status: 'approved', corrected_response: 'y' })])
    await expect.element(page.getByText('3 left of 4')).toBeVisible()
  })

  it('counts the reasons of what was decided', async () => {
    await open(cards(2))
    await userEvent.keyboard('6d')
    const row = () =>
      [...document.querySelectorAll('.totals .reason')].find((each) => each.textContent?.includes('Halluc'))
    await expect.poll(() => row()?.textContent).toContain('1')
  })

  it('asks for a run when nothing is imported', async () => {
    await open([])
    await expect.element(page.getByRole('heading', { name: 'Point me at a run' })).toBeVisible()
    await expect.element(page.getByText('npm start -- path/to/bench_results')).toBeVisible()
  })

  it('sums up when all is done, and leads to the export', async () => {
    await open([
      card('a', { status: 'approved', corrected_response: 'x' }),
      card('b', { status: 'discarded' }),
      card('c', { status: 'model_rejected' }),
    ])
    await expect.element(page.getByText('1 corrected, 1 discarded, 1 flagged.')).toBeVisible()
    await expect.element(page.getByRole('link', { name: 'Export 1' })).toHaveAttribute('href', '/export')
  })

  it('says that the server is gone, lets the reviewer go on, and tries again on demand', async () => {
    await open(cards(3))
    const line = () => document.querySelector('.saved p')?.textContent
    expect(line()).toBe('Saved')
    network.goDown(true)
    await userEvent.keyboard('c')
    await userEvent.keyboard('text')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    expect(store.current?.id).toBe('c2')
    await expect.poll(line).toBe('Offline, 1 waiting')
    expect(said()).toContain('Not saved yet: 1 decision waiting.')
    await userEvent.keyboard('d')
    await expect.poll(line).toBe('Offline, 2 waiting')
    await expect.poll(() => document.querySelector('.banner')?.textContent).toContain('Go on')
    // In one go: the page tries by itself as well.
    network.wakeUp()
    document.querySelector<HTMLElement>('.saved button')?.click()
    await expect.poll(line).toBe('Saved')
    await expect.poll(() => document.querySelector('.banner')).toBeNull()
    expect(network.world.stored.map(({ status }) => status)).toEqual([
      'approved',
      'discarded',
      'needs_review',
    ])
  })

  it('lists what was taken back as something to make again', async () => {
    await open(cards(2))
    await userEvent.keyboard('fu')
    const list = page.getByRole('region', { name: 'Just now' })
    await list.getByRole('button', { name: 'Redo' }).click()
    await expect.poll(() => network.of('submit').length).toBe(2)
    expect(store.current?.id).toBe('c2')
    await expect.element(list.getByRole('button', { name: 'Redo' })).toBeDisabled()
  })

  it('throws the text away on demand, and puts it back', async () => {
    await open(cards(1))
    await userEvent.keyboard('cmy words')
    await page.getByRole('button', { name: 'Clear text' }).click()
    expect(document.querySelector('textarea')?.value).toBe('')
    await page.getByRole('button', { name: 'Put it back' }).click()
    await expect.poll(() => document.querySelector('textarea')?.value).toBe('my words')
  })

  it('shows the text of somebody else beside the one typed here, to choose from', async () => {
    await open(cards(1))
    await meetRival()
    expect(document.querySelector('[role="alert"]')?.textContent).toMatch(
      /^Another text was written .* by ada\./,
    )
    await expect.element(page.getByText('their words')).toBeVisible()
    await page.getByRole('button', { name: 'Take the other' }).click()
    await expect.poll(() => document.querySelector('textarea')?.value).toBe('their words')
    expect(document.querySelector('.choice')).toBeNull()
  })

  it('comes back by itself when the server was not there at the start', async () => {
    await open(cards(1), true)
    await expect.element(page.getByRole('heading', { name: 'The server does not answer' })).toBeVisible()
    network.goDown(false)
    await expect.poll(() => store.phase, { timeout: 4000 }).toBe('card')
  })

  it('goes round its colours and keeps the choice', async () => {
    await open(cards(1))
    const button = page.getByRole('button', { name: /^Colours/ })
    await button.click()
    expect(document.documentElement.dataset.theme).toBe('light')
    await button.click()
    expect(document.documentElement.dataset.theme).toBe('dark')
    expect(localStorage.getItem('avocet.theme')).toBe('dark')
    await button.click()
    expect(document.documentElement.dataset.theme).toBeUndefined()
  })
})

async function meetRival(): Promise<void> {
  await userEvent.keyboard('cmy words')
  const body = JSON.stringify({ text: 'their words', failure_category: null, writer: 'elsewhere' })
  await fetch('/api/sft/drafts/c1', { method: 'PUT', body })
  await expect.poll(() => store.draft?.rival).not.toBeNull()
}

const long = { role: 'system', content: 'Be careful. '.repeat(60) }
const STATES: Record<string, { stored: QueueItem[]; act?: () => Promise<unknown> }> = {
  reading: { stored: [0.3, 0.5, 0.9].map((quality_score, index) => card(`c${index}`, { quality_score })) },
  orange: { stored: [card('a', { quality_score: 0.5, prompt_messages: [long] })] },
  yellow: { stored: [card('a', { quality_score: 0.9, model_response: 'x '.repeat(20_000) })] },
  editing: { stored: cards(3), act: () => userEvent.keyboard('3ctext') },
  decided: { stored: cards(5), act: () => userEvent.keyboard('d2ff') },
  refused: {
    stored: cards(2),
    act: () => {
      const candidate = card('c1', { status: 'discarded' })
      network.answerOnce('submit', () => problem(409, 'not_in_review', 'Already decided.', { candidate }))
      return userEvent.keyboard('ctext{Control>}{Enter}{/Control}')
    },
  },
  gone: {
    stored: cards(2),
    act: () => {
      network.goDown(true)
      return userEvent.keyboard('d')
    },
  },
  rivalled: { stored: cards(2), act: meetRival },
  cleared: { stored: cards(2), act: () => userEvent.keyboard('cwords').then(() => store.clearText()) },
  empty: { stored: [] },
  finished: { stored: cards(1), act: () => userEvent.keyboard('d') },
}

describe.each(['light', 'dark'])('axe finds nothing in %s', (theme) => {
  it.each(Object.keys(STATES))('while %s', async (name) => {
    document.documentElement.dataset.theme = theme
    const state = STATES[name]
    await open(structuredClone(state?.stored ?? []))
    await state?.act?.()
    await expect.poll(() => store.sending === 0 || store.status.isStuck).toBe(true)
    await new Promise((done) => setTimeout(done, 200))
    const { violations } = await axe.run(document, { rules: { 'document-title': { enabled: false } } })
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual(
      [],
    )
  })
})
