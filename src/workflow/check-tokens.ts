/** Owns the counting of tokens: by the model's own tokenizer.json, or by OpenAI's o200k. Loaded only when asked for. */
import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AvocetError } from '../domain/error.ts'
import type { TokenLimit } from '../formats/checks/token-check.ts'

/** The tokens of a short text. */
type Count = (text: string) => number

/**
 * Tokenizers need time that grows with the square of a text without a space. Pieces of this length cost
 * at most one token each, and only a text that is longer than one is cut.
 */
const PIECE = 8_000
/** Those of today's models have 2 to 35 MB. */
const MOST_BYTES = 256 * 1024 * 1024

export async function tokenLimit(limit: number, tokenizerFile: string | undefined): Promise<TokenLimit> {
  const count = tokenizerFile === undefined ? await openaiTokens() : await ownTokens(tokenizerFile)
  return { limit, count: (text, enough) => countPieces(text, enough, count) }
}

export function countPieces(text: string, enough: number, count: Count): number {
  let tokens = 0
  for (let start = 0; start < text.length && tokens <= enough; ) {
    const end = endOfPiece(text, start)
    tokens += count(text.slice(start, end))
    start = end
  }
  return tokens
}

/** Before a space where there is one, since tokens of words begin with it; never inside a character. */
function endOfPiece(text: string, start: number): number {
  if (text.length - start <= PIECE) return text.length
  const space = text.lastIndexOf(' ', start + PIECE)
  if (space > start + PIECE / 2) return space
  const end = start + PIECE
  return /[\udc00-\udfff]/.test(text[end] ?? '') ? end - 1 : end
}

async function openaiTokens(): Promise<Count> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base')
  // Text that looks like a special token is text: a file must not be able to stop the count.
  const options = { disallowedSpecial: new Set<string>() }
  return (text) => countTokens(text, options)
}

async function ownTokens(file: string): Promise<Count> {
  const { Tokenizer } = await import('@huggingface/tokenizers')
  const json = await readJson(file)
  const config = await readJson(join(dirname(file), 'tokenizer_config.json')).catch(() => ({}))
  try {
    const tokenizer = new Tokenizer(json, config)
    const count: Count = (text) => tokenizer.encode(text, { add_special_tokens: false }).ids.length
    count('Some words, to see that it works.')
    return count
  } catch (error) {
    throw unusable(file, `it describes no tokenizer that can be used: ${(error as Error).message}`)
  }
}

async function readJson(file: string): Promise<object> {
  const size = (await stat(file).catch(() => null))?.size
  if (size === undefined) throw unusable(file, 'there is no such file')
  if (size > MOST_BYTES) throw unusable(file, 'it is too large for a tokenizer')
  try {
    return JSON.parse(await readFile(file, 'utf8')) as object
  } catch {
    throw unusable(file, 'it cannot be read as JSON')
  }
}

function unusable(file: string, reason: string): AvocetError {
  return new AvocetError(
    'invalid_request',
    `${file} is no tokenizer: ${reason}. Name the tokenizer.json of the model.`,
  )
}
