import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PLAIN } from '../domain/record-text.ts'
import { type JsonLine, parseJsonLine } from './json-line.ts'
import { MAX_LINE_BYTES } from './read-lines.ts'

const BOM = [0xef, 0xbb, 0xbf]

function bytesOf(...parts: (string | number[])[]): Buffer {
  return Buffer.concat(parts.map((part) => Buffer.from(part as string)))
}

function parse(bytes: Buffer | string, terminated = true): JsonLine {
  const buffer = Buffer.from(bytes as string)
  return parseJsonLine({ number: 1, bytes: buffer, length: buffer.length, terminated })
}

function faultOf(bytes: Buffer | string, terminated = true): { code: string; reason: string } {
  const line = parse(bytes, terminated)
  if (line.kind !== 'problem') throw new Error(`${line.kind}, not a problem`)
  return line
}

describe('a line of JSON', () => {
  it.each([
    ['an object', '{"a":[1,null]}', { a: [1, null] }],
    ['spaces around it', ' \t{"a":1} \t', { a: 1 }],
    ['U+2028 and U+2029 inside a string', '{"a":"x\u2028y\u2029z"}', { a: 'x\u2028y\u2029z' }],
    ['an escaped key', '{"\\u0069d":"a"}', { id: 'a' }],
    ['escaped controls and halves of characters', '{"a":"\\u0000\\ud800\\n"}', { a: '\0\ud800\n' }],
    [
      'the words of our errors',
      '{"a":"NaN, -Infinity, \ufeff, unterminated"}',
      { a: 'NaN, -Infinity, \ufeff, unterminated' },
    ],
    ['a scalar', '42', 42],
    ['null', 'null', null],
  ])('may be %s', (_, text, json) => {
    expect(parse(text)).toEqual({ kind: 'json', json, text: PLAIN, raw: Buffer.from(text), warnings: [] })
    expect(parse(text, false)).toEqual(parse(text, true))
  })

  it('loses one CR at its end, and nothing else', () => {
    expect(parse('{}\r')).toMatchObject({ kind: 'json', raw: Buffer.from('{}') })
    expect(parse('{} \r\r')).toMatchObject({ kind: 'json', raw: Buffer.from('{} \r') })
    expect(parse('\r{}')).toMatchObject({ kind: 'json', raw: Buffer.from('\r{}') })
  })

  it('loses one BOM at its beginning, with a warning', () => {
    expect(parse(bytesOf(BOM, '{"a":1}\r'))).toEqual({
      kind: 'json',
      json: { a: 1 },
      text: PLAIN,
      raw: Buffer.from('{"a":1}'),
      warnings: ['BOM_STRIPPED'],
    })
    expect(faultOf(bytesOf(BOM, BOM, '{}')).code).toBe('JSON_SYNTAX')
  })

  it.each(['', ' ', '\t', '\r', ' \t \r', '\ufeff', '\ufeff\r'])('is blank when it is %j', (text) => {
    expect(parse(text)).toEqual({ kind: 'blank' })
    expect(parse(text, false)).toEqual({ kind: 'blank' })
  })

  it.each(['\u00a0', '\u2028', '\v', '\f'])(
    'is not blank when it is %j, which JSON does not skip',
    (text) => {
      expect(faultOf(text).code).toBe('JSON_SYNTAX')
    },
  )

  it('is refused unread when it is too long', () => {
    const line = { number: 1, bytes: null, length: MAX_LINE_BYTES + 1, terminated: true }
    expect(parseJsonLine(line)).toEqual({
      kind: 'problem',
      code: 'LINE_TOO_LONG',
      reason: 'the line has 8388609 bytes; the limit is 8 MiB',
    })
  })
})

describe('bytes that are not UTF-8', () => {
  it.each([
    ['a lone continuation byte', bytesOf('{"a":"', [0x80], '"}'), 7],
    ['FF', bytesOf('{', [0xff]), 2],
    ['FF at the beginning of a longer line', bytesOf('{', [0xff], '"a":"some more text"}'), 2],
    ['FF as the first byte', bytesOf([0xff], '{}'), 1],
    ['FF as the last byte', bytesOf('{"a":"\u{1f426}\u{1f426}\u{1f426}"}', [0xff]), 21],
    ['an overlong slash', bytesOf('{"a":"', [0xc0, 0xaf], '"}'), 7],
    ['a surrogate', bytesOf('{"a":"\u00e9', [0xed, 0xa0, 0x80], '"}'), 9],
    ['Latin-1', bytesOf('{"a":"caf', [0xe9], '"}'), 10],
    ['half an emoji between emoji', bytesOf('"\u{1f426}', [0xf0, 0x9f, 0x90], '\u{1f426}"'), 6],
    ['UTF-16', Buffer.from('\ufeff{}', 'utf16le'), 1],
    ['a bad byte behind a BOM, counted from the line', bytesOf(BOM, '{', [0xff], '}'), 5],
    ['a bad byte before a CR', bytesOf('{}', [0xff], '\r'), 3],
    ['a bad byte far in', bytesOf('"', 'x\u{1f426}'.repeat(100_000), [0xff], 'y'.repeat(999), '"'), 500_002],
  ])('are refused with their place: %s', (_, bytes, place) => {
    const { code, reason } = faultOf(bytes)
    expect(code).toBe('INVALID_UTF8')
    expect(reason).toBe(`not UTF-8 at byte ${place} of the line; save the file as UTF-8`)
  })

  it('are placed behind the longest beginning that is UTF-8', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
    )
    let seen = 0
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const bytes = bytesOf('[', ...pieces.map((bytes) => [...bytes]))
        const line = parse(bytes)
        if (line.kind !== 'problem' || line.code !== 'INVALID_UTF8') return
        seen += 1
        const place = Number(/byte (\d+)/.exec(line.reason)?.[1])
        const decodes = (end: number) => {
          const part = bytes.subarray(0, end)
          return Buffer.from(part.toString('utf8')).equals(part)
        }
        expect(decodes(place - 1)).toBe(true)
        for (let end = place; end <= bytes.length; end += 1) expect(decodes(end)).toBe(false)
      }),
      { numRuns: 1000 },
    )
    expect(seen).toBeGreaterThan(100)
  })
})

