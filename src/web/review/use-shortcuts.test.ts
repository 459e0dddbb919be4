/** Proves which keys act and when none does, on the real page. */
import '../ui/tokens.css'
import '../ui/base.css'
import { createPinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-vue'
import { createMemoryHistory } from 'vue-router'
import App from '../App.vue'
import { createAppRouter } from '../router.ts'
import { BACK, BUCKETS, CATEGORIES, NEXT, REDO, SAME_ANSWERS, SKIP, UNDO } from './actions.ts'
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
    const rows = [...BUCKETS, UNDO, REDO, BACK, SKIP, NEXT, ...SAME_ANSWERS, ...CATEGORIES]
    const keys = rows.map((row) => row.key)
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

  it('r makes again what u took back', async () => {
    await userEvent.keyboard('dfuu')
    await userEvent.keyboard('r')
    expect(store.acts.at(-1)).toMatchObject({ kind: 'discard', card: { id: 'c1' } })
    expect(current()).toBe('c2')
  })

  it('n goes on, b back, s past a card for later, each with the focus on the heading', async () => {
    await userEvent.keyboard('n')
    expect(current()).toBe('c2')
    await expect.poll(() => document.activeElement?.textContent).toBe('Task c2')
    await userEvent.keyboard('b')
    expect(current()).toBe('c1')
    await userEvent.keyboard('s')
    expect(current()).toBe('c2')
    await expect.poll(() => document.activeElement?.textContent).toBe('Task c2')
    expect(document.activeElement?.tagName).toBe('H1')
    await expect.element(page.getByText('1 skipped, it comes back at the end')).toBeVisible()
    await userEvent.keyboard('s')
    await expect.element(page.getByText('2 skipped, they come back at the end')).toBeVisible()
    expect(network.of('submit')).toHaveLength(0)
  })

  it.each([BACK, SKIP, NEXT])('$key has a button that does the same: $label', async ({ key, label }) => {
    await userEvent.keyboard('n')
    const button = page.getByRole('button', { name: label, exact: true })
    await expect.element(button).toHaveAttribute('aria-keyshortcuts', key)
    await button.click()
    expect(current()).toBe(label === 'Back' ? 'c1' : 'c3')
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
    await expect
      .poll(() => network.of('submit')[0]?.body)
      .toMatchObject({ action: 'correct', corrected_response: '  fixed' })
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

describe('the question whether the benchmark was wrong', () => {
  const question = () => document.querySelector('.question')

  beforeEach(async () => {
    await userEvent.keyboard('c')
    await page.getByRole('button', { name: "Start from the model's answer" }).click()
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.poll(() => document.activeElement?.closest('.question')).not.toBeNull()
  })

  it('takes the focus, onto its words and onto no answer', () => {
    expect(document.activeElement?.textContent).toBe(
      "This is the model's own answer. Was the benchmark wrong?",
    )
  })

  it('is answered by y with a scoring artifact', async () => {
    await userEvent.keyboard('y')
    expect(current()).toBe('c2')
    await expect
      .poll(() => network.of('submit')[0]?.body)
      .toMatchObject({ failure_category: 'scoring_artifact' })
  })

  it('is answered by a as it is', async () => {
    await userEvent.keyboard('a')
    expect(current()).toBe('c2')
    await expect.poll(() => network.of('submit')[0]?.body).toMatchObject({ failure_category: null })
  })

  it('is left by Esc, back in the open editor', async () => {
    await userEvent.keyboard('{Escape}')
    await expect.poll(question).toBeNull()
    await expect.poll(() => document.activeElement).toBe(editor())
    await userEvent.keyboard('{Escape}')
    await expect.poll(editor).toBeNull()
  })

  it('is answered by its buttons, and by none of the keys that save', async () => {
    await userEvent.keyboard('{Enter}')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    expect(current()).toBe('c1')
    await page.getByRole('button', { name: 'No, save as it is' }).click()
    expect(current()).toBe('c2')
  })

  it('takes the focus again from a text that is submitted unchanged', async () => {
    editor()?.focus()
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.poll(() => document.activeElement?.closest('.question')).not.toBeNull()
  })
})

describe('no key acts', () => {
  it('while somebody types', async () => {
    await userEvent.keyboard('c')
    await userEvent.keyboard('cdfursbnya 123456')
    expect(current()).toBe('c1')
    expect(editor()?.value).toBe('cdfursbnya 123456')
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
    for (const key of ['d', 'f', 'u', 'c', 's', 'n', 'b', 'r'])
      press(document.body, { key, [modifier]: true })
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
