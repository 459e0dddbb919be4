/** Proves how each part of Markdown is drawn, and that raw means every character as it came. */
import '../ui/tokens.css'
import '../ui/base.css'
import axe from 'axe-core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { render } from 'vitest-browser-vue'
import ModelText from './ModelText.vue'
import ViewSwitch from './ViewSwitch.vue'
import { chooseView, viewOf } from './view-choice.ts'

/** The grammars come over the network, once. */
const LOADED = { timeout: 10_000 }

async function show(text: string, view: 'markdown' | 'raw' = 'markdown') {
  const { container } = await render(ModelText, { props: { text, view } })
  const all = (selector: string) => [...container.querySelectorAll<HTMLElement>(selector)]
  const texts = (selector: string) => all(selector).map((element) => element.textContent)
  return { container, all, texts, one: (selector: string) => all(selector)[0] as HTMLElement }
}

afterEach(() => {
  chooseView('answer', 'markdown')
  delete document.documentElement.dataset.theme
  vi.restoreAllMocks()
})

describe('Markdown', () => {
  it('shows headings below the heading of the pane, never more than one level deeper than the last', async () => {
    const { all } = await show('# One\n\n#### Four\n\n## Two\n\n#\n\nend')
    const levels = all('[role=heading]').map((heading) => [
      heading.textContent,
      heading.getAttribute('aria-level'),
    ])
    expect(levels).toEqual([
      ['One', '3'],
      ['Four', '4'],
      ['Two', '4'],
    ])
    expect(all('h1, h2, h3, h4')).toHaveLength(0)
  })

  it('shows emphasis, deletion, code and line breaks inside of a paragraph', async () => {
    const { texts, one, container } = await show('A **b** *c* ~~d~~ `e  <f>` \\*g\\*\nnext  \nline')
    expect(texts('strong')).toEqual(['b'])
    expect(texts('em')).toEqual(['c'])
    expect(texts('del')).toEqual(['d'])
    expect(texts('code.inline')).toEqual(['e  <f>'])
    expect(one('p').textContent).toBe('A b c d e  <f> *g*\nnextline')
    expect(container.querySelectorAll('br')).toHaveLength(1)
    expect(getComputedStyle(one('p')).whiteSpaceCollapse).toBe('preserve')
  })

  it('shows lists in lists, numbers from where they start, and boxes that are drawn', async () => {
    const { all, one } = await show(
      '3. three\n4. four\n   - inner\n     - innermost\n\ntext\n\n- [x] done\n- [ ] open',
    )
    expect(one('ol').getAttribute('start')).toBe('3')
    expect(one('ol ul ul li').textContent).toBe('innermost')
    expect(all('.box').map((box) => box.getAttribute('aria-label'))).toEqual(['done', 'not done'])
    expect(all('.task').map((item) => item.textContent)).toEqual(['done', 'open'])
    expect(all('input')).toHaveLength(0)
  })

  it('shows a box once in a list with paragraphs', async () => {
    const { all } = await show('- [x] done\n\n  more\n\n- [ ] open')
    expect(all('.box')).toHaveLength(2)
    expect(all('.task').map((item) => item.textContent)).toEqual(['donemore', 'open'])
  })

  it('shows tables with their alignment, in a box that scrolls and that the keyboard reaches', async () => {
    const wide = 'x'.repeat(90)
    const { all, one, texts } = await show(
      `| | b |\n|---|--:|\n| 1 | **2** |\n\n|${` ${wide} |`.repeat(9)}\n|${'---|'.repeat(9)}`,
    )
    expect(texts('th')[0]).toBe('b')
    expect(all('th')[0]?.getAttribute('scope')).toBe('col')
    expect(getComputedStyle(all('tbody td')[1] as Element).textAlign).toBe('end')
    expect(one('tbody strong').textContent).toBe('2')
    await expect.poll(() => all('.table')[1]?.getAttribute('tabindex')).toBe('0')
    expect(all('.table')[0]?.getAttribute('tabindex')).toBeNull()
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(window.innerWidth)
  })

  it('shows quotes, rules and definitions of links; nothing of the text is left out', async () => {
    const { texts, all } = await show('> quoted\n> > twice\n\n---\n\n[a][b]\n\n[b]: https://x.invalid/b "T"')
    expect(texts('blockquote blockquote')).toEqual(['twice'])
    expect(all('hr')).toHaveLength(1)
    expect(texts('.literal')).toEqual(['[b]: https://x.invalid/b "T"'])
  })

  it('shows HTML as the text that it is', async () => {
    const html = '<div onclick="x()">\n<b>bold</b>\n</div>'
    const { texts, all } = await show(`${html}\n\nand <b>inline</b> <!-- note -->`)
    expect(texts('.literal')).toEqual([html])
    expect(texts('p')[1]).toBe('and <b>inline</b> <!-- note -->')
    expect(all('b')).toHaveLength(0)
  })

  it('resolves the character references that Markdown resolves, and shows others as written', async () => {
    const { one } = await show('a &amp; b &lt;c&gt; &#8364; &#x20AC; &nope; &constructor; `&amp;`')
    expect(one('p').textContent).toBe('a & b <c> € € &nope; &constructor; &amp;')
  })

  it('shows an image as a placeholder with its address', async () => {
    const { one, all } = await show('![A bird](https://x.invalid/bird.png "Title")')
    expect(one('.image').textContent).toBe('Image, not loaded: “A bird” “Title” https://x.invalid/bird.png')
    expect(all('img')).toHaveLength(0)
  })
})

