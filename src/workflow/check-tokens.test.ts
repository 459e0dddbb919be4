/** Proves that tokens are counted as the tokenizers count them, and that no text can hold the count up. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tempFolder } from '../../tests/support/temp-folder.ts'
import { createChecker } from '../formats/checks/checker.ts'
import { consumers } from '../formats/checks/index.ts'
import { countPieces, tokenLimit } from './check-tokens.ts'

const folder = tempFolder()
const MANY = Number.MAX_SAFE_INTEGER
const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }

/** A tokenizer that knows the letters and "the", in the shape that models come with. */
async function writeTokenizer(changes: object = {}): Promise<string> {
  const tokens = [...'abcdefghijklmnopqrstuvwxyzĠ', 'th', 'the', 'Ġthe']
  const json = {
    version: '1.0',
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: BYTE_LEVEL,
    post_processor: null,
    decoder: BYTE_LEVEL,
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(tokens.map((token, at) => [token, at])),
      merges: ['t h', 'th e', 'Ġ the'],
    },
    ...changes,
  }
  return folder.write(JSON.stringify(json))
}

describe("OpenAI's o200k", () => {
  it.each([
    ['', 0],
    ['hello world', 2],
    ['tiktoken is great!', 6],
  ])('has for %j as many tokens as OpenAI says', async (text, tokens) => {
    const { count } = await tokenLimit(10, undefined)
    expect(count(text, MANY)).toBe(tokens)
  })

  it('takes special tokens in a text for text', async () => {
    const { count } = await tokenLimit(10, undefined)
    expect(count('a <|endoftext|> b', MANY)).toBeGreaterThan(3)
  })

  it('is done with a megabyte without a space as soon as it is enough', async () => {
    const { count } = await tokenLimit(10, undefined)
    let counted = 0
    countPieces('a'.repeat(1_000_000), 100, (text) => {
      counted += text.length
      return count(text, MANY)
    })
    expect(counted).toBeLessThan(20_000)
  })
})

describe('a tokenizer.json', () => {
  it('counts as its model does', async () => {
    const { count } = await tokenLimit(10, await writeTokenizer())
    expect(count('the the cat', MANY)).toBe(2 + 4)
  })

  it.each([
    ['is missing', () => folder.path('none.json'), 'there is no such file'],
    ['is no tokenizer', () => writeTokenizer({ model: { type: 'none of them' } }), 'describes no tokenizer'],
    ['has no model', () => writeTokenizer({ model: null }), 'describes no tokenizer'],
  ])('that %s is refused in words', async (_, file, words) => {
    await expect(tokenLimit(10, await file())).rejects.toThrow(words)
  })
})

describe('the limit', () => {
  const line = (answer: string) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: 'the' },
        { role: 'assistant', content: answer },
      ],
    })

  it('counts every message, and what a template writes around it', async () => {
    const file = await writeTokenizer()
    const codes = async (limit: number, answer: string) =>
      createChecker(consumers.get('trl')!, { tokens: await tokenLimit(limit, file) })
        .line(line(answer))
        .map(({ code }) => code)
    expect(await codes(4 + 1 + 4 + 9, 'the the the the the the the the the')).toEqual([])
    expect(await codes(4 + 1 + 4 + 8, 'the the the the the the the the the')).toEqual(['too_many_tokens'])
  })

  it('holds for the longer answer of a pair', async () => {
    const checker = createChecker(consumers.get('trl')!, {
      tokens: await tokenLimit(20, await writeTokenizer()),
    })
    const pair = {
      prompt: [{ role: 'user', content: 'the' }],
      chosen: [{ role: 'assistant', content: 'the the the' }],
      rejected: [{ role: 'assistant', content: 'the '.repeat(30) }],
    }
    const [finding] = checker.line(JSON.stringify(pair))
    expect(finding).toMatchObject({ code: 'too_many_tokens', severity: 'error' })
    expect(finding?.words).toContain('more than 20 tokens')
  })
})

it('cuts a long text into pieces that are the text again, and no character in two', () => {
  const texts = fc.array(fc.constantFrom('a', ' ', '\u{1f426}', 'words '), {
    minLength: 7_000,
    maxLength: 12_000,
  })
  fc.assert(
    fc.property(texts, (parts) => {
      const text = parts.join('')
      const pieces: string[] = []
      countPieces(text, MANY, (piece) => pieces.push(piece))
      expect(pieces.join('')).toBe(text)
      expect(pieces.every((piece) => piece.isWellFormed())).toBe(true)
    }),
    { numRuns: 20 },
  )
})
