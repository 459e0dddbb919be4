/** Proves that nothing a model writes runs, loads, hides, or becomes more than the elements that we draw. */
import '../ui/tokens.css'
import '../ui/base.css'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { render } from 'vitest-browser-vue'
import { HIDDEN_PAYLOADS, PAYLOADS } from '../../../tests/support/payloads.ts'
import ModelText from './ModelText.vue'
import { LIMITS, readMarkdown } from './read-markdown.ts'

const ELEMENTS = new Set(
  'a b blockquote br button code del div em hr li ol p pre span strong table tbody td th thead tr ul'.split(
    ' ',
  ),
)
/** What each attribute may say; an attribute that is not here may not be there. */
const ATTRIBUTES: Record<string, RegExp> = {
  class: /^[a-z0-9 -]*$/,
  dir: /^(auto|ltr)$/,
  href: /^(https?:\/\/[^@\s]+|mailto:\S+)$/,
  rel: /^noopener noreferrer nofollow$/,
  target: /^_blank$/,
  referrerpolicy: /^no-referrer$/,
  role: /^(heading|img|group)$/,
  'aria-level': /^[3-6]$/,
  'aria-label': /^(done|not done|Table|U\+[0-9A-F]{4,6}.*|Hidden tags spell .*|\d+ hidden characters: .*)$/s,
  'aria-live': /^polite$/,
  'data-label': /^([A-Z0-9]{2,4}|U\+[0-9A-F]{4,6}|tags “.*”|\d+ hidden)( ×\d+)?$/s,
  title: /^(U\+[0-9A-F]{4,6}|Hidden tags|\d+ hidden)/,
  start: /^\d+$/,
  scope: /^col$/,
  tabindex: /^0$/,
  type: /^button$/,
}

const asked = () => performance.getEntriesByType('resource').filter(({ name }) => /evil|\/x$/.test(name))
const dialogs = ['alert', 'confirm', 'prompt', 'open', 'print'] as const