describe('links', () => {
  it('open on a click alone, in a page that knows nothing of ours', async () => {
    const { one } = await show('[words](https://x.invalid/a?b=1&amp;c=2)')
    const link = one('a')
    const attributes = Object.fromEntries([...link.attributes].map(({ name, value }) => [name, value]))
    expect(attributes).toEqual({
      href: 'https://x.invalid/a?b=1&c=2',
      target: '_blank',
      rel: 'noopener noreferrer nofollow',
      referrerpolicy: 'no-referrer',
    })
    expect(link.textContent).toBe('words https://x.invalid/a?b=1&c=2')
  })

  it.each(['https://x.invalid/a', '<https://x.invalid/a>', '[https://x.invalid/a](https://x.invalid/a)'])(
    'that are written out do not name their target twice: %s',
    async (text) => {
      expect((await show(text)).texts('a')).toEqual(['https://x.invalid/a'])
    },
  )

  it('name the real host, in Punycode where it only looks like another', async () => {
    const { texts } = await show(
      '[paypal.com](https://p\u0430ypal.com/) www.x.invalid [me](mailto:a@x.invalid)',
    )
    expect(texts('a')).toEqual([
      'paypal.com https://xn--pypal-4ve.com/',
      'www.x.invalid http://www.x.invalid/',
      'me mailto:a@x.invalid',
    ])
  })

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    '&#106;avascript:alert(1)',
    'java&#9;script:alert(1)',
    'vbscript:x',
    'data:text/html,x',
    'file:///etc/passwd',
    'blob:http://x.invalid/1',
    '//x.invalid/a',
    '\\\\host\\share',
    '/api/sft/submit',
    '#app',
    'http:x.invalid',
    'http:\\\\x.invalid',
    'https://bank.invalid@x.invalid/',
    'https://x.invalid/\u202Egnp',
    'https://',
    'ftp://x.invalid/',
  ])('to %j are words with their target beside them', async (target) => {
    const { all, texts } = await show(`[words](${target})`)
    expect(all('a')).toHaveLength(0)
    expect(texts('.dead-link')).toEqual(['words'])
    expect(texts('.target')[0]?.length).toBeGreaterThan(2)
  })
})

