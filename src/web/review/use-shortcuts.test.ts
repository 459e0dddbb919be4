/** Proves which keys act and when none does, on the real page. */
import '../ui/tokens.css'
import '../ui/base.css'
import { createPinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-vue'
import { createMemoryHistory } from 'vue-router'
import App from '../App.vue'
import { createAppRouter } from '../router.ts'
import { BUCKETS, CATEGORIES, UNDO } from './actions.ts'
import { cards, fakeNetwork, problem } from './fake-network.ts'
import { type SftStore, useSftStore } from './use-sft-store.ts'

let network: ReturnType<typeof fakeNetwork>
let store: SftStore

beforeEach(async () => {
  network = fakeNetwork(cards(8))
  const pinia = createPinia()
  await render(App, { global: { plugins: [pinia, createAppRouter(createMemoryHistory())] } })
  store = useSftStore(pinia)
  await expect.poll(() => store.phase).toBe('card')
})
afterEach(async () => {
  network.goDown(false)
  await expect.poll(() => store.sending).toBe(0)
  network.restore()
})

function current(): string | undefined {
  return store.current?.id
}

function editor(): HTMLTextAreaElement | null {
  return document.querySelector('textarea')
}

function press(target: EventTarget, init: KeyboardEventInit): void {
  target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }))
}

describe('keys', () => {
  it('are each used once', () => {
    const keys = [...BUCKETS, UNDO, ...CATEGORIES].map((row) => row.key)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('d discards, f flags, u takes back', async () => {
    await userEvent.keyboard('d')
    expect(store.acts.at(-1)).toMatchObject({ kind: 'discard', card: { id: 'c1' } })
    await userEvent.keyboard('f')
    expect(store.acts.at(-1)).toMatchObject({ kind: 'flag', card: { id: 'c2' } })
    await userEvent.keyboard('u')
    expect(current()).toBe('c2')
    await userEvent.keyboard('u')
    expect(current()).toBe('c1')
  })

  it.each(CATEGORIES)('$key chooses $kind, and gives it up again', async ({ key, kind }) => {
    await userEvent.keyboard(key)
    expect(store.draft?.category).toBe(kind)
    await userEvent.keyboard(key)
    expect(store.draft?.category).toBeNull()
  })

  it('c opens the editor with the focus in it, and types nothing', async () => {
    await userEvent.keyboard('c')
    await expect.poll(() => document.activeElement).toBe(editor())
    expect(editor()?.value).toBe('')
  })

  it('act with caps lock on, and on a keyboard of another script', () => {
    press(document.body, { key: 'D', code: 'KeyD' })
    expect(current()).toBe('c2')
    press(document.body, { key: 'в', code: 'KeyD' })
    expect(current()).toBe('c3')
    press(document.body, { key: '&', code: 'Digit1' })
    expect(store.draft?.category).toBe('scoring_artifact')
  })

  it('Ctrl+Enter submits, the focus in the text area', async () => {
    await userEvent.keyboard('c')
    await userEvent.keyboard('  fixed')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    expect(current()).toBe('c2')
    expect(network.of('submit')[0]?.body).toMatchObject({ action: 'correct', corrected_response: '  fixed' })
  })

  it('Cmd+Enter submits as well', async () => {
    await userEvent.keyboard('cfixed')
    await userEvent.keyboard('{Meta>}{Enter}{/Meta}')
    expect(current()).toBe('c2')
  })

  it('Esc closes the editor, keeps the text, and c finds it again', async () => {
    await userEvent.keyboard('c')
    await userEvent.keyboard('half')
    await userEvent.keyboard('{Escape}')
    await expect.poll(editor).toBeNull()
    expect(document.activeElement?.tagName).toBe('H1')
    await userEvent.keyboard('c')
    await expect.poll(() => editor()?.value).toBe('half')
  })
})

describe('no key acts', () => {
  it('while somebody types', async () => {
    await userEvent.keyboard('c')
    await userEvent.keyboard('cdfu 123456')
    expect(current()).toBe('c1')
    expect(editor()?.value).toBe('cdfu 123456')
    expect(store.draft?.category).toBeNull()
  })

  it.each(['input', 'select'])('in a foreign %s', (tag) => {
    const field = document.body.appendChild(document.createElement(tag))
    press(field, { key: 'd' })
    field.remove()
    expect(current()).toBe('c1')
  })

  it('in editable content', () => {
    const field = document.body.appendChild(document.createElement('div'))
    field.contentEditable = 'true'
    const inner = field.appendChild(document.createElement('b'))
    press(inner, { key: 'd' })
    field.remove()
    expect(current()).toBe('c1')
  })

  it('inside a dialog, nor behind one', () => {
    const dialog = document.body.appendChild(document.createElement('dialog'))
    dialog.showModal()
    press(dialog, { key: 'd' })
    press(document.body, { key: 'd' })
    dialog.remove()
    expect(current()).toBe('c1')
  })

  it.each(['ctrlKey', 'metaKey', 'altKey', 'shiftKey'])('with %s held', (modifier) => {
    for (const key of ['d', 'f', 'u', 'c']) press(document.body, { key, [modifier]: true })
    expect(current()).toBe('c1')
    expect(store.draft?.editing).toBe(false)
  })

  it('while it repeats', () => {
    press(document.body, { key: 'd', repeat: true })
    expect(current()).toBe('c1')
  })

  it('while a character is composed', async () => {
    await userEvent.keyboard('chalf')
    await expect.poll(editor).not.toBeNull()
    const field = editor() ?? document.body
    press(field, { key: 'Escape', isComposing: true })
    press(field, { key: 'Enter', ctrlKey: true, isComposing: true })
    expect(store.draft?.editing).toBe(true)
    expect(current()).toBe('c1')
  })

  it('on a card that came back by itself, before the keyboard has rested', async () => {
    const release = network.hold('submit', problem(409, 'stale_version', 'Changed.'))
    await userEvent.keyboard('d')
    release()
    await expect.poll(current).toBe('c1')
    await userEvent.keyboard('d')
    expect(current()).toBe('c1')
    await new Promise((done) => setTimeout(done, 850))
    await userEvent.keyboard('d')
    expect(current()).toBe('c2')
  })
})
