/** Proves that texts are told apart, however they are cut, long or short. */
import { expect, it } from 'vitest'
import { hashTexts } from './text-hash.ts'

const name = (texts: string[]) => hashTexts(texts).join()

it('is the same for the same texts, whatever was hashed before', () => {
  const texts = ['é', 'x'.repeat(301), '']
  const first = name(texts)
  name(['y'.repeat(1_000_000)])
  expect(name(texts)).toBe(first)
})

it('tells apart where one text ends and the next begins, and how many there are', () => {
  const lists = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['', 'abc'], [''], ['', ''], []]
  expect(new Set(lists.map(name)).size).toBe(lists.length)
})

it.each([1, 8])(
  'tells apart one character anywhere, and NUL from nothing, in a text %i times as long',
  (times) => {
    const text = 'The quick brown fox jumps over the lazy dog, and back again.'.repeat(times)
    const changed = [...text].map((_, at) => `${text.slice(0, at)}#${text.slice(at + 1)}`)
    const others = [text, `${text}\0`, `${text}\0\0`, ...changed]
    expect(new Set(others.map((one) => name([one]))).size).toBe(others.length)
  },
)

it('gives no two of 200 000 texts the same numbers, and hardly any the same first number', () => {
  const hashes = Array.from({ length: 200_000 }, (_, n) => hashTexts([`record-${n}`]))
  expect(new Set(hashes.map((hash) => hash.join())).size).toBe(hashes.length)
  // By chance it would be 4 or 5.
  expect(hashes.length - new Set(hashes.map(([first]) => first)).size).toBeLessThan(30)
  expect(hashes.length - new Set(hashes.map(([, second]) => second)).size).toBeLessThan(30)
})

it('tells apart the ends of texts that are longer than a piece, and characters on its edge', () => {
  const long = 'long '.repeat(30_000)
  const edge = 'x'.repeat(64 * 1024 - 1)
  const texts = [
    long,
    `${long}a`,
    `${long}b`,
    `a${long}`,
    ...['😀', '😁', '\u{10000}', 'é'].map((end) => edge + end),
  ]
  expect(new Set(texts.map((text) => name([text]))).size).toBe(texts.length)
})