describe('code', () => {
  const python = '```python\ndef f():\n    return "x"  # why\n```'

  it('is coloured once its grammar is here, without a change of size, and stays the same text', async () => {
    const { all, one } = await show(`before\n\n${python}`)
    const before = one('pre').getBoundingClientRect().height
    await expect
      .poll(() => all('.code-keyword').map((each) => each.textContent), LOADED)
      .toEqual(['def', 'return'])
    expect(all('.code-string').map((each) => each.textContent)).toEqual(['"x"'])
    expect(one('pre').textContent).toBe('def f():\n    return "x"  # why')
    expect(one('pre').getBoundingClientRect().height).toBe(before)
    expect(one('.code-label').textContent).toBe('python')
  })

  it.each([
    ['sql', 'SELECT a FROM b WHERE c = 1'],
    ['ts', 'const a: number = 1'],
    ['js', 'const a = 1'],
    ['sh', 'echo "$HOME"'],
    ['json', '{"a": 1}'],
    ['html', '<b class="x">y</b>'],
    ['css', 'a { color: red }'],
    ['yaml', 'a: "b"'],
  ])('of %s is coloured', async (language, code) => {
    const { all, one } = await show(`\`\`\`${language}\n${code}\n\`\`\``)
    await expect
      .poll(() => all('[class^="code-"]:not(p, div, .code-label)').length, LOADED)
      .toBeGreaterThan(0)
    expect(one('pre').textContent).toBe(code)
  })

  it('of an unknown language, of one that is no language, or too long stays in one colour', async () => {
    const long = `\`\`\`python\n${'x = 1\n'.repeat(4_000)}\`\`\``
    const { all } = await show(`\`\`\`brainf\n+\n\`\`\`\n\n\`\`\`__proto__\nx\n\`\`\`\n\n${long}`)
    await show(python).then(({ all }) => expect.poll(() => all('.code-keyword').length, LOADED).toBe(2))
    expect(all('pre span')).toHaveLength(0)
  })

  it('is copied as it came', async () => {
    const written: string[] = []
    vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(async (text) => void written.push(text))
    const { one } = await show('a\n\n```\n  x\u200By\n```')
    one('button').click()
    await expect.poll(() => one('button').textContent).toContain('Copied')
    expect(written).toEqual(['  x\u200By'])
  })

  it('without a fence is code too, each space kept', async () => {
    for (const code of ['def f(x):\n    return [x]', '    a = 1\n\n    b = 2\n', '{"a": [1, 2]}']) {
      const { one } = await show(code)
      expect(one('pre').textContent).toBe(code)
      expect(getComputedStyle(one('pre code')).fontFamily).toContain('mono')
    }
  })

  it('that is indented inside of prose keeps its four spaces', async () => {
    const { one } = await show('Do this:\n\n    if a:\n        b()\n\nand *go*.')
    expect(one('pre').textContent).toBe('    if a:\n        b()')
  })
})

describe('raw', () => {
  it('is every character, in a box of its own direction', async () => {
    const text = '# **a** <b>\r\n\n\tc  \n![x](y)\n'
    const { one } = await show(text, 'raw')
    expect(one('.raw').textContent).toBe(text)
    expect(one('.raw').getAttribute('dir')).toBe('auto')
    expect(one('.raw').children).toHaveLength(0)
  })

  it('is chosen for a pane, and remembered for the next card', async () => {
    const { container } = await render(ViewSwitch, { props: { pane: 'answer', of: 'the answer' } })
    const [markdown, raw] = container.querySelectorAll('button')
    expect(markdown?.getAttribute('aria-pressed')).toBe('true')
    raw?.click()
    await expect.poll(() => raw?.getAttribute('aria-pressed')).toBe('true')
    expect([viewOf('answer'), viewOf('user')]).toEqual(['raw', 'markdown'])
  })
})

const EVERYTHING = [
  '# A\n\n### B\n\nwords **b** *i* ~~d~~ `c` [l](https://x.invalid) [d](javascript:x) ![i](u)\n\n- [x] a\n- b\n\n1. c',
  '| a | |\n|---|---|\n| 1 | 2 |\n\n> q `c` [l](https://x.invalid)\n\n<div>\n\n#### D\n\nx\u202Ey\u0000',
  '```python\n@x\ndef f(a):\n    """doc"""\n    return 1 + len("s")  # c\n```',
  '```css\na:hover { color: #fff }\n```\n\n```html\n<!-- c --><b class="x">y</b>\n```\n\n```sh\n$ echo "$A"\n```',
].join('\n\n')

describe.each(['light', 'dark'])('axe finds nothing in %s', (theme) => {
  it.each(['markdown', 'raw'] as const)('in %s', async (view) => {
    document.documentElement.dataset.theme = theme
    const { container, all } = await show(EVERYTHING, view)
    if (view === 'markdown') await expect.poll(() => all('.code-type').length, LOADED).toBeGreaterThan(0)
    const host = container.firstElementChild as HTMLElement
    host.style.background = 'var(--raised)'
    const { violations } = await axe.run(container, { rules: { region: { enabled: false } } })
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
  })
})
