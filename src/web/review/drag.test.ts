/** Proves the drag on the real page: what picks the card up, where it lands, and what gives it back. */
import '../ui/tokens.css'
import '../ui/base.css'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import {
  carry,
  carryTo,
  centre,
  drop,
  find,
  frame,
  isHeld,
  lift,
  MOUSE,
  openPage,
  point,
} from './drag-by-hand.ts'
import { problem } from './fake-network.ts'

let network: Awaited<ReturnType<typeof openPage>>['network']
let store: Awaited<ReturnType<typeof openPage>>['store']
let close: () => Promise<void>

beforeEach(async () => {
  ;({ network, store, close } = await openPage())
})
afterEach(() => close())

describe('the card', () => {
  it('is picked up by its handle, its heading and the space between', async () => {
    for (const from of ['.shown .grip', '.shown h1', '.shown header']) {
      await lift(find(from))
      expect(isHeld(), from).toBe(true)
      await userEvent.keyboard('{Escape}')
      expect(isHeld(), from).toBe(false)
    }
  })

  it.each(['.reason', '.messages', '.pane', '.categories'])(
    'stays where it is when %s is dragged over',
    async (part) => {
      await lift(find(`article ${part}`))
      expect(isHeld()).toBe(false)
    },
  )

  it.each([
    ['the right button', { button: 2, buttons: 2 }],
    ['a second finger', { isPrimary: false }],
  ])('is not picked up by %s', async (_, init) => {
    const heading = find('.shown h1')
    point(heading, 'pointerdown', 100, 150, init)
    point(heading, 'pointermove', 200, 250)
    await frame()
    expect(isHeld()).toBe(false)
  })

  it('shows its score and its model as a ball above the pointer', async () => {
    await lift()
    await carry(500, 400)
    await expect.poll(() => Math.round(centre(find('.ball')).y)).toBe(320)
    expect(Math.round(centre(find('.ball')).x)).toBe(500)
    expect(find('.ball').textContent).toMatch(/0\.30.*Qwen2\.5-3B/)
    await expect.element(page.getByText('Let go outside a bucket and the card springs back')).toBeVisible()
    await userEvent.keyboard('{Escape}')
  })

  it('leaves nothing of the page in another place while it is held', async () => {
    const parts = ['article', '.side', '.buckets', '[data-bucket="discard"]']
    const before = [document.documentElement.scrollHeight, ...parts.map((part) => find(part).offsetTop)]
    await lift()
    expect([document.documentElement.scrollHeight, ...parts.map((part) => find(part).offsetTop)]).toEqual(
      before,
    )
    await userEvent.keyboard('{Escape}')
  })
})

describe('dropped', () => {
  it.each(['discard', 'flag'])('on %s it is decided, once', async (kind) => {
    await lift()
    await carryTo(kind)
    expect(find('.panel.over').textContent?.toLowerCase()).toContain(kind)
    drop()
    expect(store.acts).toMatchObject([{ kind, card: { id: 'c1' } }])
    await expect.poll(() => document.activeElement?.textContent?.trim()).toBe('Task c2')
    expect(isHeld()).toBe(false)
  })

  it('on Correct it stays, with its editor open', async () => {
    await lift()
    await carryTo('correct')
    drop()
    await expect.poll(() => document.activeElement?.tagName).toBe('TEXTAREA')
    expect(store.current?.id).toBe('c1')
    expect(store.acts).toEqual([])
  })

  it('elsewhere it springs back undecided', async () => {
    await lift()
    await carry(600, 300)
    drop()
    await frame()
    expect(isHeld()).toBe(false)
    expect(store.acts).toEqual([])
    expect(store.current?.id).toBe('c1')
  })
})

describe('the card springs back undecided', () => {
  it.each(['pointercancel', 'contextmenu', 'lostpointercapture', 'resize', 'blur'])('on %s', async (type) => {
    await lift()
    await carryTo('discard')
    const target = type === 'resize' || type === 'blur' ? window : find('.shown header')
    target.dispatchEvent(new PointerEvent(type, { bubbles: target !== window, pointerId: MOUSE }))
    await frame()
    expect(isHeld()).toBe(false)
    point(document.body, 'pointerup', 640, 740)
    expect(store.acts).toEqual([])
  })

  it('when another pointer comes down', async () => {
    await lift()
    await carryTo('flag')
    point(document.body, 'pointerdown', 300, 300, { pointerId: 7, isPrimary: false })
    await frame()
    expect(isHeld()).toBe(false)
    expect(store.acts).toEqual([])
  })

  it('when the button went up outside the window', async () => {
    await lift()
    point(document.body, 'pointermove', 640, 740, { buttons: 0 })
    await frame()
    expect(isHeld()).toBe(false)
    expect(store.acts).toEqual([])
  })

  it('on Esc, which closes nothing else then', async () => {
    await userEvent.keyboard('c')
    await lift()
    await userEvent.keyboard('{Escape}')
    expect(isHeld()).toBe(false)
    expect(store.draft?.editing).toBe(true)
  })
})

describe('a decision by key while the card is held', () => {
  it('takes it out of the hand: letting go decides nothing more', async () => {
    await lift()
    await carryTo('flag')
    await userEvent.keyboard('d')
    await frame()
    expect(isHeld()).toBe(false)
    point(document.body, 'pointerup', 1100, 740)
    expect(store.acts).toMatchObject([{ kind: 'discard', card: { id: 'c1' } }])
  })

  it('and a card that comes back by itself is not the one in the hand', async () => {
    const answer = network.hold('submit', problem(422, 'no', 'No.'))
    await userEvent.keyboard('d')
    await lift()
    await carryTo('flag')
    answer()
    await expect.poll(() => store.current?.id).toBe('c1')
    await frame()
    expect(isHeld()).toBe(false)
    point(document.body, 'pointerup', 1100, 740)
    expect(store.acts).toEqual([])
  })
})
