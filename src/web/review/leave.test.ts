/** Proves that no animation stands in the way, and that everything fits on every screen, with the card held or not. */
import '../ui/tokens.css'
import '../ui/base.css'
import axe from 'axe-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { carryTo, drop, find, frame, lift, openPage, rest } from './drag-by-hand.ts'
import { card, cards } from './fake-network.ts'
import { feel } from './feedback.ts'
import { RUSH_MS } from './use-carry.ts'

const LONG = Array.from(
  { length: 110 },
  (_, index) => `## Part ${index}\n\n${'Some **words**. '.repeat(20)}`,
).join('\n\n')

let store: Awaited<ReturnType<typeof openPage>>['store']
let close: () => Promise<void>

beforeEach(async () => {
  const stored = cards(8)
  stored[3] = card('c4', { model_response: LONG })
  ;({ store, close } = await openPage(stored))
})
afterEach(() => close())

const risen = (): Promise<unknown> =>
  Promise.all(
    find('.risen')
      .getAnimations({ subtree: true })
      .map((each) => each.finished),
  )
const copies = (): NodeListOf<HTMLElement> => document.querySelectorAll('[data-leaving]')

describe('an animation', () => {
  it('never holds the card: three presses of d at once discard three cards', async () => {
    for (let press = 0; press < 3; press += 1) {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'd', bubbles: true, cancelable: true }))
      await Promise.resolve()
    }
    expect(store.acts.map((act) => act.card.id)).toEqual(['c1', 'c2', 'c3'])
    await frame()
    expect(find('.shown h1').textContent).toBe('Task c4')
  })

  it('leaves the next card usable at once: a drop and then d decide two cards', async () => {
    await lift()
    await carryTo('flag')
    drop()
    await userEvent.keyboard('d')
    expect(store.acts).toMatchObject([
      { kind: 'flag', card: { id: 'c1' } },
      { kind: 'discard', card: { id: 'c2' } },
    ])
  })

  it('moves a copy that cannot be reached, read or repeated, and is gone within a moment', async () => {
    await userEvent.keyboard('c')
    await userEvent.keyboard('text')
    store.submit()
    await expect.poll(() => copies().length).toBe(1)
    const copy = find('[data-leaving="correct"]')
    expect(copy.textContent).toContain('Task c1')
    expect(copy.closest('[inert][aria-hidden="true"]')).not.toBeNull()
    expect(getComputedStyle(copy).pointerEvents).toBe('none')
    expect(copy.querySelectorAll('[id], textarea')).toHaveLength(0)
    expect(find('.shown h1').textContent).toBe('Task c2')
    for (const { effect } of copy.getAnimations())
      expect(Number(effect?.getComputedTiming().endTime)).toBeLessThanOrEqual(300)
    await expect.poll(() => copies().length).toBe(0)
  })

  it('has the bucket on a layer of its own for as long as it moves, and no longer', async () => {
    const bucket = find('[data-bucket="discard"]')
    await userEvent.keyboard('d')
    await expect.poll(() => bucket.style.willChange).toBe('transform')
    await userEvent.keyboard('d')
    await expect.poll(() => bucket.getAnimations().length).toBe(0)
    await expect.poll(() => bucket.style.willChange).toBe('')
  })

  it('stays away while cards are decided faster than one can fly', async () => {
    await userEvent.keyboard('d')
    await expect.poll(() => copies().length).toBe(1)
    await userEvent.keyboard('d')
    await expect.poll(() => copies().length).toBe(0)
    expect(store.acts).toHaveLength(2)
  })

  it('copies no more of a long answer than can be seen', async () => {
    await userEvent.keyboard('ddd')
    await expect.poll(() => find('.shown h1').textContent).toBe('Task c4')
    await expect.poll(() => find('.shown').textContent?.length).toBeGreaterThan(20_000)
    await rest(RUSH_MS)
    await userEvent.keyboard('f')
    await expect.poll(() => document.querySelector('[data-leaving="flag"]')).not.toBeNull()
    expect(find('[data-leaving="flag"]').textContent?.length).toBeLessThan(9000)
  })
})

describe('sound and vibration', () => {
  it('are off until somebody switches them on, and stay as chosen', async () => {
    expect({ ...feel }).toEqual({ sound: false, vibration: false })
    const sound = page.getByRole('switch', { name: 'Sound' })
    await expect.element(sound).toHaveAttribute('aria-checked', 'false')
    await sound.click()
    await expect.element(sound).toHaveAttribute('aria-checked', 'true')
    expect(JSON.parse(localStorage.getItem('avocet.feel') ?? '')).toMatchObject({ sound: true })
    await userEvent.keyboard('dfu')
    await sound.click()
    expect(JSON.parse(localStorage.getItem('avocet.feel') ?? '')).toMatchObject({ sound: false })
  })
})

describe.each([
  [375, 812],
  [320, 640],
])('at %d x %d', (width, height) => {
  it('the buckets never cover what has the focus', async () => {
    await page.viewport(width, height)
    await userEvent.keyboard('c')
    const bar = find('.buckets')
    for (let step = 0; step < 40; step += 1) {
      await userEvent.keyboard('{Tab}')
      const focused = document.activeElement
      if (!(focused instanceof HTMLElement) || bar.contains(focused) || !focused.closest('article')) continue
      if (focused.tagName === 'TEXTAREA') continue
      const { bottom } = focused.getBoundingClientRect()
      expect(bottom, `${focused.tagName} ${focused.textContent?.slice(0, 40)}`).toBeLessThanOrEqual(
        bar.getBoundingClientRect().top + 1,
      )
    }
  })

  it('the risen buckets fit on the screen, whole and with all their words', async () => {
    await page.viewport(width, height)
    // A window that changes its size takes the card out of the hand.
    await rest(150)
    await lift()
    await risen()
    for (const panel of document.querySelectorAll<HTMLElement>('.panel')) {
      const { left, right, top, bottom } = panel.getBoundingClientRect()
      expect(left >= 0 && right <= width && top >= 0 && bottom <= height).toBe(true)
      for (const part of panel.children) {
        const inner = part.getBoundingClientRect()
        expect(inner.left >= left && inner.right <= right, part.textContent ?? '').toBe(true)
        expect(inner.top >= top && inner.bottom <= bottom, part.textContent ?? '').toBe(true)
      }
    }
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
    await userEvent.keyboard('{Escape}')
  })
})

it.each(['light', 'dark'])('axe finds nothing while the card is held over a bucket, in %s', async (theme) => {
  document.documentElement.dataset.theme = theme
  await lift()
  await carryTo('flag')
  await risen()
  const { violations } = await axe.run(document, { rules: { 'document-title': { enabled: false } } })
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
  await userEvent.keyboard('{Escape}')
})
