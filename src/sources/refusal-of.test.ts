/** The words for files that could not be read. */
import { describe, expect, it } from 'vitest'
import { refusalOf } from './find-files.ts'
import { Refusal } from './source.ts'

describe('refusalOf', () => {
  it('gives the code and the words of a refusal', () => {
    expect(refusalOf(new Refusal('NOT_REGULAR', 'it is a FIFO'))).toEqual({
      code: 'NOT_REGULAR',
      reason: 'it is a FIFO',
    })
  })

  it('has words for trouble with the file, without its path', () => {
    const error = Object.assign(new Error("EIO: i/o error, read '/secret'"), { code: 'EIO', syscall: 'read' })
    expect(refusalOf(error)).toEqual({ code: 'EIO', reason: 'the disk failed' })
  })

  it.each([[new TypeError('ours')], [Object.assign(new Error('odd'), { code: 'ERR_ODD' })]])(
    'throws on what is our fault: %s',
    (error) => {
      expect(() => refusalOf(error)).toThrow(error)
    },
  )
})
