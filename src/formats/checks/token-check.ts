/** Owns how long a line is for a model: the tokens of its messages, and what a chat template adds to each. */
import type { ShapeCheck } from './consumer.ts'
import type { Turn } from './shape.ts'

export type TokenLimit = {
  limit: number
  /** Tokens of one text; may stop counting once it has passed `enough`. */
  count(text: string, enough: number): number
}

/** Chat templates write two to five tokens around a message: who speaks, and where the turn begins and ends. */
const TOKENS_AROUND = 4

export function tooManyTokens({ limit, count }: TokenLimit): ShapeCheck {
  return {
    of: 'shape',
    code: 'too_many_tokens',
    advice: 'Raise the limit, shorten the text, or leave the line out.',
    find({ turns, rejected }) {
      const answers = rejected ? [turns, [...turns.slice(0, -1), ...rejected]] : [turns]
      const most = Math.max(...answers.map((messages) => tokensOf(messages, limit, count)))
      return most > limit ? `the line has more than ${limit} tokens` : null
    },
  }
}

/** Stops once it is over: a line of a megabyte costs no more than one of the limit. */
function tokensOf(turns: Turn[], limit: number, count: TokenLimit['count']): number {
  const texts = turns.flatMap(({ content }) => (typeof content === 'string' ? [content] : []))
  let tokens = TOKENS_AROUND * turns.length
  // A token has at least one byte, so that a short line needs no counting.
  const most = texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), tokens)
  if (most <= limit) return most
  for (const text of texts) {
    if (tokens > limit) break
    tokens += count(text, limit - tokens)
  }
  return tokens
}
