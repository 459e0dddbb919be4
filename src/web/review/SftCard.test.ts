/** Proves what a card shows, at every score, with any field missing, and that a model's words stay words. */
import '../ui/tokens.css'
import '../ui/base.css'
import { describe, expect, it } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-vue'
import type { QueueItem } from '../../contract.ts'
import type { Refusal } from './desk.ts'
import { type CardDraft, NO_DRAFT } from './drafts.ts'
import { card } from './fake-network.ts'
import SftCard from './SftCard.vue'

const CLOSED: CardDraft = NO_DRAFT

function show(changes: Partial<QueueItem> = {}, draft: Partial<CardDraft> = {}) {
  const refusal: Refusal | undefined = undefined
  const props = {
    candidate: card('c1', changes),
    draft: { ...CLOSED, ...draft },
    refusal: refusal as Refusal | undefined,
  }
  return render(SftCard, { props })
}

function chips(container: Element): string[] {
  return [...container.querySelectorAll('.chips > li')].map((chip) => chip.textContent?.trim() ?? '')
}

describe('SftCard', () => {
  it('shows the task, what was asked, what came, why it failed and who said it', async () => {
    const { container } = await show()
    expect(container.querySelector('h1')?.textContent).toBe('Task c1')
    expect(chips(container)).toEqual([
      'Quality score 0.30 · low',
      'Qwen2.5-3B',
      'code',
      'heimdall · GPU 0',
      '38.4 tok/s',
    ])
    expect(container.querySelector('.reason')?.textContent).toBe(
      'pattern_match: 1/3 required patterns matched',
    )
    expect(container.querySelector('.messages')?.textContent).toContain('Answer with code only.')
    expect(container.querySelector('.messages')?.textContent).toContain('Write median(values).')
    expect(container.querySelector('.pane .words')?.textContent).toBe(
      'def median(values):\n    return values[0]',
    )
  })

  it.each([
    [0, '0.00 · low'],
    [0.39, '0.39 · low'],
    [0.399, '0.39 · low'],
    [0.4, '0.40 · fair'],
    [0.69, '0.69 · fair'],
    [0.7, '0.70 · high'],
    [1, '1.00 · high'],
  ])('says of a score of %d that it is %s', async (quality_score, words) => {
    const { container } = await show({ quality_score })
    expect(chips(container)[0]).toBe(`Quality score ${words}`)
  })

  it('marks what cannot be seen in the name of the task and of the model', async () => {
    const { container } = await show({ task_name: 'sum\u200b of \u202etwo', model_name: 'Qwen\u00ad2.5' })
    const marks = [...container.querySelectorAll('h1 .mark, .chips .mark')].map((mark) =>
      mark.getAttribute('aria-label'),
    )
    expect(marks).toEqual(['U+200B zero width space', 'U+202E right-to-left override', 'U+00AD soft hyphen'])
  })

  it('gives each of the three bands a colour of its own: red, orange, yellow', async () => {
    const colours: string[] = []
    for (const quality_score of [0.39, 0.4, 0.7]) {
      const { container, unmount } = await show({ quality_score })
      const chip = container.querySelector('.chip')
      if (chip) colours.push(getComputedStyle(chip).color)
      await unmount()
    }
    expect(colours).toEqual(['rgb(179, 38, 30)', 'rgb(164, 82, 0)', 'rgb(122, 98, 0)'])
  })

  it.each(['quality_score', 'model_name', 'task_type', 'node_id', 'gpu_id', 'tokens_per_sec'] as const)(
    'shows nothing in the place of a missing %s',
    async (field) => {
      const { container } = await show({ [field]: null, model_id: null })
      expect(container.textContent).not.toMatch(/null|undefined|NaN/)
      const missing = {
        quality_score: 'low',
        model_name: 'Qwen',
        task_type: 'code',
        node_id: 'heimdall',
        gpu_id: 'GPU',
        tokens_per_sec: 'tok/s',
      }
      expect(chips(container).join()).not.toContain(missing[field])
    },
  )

  it('stands with nothing but an id, a prompt and an answer', async () => {
    const { container } = await show({
      quality_score: null,
      failure_reason: null,
      task_id: null,
      task_type: null,
      task_name: null,
      model_id: null,
      model_name: null,
      node_id: null,
      gpu_id: null,
      tokens_per_sec: null,
      prompt_messages: [],
      model_response: '',
    })
    expect(container.querySelector('h1')?.textContent).toBe('Untitled task')
    expect(container.querySelectorAll('.chip, .reason, .messages')).toHaveLength(0)
    expect(container.querySelector('.pane')?.textContent).toContain('The answer is empty.')
  })

  it('takes the task id for a heading where the task has no name', async () => {
    const { container } = await show({ task_name: null })
    expect(container.querySelector('h1')?.textContent).toBe('code-function')
  })

  it('folds a long system message to one line and unfolds it on demand', async () => {
    const content = `Be careful. ${'Mind the details. '.repeat(40)}THE END`
    const screen = await show({ prompt_messages: [{ role: 'system', content }] })
    const button = screen.getByRole('button', { name: /system message/ })
    await expect.element(button).toHaveAttribute('aria-expanded', 'false')
    expect(screen.container.textContent).not.toContain('THE END')
    await button.click()
    await expect.element(button).toHaveAttribute('aria-expanded', 'true')
    expect(screen.container.textContent).toContain('THE END')
  })

  it('shows a short system message without a button', async () => {
    const screen = await show()
    expect(screen.container.querySelector('.fold')).toBeNull()
  })

  it('shows the text of mixed content and names the rest', async () => {
    const content = [
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url: 'https://x/y.png' } },
    ]
    const { container } = await show({
      prompt_messages: [
        { role: 'user', content },
        { role: 'assistant', content: null },
      ],
    })
    expect(container.querySelector('.messages')?.textContent).toContain('What is this?')
    expect(container.querySelector('.messages')?.textContent).toContain('[image_url part not shown]')
    expect(container.querySelector('.messages')?.textContent).toContain('[no text]')
    expect(container.querySelector('img')).toBeNull()
  })

  it('shows markup of a model as the text that it is', async () => {
    const attack =
      '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1"><svg onload="window.hacked = 1">'
    const { container } = await show({
      model_response: attack,
      task_name: attack,
      failure_reason: attack,
      model_name: attack,
      prompt_messages: [{ role: 'user', content: attack }],
    })
    expect(container.querySelector('.pane .words')?.textContent).toBe(attack)
    expect(container.querySelectorAll('script, img, svg[onload]')).toHaveLength(0)
    expect(window).not.toHaveProperty('hacked')
  })

  it('keeps every space and line of an answer', async () => {
    const { container } = await show({ model_response: '    a\n\n\tb  c\n' })
    const words = container.querySelector('.pane .words')
    expect(words?.textContent).toBe('    a\n\n\tb  c\n')
    expect(words && getComputedStyle(words).whiteSpaceCollapse).toBe('preserve')
  })

  it('scrolls a long answer inside its pane, where the keyboard reaches it', async () => {
    const screen = await show({ model_response: 'x'.repeat(100_000) })
    const pane = screen.getByRole('group', { name: 'The model said' })
    await expect.element(pane).toHaveAttribute('tabindex', '0')
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(window.innerWidth)
    expect(screen.container.querySelector('.card')?.clientHeight).toBeLessThan(2 * window.innerHeight)
  })

  it('offers six reasons, each with its key and its explanation', async () => {
    const screen = await show()
    const buttons = [...screen.container.querySelectorAll('.category')]
    expect(buttons.map((button) => button.getAttribute('aria-keyshortcuts'))).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
    ])
    expect(buttons.every((button) => (button.getAttribute('title') ?? '').length > 10)).toBe(true)
    await screen.getByRole('button', { name: 'Hallucination' }).click()
    expect(screen.emitted('toggleCategory')).toEqual([['hallucination']])
  })

  it('marks the chosen reason as pressed, alone, and explains it', async () => {
    const screen = await show({}, { category: 'partial_answer' })
    const pressed = screen.container.querySelectorAll('.category[aria-pressed="true"]')
    expect([...pressed].map((button) => button.textContent)).toEqual([
      expect.stringContaining('Partial answer'),
    ])
    expect(screen.container.querySelector('.explain')?.textContent).toContain('key elements missing')
  })

  it('explains the reason that has the focus', async () => {
    const screen = await show({}, { category: 'partial_answer' })
    screen.container.querySelectorAll<HTMLElement>('.category')[5]?.focus()
    await expect
      .poll(() => screen.container.querySelector('.explain')?.textContent)
      .toContain('invented facts')
  })

  it('has both panes side by side while editing, and passes on what is typed, exactly', async () => {
    const screen = await show({}, { editing: true })
    const editor = screen.getByRole('textbox', { name: 'It should have said' })
    await expect.element(editor).toHaveAttribute('spellcheck', 'false')
    await userEvent.fill(editor, '    return 1 ')
    expect(screen.emitted('write')).toEqual([['    return 1 ']])
  })

  it('offers the answer as a beginning only while nothing is typed', async () => {
    const screen = await show({}, { editing: true })
    const begin = screen.getByRole('button', { name: "Start from the model's answer" })
    await begin.click()
    expect(screen.emitted('startFromAnswer')).toHaveLength(1)
    await screen.rerender({ draft: { ...CLOSED, editing: true, text: ' ' } })
    await expect.element(begin).toBeDisabled()
  })

  it('says honestly whether the draft is kept', async () => {
    const screen = await show({}, { editing: true, text: 'x', saving: 'sending' })
    await expect.element(screen.getByText('Saving…')).toBeVisible()
    await screen.rerender({ draft: { ...CLOSED, editing: true, text: 'x', saving: 'kept' } })
    await expect.element(screen.getByText('Draft kept')).toBeVisible()
    await screen.rerender({
      draft: { ...CLOSED, editing: true, text: 'x', saving: 'failed', reason: 'The disk is full.' },
    })
    await expect.element(screen.getByText('Not on the server yet: The disk is full.')).toBeVisible()
  })

  it('says why it came back, and offers the next card only when it cannot be decided here', async () => {
    const screen = await show()
    await screen.rerender({ refusal: { reason: 'Not saved: too late.', isFinal: false } })
    await expect.element(screen.getByRole('alert')).toHaveTextContent('Not saved: too late.')
    expect(screen.container.querySelector('.notice button')).toBeNull()
    await screen.rerender({ refusal: { reason: 'Not saved: too late.', isFinal: true } })
    await screen.getByRole('button', { name: 'Go on to the next card' }).click()
    expect(screen.emitted('goOn')).toHaveLength(1)
  })
})
