/** Owns reading Markdown into tokens within limits, so that no text can hold up the page. */
import { Lexer, type Token } from 'marked'

export const LIMITS = {
  /** UTF-16 units; longer text is shown raw. */
  length: 65_536,
  /** Of one paragraph, cell or heading; past either, its words stay plain. marked is quadratic in both. */
  inlineLength: 8_000,
  inlineMarks: 1_000,
  /** Tokens of one text. */
  tokens: 12_000,
  /** Quotes and lists in each other: marked calls itself for each. */
  nesting: 20,
  /** Milliseconds, looked at after every block. */
  time: 150,
}

const NESTED = new RegExp(
  String.raw`^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))){${LIMITS.nesting}}`,
  'm',
)
const MARKS = /[*_~`[\]<@&!\\]/g

/** The tokens of the text, or why there are none. */
export type Reading = { tokens: Token[] } | { tooMuch: 'large' | 'intricate' }

export function readMarkdown(text: string): Reading {
  if (text.length > LIMITS.length) return { tooMuch: 'large' }
  if (NESTED.test(text)) return { tooMuch: 'intricate' }
  try {
    const tokens = lex(text)
    return tokens && isWithin(tokens) ? { tokens } : { tooMuch: 'intricate' }
  } catch {
    return { tooMuch: 'intricate' } // the stack ran out
  }
}

/** What `Lexer.lex` does, step by step, so that it can be given up in between. */
function lex(text: string): Token[] | undefined {
  const end = performance.now() + LIMITS.time
  const lexer = new Lexer({ gfm: true })
  const tokens = lexer.blockTokens(text.replaceAll('\r\n', '\n'), [])
  for (const { src, tokens: inline } of lexer.inlineQueue) {
    if (performance.now() > end) return undefined
    if (isPlain(src)) inline.push({ type: 'text', raw: src, text: src, escaped: false })
    else lexer.inlineTokens(src, inline)
  }
  return tokens
}

function isPlain(src: string): boolean {
  return src.length > LIMITS.inlineLength || (src.match(MARKS)?.length ?? 0) > LIMITS.inlineMarks
}

function isWithin(tokens: Token[]): boolean {
  let count = 0
  let level: Token[] = tokens
  for (let depth = 0; level.length > 0; depth += 1) {
    count += level.length
    if (count > LIMITS.tokens || depth > 3 * LIMITS.nesting) return false
    level = level.flatMap(childrenOf)
  }
  return true
}

function childrenOf(token: Token): Token[] {
  if (token.type === 'list') return token.items
  if (token.type === 'table') return [...token.header, ...token.rows.flat()].flatMap((cell) => cell.tokens)
  return ('tokens' in token && token.tokens) || []
}
