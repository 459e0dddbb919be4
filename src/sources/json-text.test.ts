import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readText, shapeOf } from './json-text.ts'

function shape(text: string) {
  const bytes = Buffer.from(text)
  return shapeOf(bytes, bytes.toString('latin1'))
}

describe('the shape of a line', () => {
  it.each([
    ['{}', { depth: 1, keys: 0 }],
    ['{"a":[{"b":1}],"c":"{[:,"}', { depth: 3, keys: 2 }],
    ['{"a\\"":1,"b\\\\":2}', { depth: 1, keys: 2 }],
    ['{ "a" : "\u00e9:" , "a" : {"x":1,"y":2} }', { depth: 2, keys: 2 }],
    ['{"a":1234567890123456}', { hasLongNumber: true }],
    ['{"a":123456789012345}', { hasLongNumber: false }],
    ['{"a":[1234567890123456],"b":"1234567890123456"}', { hasLongNumber: false }],
    ['{"a":-1.00000000000000e1}', { hasLongNumber: true }],
  ])('%s is %j', (text, expected) => {
    expect(shape(text)).toMatchObject(expected)
  })

  it('counts the keys of any object, and ends on any bytes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(4), (object, indent) => {
        expect(shape(JSON.stringify(object, null, indent)).keys).toBe(Object.keys(object).length)
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        shapeOf(bytes, Buffer.from(bytes).toString('latin1'))
      }),
    )
  })
})

describe('the text of a record', () => {
  it('tells which keys come twice, and whether it matters', () => {
    const text = '{"a":1,"b":{"x":1, "y":2},"\\u0061":1,"c":1,"b":{"y":2,"x":1},"c":"1","d":0}'
    expect([...readText(Buffer.from(text)).repeated]).toEqual([
      ['a', 'same'],
      ['b', 'same'],
      ['c', 'other'],
    ])
  })

  it('keeps numbers as they were written', () => {
    const text = '{ "a" : 1.0 ,"b":-0,"c":12345678901234567890,"d":"1.0","\u00e9":[1.0],"e":1e3 }'
    expect(Object.fromEntries(readText(Buffer.from(text)).numbers)).toEqual({
      ...{ a: '1.0', b: '-0', c: '12345678901234567890', e: '1e3' },
    })
  })
})
