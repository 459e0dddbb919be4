/** Proves which characters are marked, what their marks say, and that spelling is left alone. */
import { describe, expect, it } from 'vitest'
import { stretchesOf, withSigns } from './hidden-characters.ts'

const labels = (text: string) => stretchesOf(text).flatMap(({ label }) => label ?? [])

describe('stretchesOf', () => {
  it.each([
    ['a\u202Eb', 'U+202E'],
    ['a\u200B\u200Bb', 'U+200B ×2'],
    ['\u001B[0m', 'ESC'],
    ['\u0000', 'NUL'],
    ['\u0085', 'U+0085'],
    ['a\rb', 'CR'],
    ['\uD800x', 'U+D800'],
    ['a\uFE0F', 'U+FE0F'],
    ['1\uFE0F', 'U+FE0F'],
    ['\u3164', 'U+3164'],
    ['\u{E0041}\u{E0042}', 'tags “AB”'],
    ['👩\u200D', 'U+200D'],
    ['a\u200Cb', 'U+200C'],
    ['\u{1F3F4}\u{E0061}\u{E007F}', 'tags “a”'],
  ])('marks %j as %s', (text, label) => {
    expect(labels(text)).toEqual([label])
  })

  it.each([
    'plain\ttext\n and\r\nlines',
    '👩‍👩‍👧‍👦 ❤️ 1️⃣ ☎︎ 👍🏽 🏴󠁧󠁢󠁳󠁣󠁴󠁿',
    'می‌خواهم',
    'क्‍ष',
    'naïve — “quotes” 中文　全角',
  ])('leaves %j alone', (text) => {
    expect(stretchesOf(text)).toEqual([{ text }])
  })

  it('gives the text back when joined', () => {
    const text = 'a\u202Eb\u200B\u200B\u{E0041}c\uD800\r\r\nd'
    expect(
      stretchesOf(text)
        .map((stretch) => stretch.text)
        .join(''),
    ).toBe(text)
  })

  it('names each, and counts long mixtures', () => {
    expect(stretchesOf('\u202E')[0]?.name).toBe('U+202E right-to-left override')
    expect(labels('\u200B\u200C'.repeat(10))).toEqual(['20 hidden'])
  })
})

describe('withSigns', () => {
  it('puts one sign for each hidden character and leaves spelling', () => {
    expect(withSigns('a\u202E\u200Bb ❤️')).toBe('a¤¤b ❤️')
  })
})