beforeEach(() => {
  for (const name of dialogs) vi.spyOn(window, name as 'alert').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

function foreignParts(container: Element): string[] {
  return [...container.querySelectorAll('.model-text, .model-text *')].flatMap((element) => {
    const tag = element.localName
    if (element.namespaceURI !== 'http://www.w3.org/1999/xhtml' || !ELEMENTS.has(tag)) return [`<${tag}>`]
    return [...element.attributes]
      .filter(({ name, value }) => !/^data-v-[0-9a-f]{8}$/.test(name) && !ATTRIBUTES[name]?.test(value))
      .map(({ name, value }) => `<${tag} ${name}="${value}">`)
  })
}

/** Whoever is attacked moves, points, focuses and clicks. */
function touchEverything(container: Element): void {
  for (const element of container.querySelectorAll<HTMLElement>('.model-text *')) {
    for (const type of ['pointerover', 'mouseover', 'focus', 'toggle', 'load', 'error', 'click']) {
      const event = new Event(type, { cancelable: true })
      if (element.closest('a, button') === null) element.dispatchEvent(event)
    }
  }
}

function expectHarmless(container: Element): void {
  expect(foreignParts(container)).toEqual([])
  touchEverything(container)
  expect(window).not.toHaveProperty('__pwned')
  for (const name of dialogs) expect(window[name]).not.toHaveBeenCalled()
  expect(asked()).toEqual([])
}

it('has a corpus that is worth the name', () => {
  expect(new Set(PAYLOADS).size).toBeGreaterThanOrEqual(120)
})

describe.each(['markdown', 'raw'] as const)('as %s', (view) => {
  it.each(PAYLOADS.map((text, index) => ({ index, start: JSON.stringify(text.slice(0, 60)), text })))(
    '$index $start is text',
    async ({ text }) => {
      const { container } = await render(ModelText, { props: { text, view } })
      const shown = container.querySelector('.raw, .words')?.textContent ?? ''
      if (view === 'raw') expect(shown).toBe(text)
      expectHarmless(container)
    },
  )

  it('all of them in one text, between prose, are text', async () => {
    for (let from = 0; from < PAYLOADS.length; from += 20) {
      const text = PAYLOADS.slice(from, from + 20).join('\n\nSome prose.\n\n')
      const { container } = await render(ModelText, { props: { text, view } })
      expectHarmless(container)
    }
  })

  it.each(HIDDEN_PAYLOADS)('%j shows each hidden character, and copies as it came', async (text) => {
    const { container } = await render(ModelText, { props: { text, view } })
    const hidden = /(?![\t\n])[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800]/gu
    const marks = [...container.querySelectorAll('.mark')]
    const marked = marks.map((mark) => mark.textContent).join('')
    // A link that is not opened shows its target as well, so that a character may be marked twice.
    for (const character of text.match(hidden) ?? []) expect(marked).toContain(character)
    for (const mark of marks) {
      expect(mark.getBoundingClientRect().width).toBeGreaterThan(10)
      expect(getComputedStyle(mark).unicodeBidi).toBe('isolate')
    }
    const words = document.createTreeWalker(container, NodeFilter.SHOW_TEXT)
    while (words.nextNode()) {
      const isMarked = words.currentNode.parentElement?.closest('.mark')
      if (!isMarked) expect(words.currentNode.textContent ?? '').not.toMatch(hidden)
    }
    const selection = getSelection()
    selection?.selectAllChildren(container)
    if (view === 'raw') expect(container.querySelector('.raw')?.textContent).toBe(text)
  })
})

const ENDLESS: Record<string, string> = {
  'a megabyte of one word': 'w'.repeat(1_000_000),
  'a fence of a megabyte': `\`\`\`python\n${'x = [1]\n'.repeat(125_000)}\`\`\``,
  '100 k backticks': '`'.repeat(100_000),
  '100 k brackets': '['.repeat(100_000),
  '60 k brackets': '['.repeat(60_000),
  '150 k spaces': `a${' '.repeat(150_000)}b`,
  '60 k spaces': `a${' '.repeat(60_000)}b`,
  '10 k quotes in each other': `${'>'.repeat(10_000)} a`,
  '10 k lists in each other': `${'- '.repeat(10_000)}a`,
  '250 lists, each line deeper': Array.from(
    { length: 250 },
    (_, depth) => `${' '.repeat(2 * depth)}- a`,
  ).join('\n'),
  '10 k stars': '* * '.repeat(5_000).concat('a'),
  '16 k half emphases': '_a_b'.repeat(16_000),
  '32 k bold beginnings': '**a'.repeat(21_000),
  '32 k dots before an at': `${'a.'.repeat(32_000)}@`,
  '16 k links that never end': '[a]('.repeat(16_000),
  '10 k images in each other': '![[]()'.repeat(10_000),
  '8 k paragraphs of emphasis': '*a* _b_\n\n'.repeat(7_000),
  'a table of 64 k': `|a|b|\n|-|-|\n${'|a|b|\n'.repeat(10_000)}`,
  '30 k hidden characters': 'a\u200Bb\u202E'.repeat(15_000),
  '500 k hidden characters': 'a\u200B'.repeat(500_000),
}

describe('text without end', () => {
  it.each(Object.entries(ENDLESS))('of %s is shown with few elements', async (_, text) => {
    const { container } = await render(ModelText, { props: { text } })
    expect(container.querySelectorAll('*').length).toBeLessThan(30_000)
    expect(container.textContent?.length).toBeGreaterThan(0)
    expect(foreignParts(container)).toEqual([])
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(window.innerWidth)
  })

  it('is shown raw, whole, with a note that says why', async () => {
    const text = `# a\n\n${'word '.repeat(LIMITS.length / 5)}`
    const { container } = await render(ModelText, { props: { text } })
    expect(container.querySelector('.note')?.textContent).toBe('Shown raw: too large for Markdown.')
    expect(container.querySelector('.raw')?.textContent).toBe(text)
  })

  it.each([`${'>'.repeat(10_000)} a`, '- '.repeat(30), '* * '.repeat(16_000), '*a* b\n\n'.repeat(9_000)])(
    '%#: is not read beyond its limits',
    (text) => {
      expect(readMarkdown(text)).toEqual({ tooMuch: 'intricate' })
    },
  )

  it('stays plain in a paragraph that has too many marks, and Markdown around it', async () => {
    const { container } = await render(ModelText, {
      props: { text: `# a\n\n${'*b* '.repeat(600)}\n\n**c**` },
    })
    expect(container.querySelectorAll('em')).toHaveLength(0)
    expect(container.querySelectorAll('strong, .heading')).toHaveLength(2)
  })
})

it('cannot be drawn outside of its box', async () => {
  const text = `${'\u0301'.repeat(500)}a\n\n${'w'.repeat(9_000)}`
  const box = document.createElement('div')
  box.className = 'model-box'
  document.body.append(box)
  await render(ModelText, { props: { text }, container: box })
  const { contain, isolation } = getComputedStyle(box)
  expect([contain, isolation]).toEqual(['content', 'isolate'])
  expect(box.scrollWidth).toBeLessThanOrEqual(box.clientWidth)
  expect(getComputedStyle(box.querySelector('p') as Element).overflow).toBe('clip')
})
