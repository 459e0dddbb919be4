import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Terminal } from './command.ts'
import { createTerminal, printable, printableJson, table } from './terminal.ts'

/** What can move a cursor, set a title, write the clipboard, or turn the reading direction. */
const HARMFUL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u
const anyText = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCodePoint(code)),
    fc.integer({ min: 0x2000, max: 0x206f }).map((code) => String.fromCodePoint(code)),
    fc.constantFrom('\ud800', '\udc00'),
  ),
})

describe('printable', () => {
  it.each([
    ['a title', '\u001b]0;owned\u0007', '␛]0;owned␇'],
    ['colours', '\u001b[31mred', '␛[31mred'],
    ['line feed, CR and tab', 'a\nb\rc\td', 'a␊b␍c␉d'],
    ['NUL and backspace', 'a\0\b', 'a␀␈'],
    ['DEL', 'a\u007f', 'a\\u{7f}'],
    ['C1 controls, which begin sequences of their own', '\u009b31m\u009d', '\\u{9b}31m\\u{9d}'],
    ['text that turns its direction', 'a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
    ['line separators', 'a\u2028b\u2029c', 'a\\u{2028}b\\u{2029}c'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
  ])('makes visible: %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  it.each(['', 'plain', 'Größe 日本語 العربية', '\u{1f469}\u200d\u{1f4bb}', 'quote\'s "', '␛'])(
    'leaves %j alone',
    (text) => {
      expect(printable(text)).toBe(text)
    },
  )

  it('lets nothing harmful through, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = printable(text)
        expect(shown).not.toMatch(HARMFUL)
        expect(shown.isWellFormed()).toBe(true)
        expect(printable(shown)).toBe(shown)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('printableJson', () => {
  it('escapes DEL, C1 controls and directions, which JSON.stringify leaves as they are', () => {
    expect(printableJson(['\u007f\u009b\u202e\u2069', '\u001b'])).toBe(
      '[\n  "\\u007f\\u009b\\u202e\\u2069",\n  "\\u001b"\n]',
    )
  })

  it('stays the same JSON, and lets nothing harmful through but its own line feeds', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, anyText), (value) => {
        const shown = printableJson(value)
        expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(shown.replaceAll('\n', '')).not.toMatch(HARMFUL)
      }),
      { numRuns: 500 },
    )
  })
})

describe('table', () => {
  it('is as wide as its widest cells, numbers to the right, without spaces at the end', () => {
    const rows = [
      ['run', 'imported', 'note'],
      ['2026-04-07', 7, 'ok'],
      ['b', 1234567890, ''],
    ]
    expect(table(rows)).toBe(
      ['run         imported    note', '2026-04-07           7  ok', 'b           1234567890'].join('\n') +
        '\n',
    )
  })

  it('keeps a cell on its line and in its place, whatever it holds', () => {
    expect(
      table([
        ['a\nb', 'c'],
        ['\u001b[2J', 'd'],
      ]),
    ).toBe('a␊b   c\n␛[2J  d\n')
  })

  it('may be of one row', () => {
    expect(table([['a', 1]])).toBe('a  1\n')
  })
})

describe('createTerminal', () => {
  function terminalOf(
    isTTY: boolean,
    columns?: number,
  ): { terminal: Terminal; written: PassThrough; noted: PassThrough } {
    const written = new PassThrough({ highWaterMark: 16 })
    const noted = Object.assign(new PassThrough(), { isTTY, columns })
    const terminal = createTerminal(written as never, noted as never)
    return { terminal, written, noted }
  }

  function textIn(stream: PassThrough): string {
    let text = ''
    for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) text += chunk
    return text
  }

  it('writes the result to stdout and notes to stderr', async () => {
    const { terminal, written, noted } = terminalOf(false)
    await terminal.out('{}\n')
    terminal.note('1 imported')
    expect([textIn(written), textIn(noted)]).toEqual(['{}\n', '1 imported\n'])
  })

  it('shows no progress where there is no terminal', () => {
    const { terminal, noted } = terminalOf(false)
    terminal.progress('10 %')
    terminal.progress('')
    terminal.note('done')
    expect(textIn(noted)).toBe('done\n')
  })

  it('replaces the line of progress, cuts it to the width, and removes it before other text', async () => {
    const { terminal, noted } = terminalOf(true, 10)
    terminal.progress('10 %')
    terminal.progress('20 % of a long way')
    expect(textIn(noted)).toBe('\r\u001b[2K10 %\r\u001b[2K20 % of a')
    terminal.note('half')
    expect(textIn(noted)).toBe('\r\u001b[2Khalf\n')
    terminal.note('still')
    expect(textIn(noted)).toBe('still\n')
    terminal.progress('90 %')
    await terminal.out('x')
    expect(textIn(noted)).toBe('\r\u001b[2K90 %\r\u001b[2K')
  })

  it('waits for a slow reader of stdout', async () => {
    const { terminal, written } = terminalOf(false)
    let done = false
    const writing = terminal.out('x'.repeat(1000)).then(() => {
      done = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(done).toBe(false)
    written.resume()
    await writing
    expect(done).toBe(true)
  })
})
