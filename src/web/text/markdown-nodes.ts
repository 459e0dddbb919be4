/**
 * Owns how tokens of marked become nodes: elements and attributes come from the lists in this file, never from the text.
 * Nothing of the text is left out: HTML, definitions and targets of links are shown as the text that they are.
 */
import type { MarkedToken, Token, Tokens } from 'marked'
import { type FunctionalComponent, h, type VNodeChild } from 'vue'
import ScrollRegion from '../ui/ScrollRegion.vue'
import CodeBlock from './CodeBlock.vue'
import { resolveEntities } from './entities.ts'
import { type Marks, markedText, newMarks } from './marked-text.ts'
import { safeLink } from './safe-link.ts'

/** What the nodes of one text share; a heading is never more than one level below the one before it. */
type Context = { marks: Marks; level: number }
type Nodes = VNodeChild[]

/** The headings of a text stand below the heading of its pane. */
const PANE_LEVEL = 2

export function newContext(): Context {
  return { marks: newMarks(), level: PANE_LEVEL }
}

/** One portion of a text; `context` is the same for all of them. */
export const MarkdownNodes: FunctionalComponent<{ tokens: Token[]; context: Context }> = ({
  tokens,
  context,
}) => tokens.flatMap((token) => nodeOf(token, context))
MarkdownNodes.props = ['tokens', 'context']

function nodeOf(anyToken: Token, context: Context): Nodes {
  const token = anyToken as MarkedToken
  switch (token.type) {
    case 'space':
    case 'checkbox':
      return []
    case 'hr':
      return [h('hr')]
    case 'br':
      return [h('br')]
    case 'heading':
      return [heading(token, context)]
    case 'paragraph':
      return [block('p', inline(token.tokens, context))]
    case 'strong':
    case 'em':
    case 'del':
      return [h(token.type, inline(token.tokens, context))]
    case 'codespan':
      return [h('code', { class: 'inline' }, markedText(token.text, context.marks))]
    case 'code':
      return [codeBlock(token)]
    case 'blockquote':
      return [h('blockquote', { dir: 'auto' }, inline(token.tokens, context))]
    case 'list':
      return [list(token, context)]
    case 'table':
      return [table(token, context)]
    case 'link':
      return link(token, context)
    case 'image':
      return [image(token, context)]
    case 'text':
      return token.tokens ? [block('p', inline(token.tokens, context))] : plain(token, context)
    case 'escape':
      return markedText(token.text, context.marks)
    case 'html':
      return html(token, context)
    default:
      return [block('p', markedText(anyToken.raw, context.marks), 'literal')]
  }
}

function inline(tokens: Token[], context: Context): Nodes {
  return tokens.flatMap((token) => nodeOf(token, context))
}

function block(tag: string, children: Nodes, name?: string) {
  return h(tag, { dir: 'auto', class: name }, children)
}

function plain(token: Tokens.Text | Tokens.Tag, { marks }: Context): Nodes {
  const isWritten = 'escaped' in token && token.escaped
  return markedText(isWritten ? token.text : resolveEntities(token.text), marks)
}

function html(token: Tokens.HTML | Tokens.Tag, { marks }: Context): Nodes {
  if (token.block) return [block('p', markedText(token.raw.replace(/\n+$/, ''), marks), 'literal')]
  return [h('span', { class: 'tag' }, markedText(token.raw, marks))]
}

function heading(token: Tokens.Heading, context: Context) {
  if (token.text.trim() === '') return block('p', markedText(token.raw.trimEnd(), context.marks))
  context.level = Math.min(token.depth + PANE_LEVEL, context.level + 1, 6)
  const props = {
    class: ['heading', `depth-${Math.min(token.depth, 4)}`],
    role: 'heading',
    'aria-level': context.level,
    dir: 'auto',
  }
  return h('div', props, inline(token.tokens, context))
}

function codeBlock(token: Tokens.Code) {
  // An indented block keeps the four spaces that made it one: they belong to the answer.
  const isIndented = token.codeBlockStyle === 'indented'
  const code = isIndented ? token.raw.replace(/^\n+|\s+$/g, '') : token.text
  return h(CodeBlock, { code, info: token.lang ?? '' })
}

function list(token: Tokens.List, context: Context) {
  const start = typeof token.start === 'number' && token.start !== 1 ? token.start : undefined
  const props = { start: token.ordered ? start : undefined, class: { loose: token.loose }, dir: 'auto' }
  return h(
    token.ordered ? 'ol' : 'ul',
    props,
    token.items.map((item) => listItem(item, context)),
  )
}

function listItem(item: Tokens.ListItem, context: Context) {
  if (!item.task) return block('li', inline(item.tokens, context))
  const name = item.checked ? 'done' : 'not done'
  const box = h('span', { class: ['box', { checked: item.checked }], role: 'img', 'aria-label': name })
  const children = item.tokens.map((token) => ('tokens' in token && token.tokens ? withoutBox(token) : token))
  return block('li', [box, h('div', inline(children, context))], 'task')
}

/** In a loose list the box stands inside of the first paragraph. */
function withoutBox(token: Token): Token {
  const tokens = 'tokens' in token ? token.tokens : undefined
  if (tokens?.[0]?.type !== 'checkbox') return token
  return { ...token, tokens: tokens.slice(1) } as Token
}

function table(token: Tokens.Table, context: Context) {
  const row = (cells: Tokens.TableCell[]) =>
    h(
      'tr',
      cells.map((cell) => tableCell(cell, context)),
    )
  const rows = [h('thead', [row(token.header)]), h('tbody', token.rows.map(row))]
  return h(ScrollRegion, { class: 'table', label: 'Table' }, () => h('table', rows))
}

function tableCell(cell: Tokens.TableCell, context: Context) {
  const isHead = cell.header && cell.text.trim() !== ''
  const props = { dir: 'auto', scope: isHead ? 'col' : undefined, class: cell.align && `align-${cell.align}` }
  return h(isHead ? 'th' : 'td', props, inline(cell.tokens, context))
}

/** A link that can be opened names its target, unless its words already are the target. */
function link(token: Tokens.Link, context: Context): Nodes {
  const target = resolveEntities(token.href)
  const href = safeLink(target)
  const words = inline(token.tokens, context)
  const title = token.title ? ` “${resolveEntities(token.title)}”` : ''
  const isNamed = href !== undefined && !title && isSame(token.text, href)
  const shown = [
    h('span', { class: 'target', dir: 'ltr' }, markedText(`${href ?? target}${title}`, context.marks)),
  ]
  if (href === undefined) return [h('span', { class: 'dead-link' }, words), ' ', ...shown]
  const props = {
    href,
    target: '_blank',
    rel: 'noopener noreferrer nofollow',
    referrerpolicy: 'no-referrer',
  }
  return [h('a', props, isNamed ? words : [...words, ' ', ...shown])]
}

function isSame(words: string, href: string): boolean {
  const bare = (text: string) => text.replace(/^mailto:/, '').replace(/\/$/, '')
  return bare(words) === bare(href)
}

function image(token: Tokens.Image, { marks }: Context) {
  const words = [token.text, token.title].filter(Boolean).map((text) => ` “${resolveEntities(String(text))}”`)
  return h('span', { class: 'image' }, [
    h('b', 'Image, not loaded:'),
    ...markedText(words.join(''), marks),
    ' ',
    h('span', { class: 'target', dir: 'ltr' }, markedText(resolveEntities(token.href), marks)),
  ])
}