describe('what is not JSON', () => {
  it.each([
    ['a comma too much', '{"a":1,}', 'JSON_SYNTAX', 'not valid JSON at character 8'],
    ['single quotes', "{'a':1}", 'JSON_SYNTAX', 'not valid JSON at character 2'],
    ['a key without quotes', '{a:1}', 'JSON_SYNTAX', 'not valid JSON at character 2'],
    [
      'a comment',
      '{} // x',
      'TRAILING_DATA',
      'something follows the JSON value at character 4; one line holds one object',
    ],
    ['a comment before', '// x', 'JSON_SYNTAX', 'not valid JSON'],
    ["Python's None", '{"a":None}', 'JSON_SYNTAX', 'not valid JSON'],
    ["Python's None beside a text on NaN", '{"a":"is NaN","b":nul}', 'JSON_SYNTAX', 'not valid JSON'],
    ['single quotes around a text on NaN', "{'a':'is NaN'}", 'JSON_SYNTAX', 'not valid JSON at character 2'],
    ['a bad escape', '{"a":"\\x"}', 'JSON_SYNTAX', 'not valid JSON at character 8'],
    ['words of the engine', '{"a": after JSON}', 'JSON_SYNTAX', 'not valid JSON'],
    ['more words of the engine', '{"a": x in JSON at position 7}', 'JSON_SYNTAX', 'not valid JSON'],
    ['words that control', '{"a": control character}', 'JSON_SYNTAX', 'not valid JSON'],
    ['words that end', '{"a": unexpected end}', 'JSON_SYNTAX', 'not valid JSON'],
    [
      'two objects',
      '{}{}',
      'TRAILING_DATA',
      'something follows the JSON value at character 3; one line holds one object',
    ],
    ['two objects and a CR', '{"a":1}\r{"b":2}', 'TRAILING_DATA', 'at character 9'],
    ['a raw NUL', '{"a":"\0"}', 'CONTROL_CHAR', 'a raw control character inside a string at character 7'],
    ['a raw tab', '{"a":"\t"}', 'CONTROL_CHAR', 'at character 7; JSON wants it escaped'],
    ['a raw CR', '{"a":"x\ry"}', 'CONTROL_CHAR', 'at character 8'],
    ['a raw ESC', '{"a":"\u001b[0m"}', 'CONTROL_CHAR', 'at character 7'],
  ])('is refused with its place: %s', (_, text, code, reason) => {
    expect(faultOf(text)).toMatchObject({ code, reason: expect.stringContaining(reason) })
    expect(faultOf(text, false).code).toBe(code)
  })

  it.each(['NaN', '-NaN', 'Infinity', '-Infinity'])('is named when Python wrote it: %s', (number) => {
    for (const text of [
      number,
      ` ${number} `,
      `[1,${number}]`,
      `{"a":"${'x'.repeat(200)}","b": ${number},"c":"y"}`,
    ]) {
      expect(faultOf(text)).toEqual({
        kind: 'problem',
        code: 'JSON_NONFINITE',
        reason: 'NaN or Infinity is not JSON; Python writes it unless allow_nan=False',
      })
    }
  })

  it('never quotes the data in its reason', () => {
    const secrets = fc.constantFrom(
      '{"a":secret}',
      "{'a':'secret'}",
      '{"a":"secret\t"}',
      '{"secret"}',
      'secret',
      '{}secret',
      '{"secret',
    )
    fc.assert(
      fc.property(secrets, fc.boolean(), (text, terminated) => {
        expect(faultOf(text, terminated).reason).not.toContain('secret')
      }),
    )
  })
})

describe('a line that is cut off', () => {
  const whole = '{"id":"caf\u00e9 \u{1f426}","n":-1.25e-3,"t":[true,false,null,{"k":"\\u00e9\\n\\""}],"e":{}}'
  const cuts = Array.from({ length: Buffer.byteLength(whole) - 1 }, (_, index) => index + 1)

  it.each(cuts)('is the half-written last line, cut after %i bytes', (length) => {
    const { code, reason } = faultOf(Buffer.from(whole).subarray(0, length), false)
    expect(code).toBe('TRUNCATED_LAST_LINE')
    expect(reason).toBe('the last line is cut off; import again once the harness has finished')
  })

  it('is bad JSON where another line follows', () => {
    for (const length of cuts) {
      const bytes = Buffer.from(whole).subarray(0, length)
      expect(['JSON_SYNTAX', 'INVALID_UTF8']).toContain(faultOf(bytes, true).code)
    }
    expect(faultOf('{"id":"a","mod').reason).toBe('the line is cut off: its JSON does not end')
    expect(faultOf('{"id":"a"').reason).toBe('the line is cut off: its JSON does not end')
  })

  it('is not what a last line with another fault is', () => {
    expect(faultOf('{"a":1.}', false).code).toBe('JSON_SYNTAX')
    expect(faultOf('{"a":"\t', false).code).toBe('CONTROL_CHAR')
    expect(faultOf('hello', false).code).toBe('JSON_SYNTAX')
    expect(faultOf(bytesOf('{}', [0xc3]), false).code).toBe('INVALID_UTF8')
    expect(faultOf(bytesOf('{"a":"', [0xff], '"}'), false).code).toBe('INVALID_UTF8')
  })
})
