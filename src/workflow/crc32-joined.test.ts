/** Proves that a sum of sums is the sum of all, as zlib makes it. */
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { joined } from './crc32-joined.ts'

it('is the sum of both parts, however long they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (first, second) => {
      const whole = crc32(Buffer.concat([first, second]))
      expect(joined(crc32(first), crc32(second), second.length)).toBe(whole)
    }),
  )
})

it.each([1, 2 ** 17, 2 ** 20 + 13])('is so for a second part of %i bytes', (length) => {
  const [first, second] = [Buffer.from('a line\n'), Buffer.alloc(length, 'é and more ')]
  const whole = crc32(Buffer.concat([first, second]))
  expect(joined(crc32(first), crc32(second), length)).toBe(whole)
})
