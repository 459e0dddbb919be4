/** Proves that lines are told apart and found again, however many there are. */
import { describe, expect, it } from 'vitest'
import { createSeen } from '../../domain/seen.ts'
import { createChecker } from './checker.ts'
import { consumers } from './index.ts'
import type { Turn } from './shape.ts'
import { hashOf } from './turns-hash.ts'

const turn = (role: string, content: unknown): Turn => ({ place: '', role, content, keys: [] })

describe('what a checker remembers', () => {
  it('finds every line again under its number, among fifty thousand', () => {
    const seen = createSeen()
    const hash = (n: number) => hashOf([turn('user', `question ${n}`)])
    for (let n = 1; n <= 50_000; n++) expect(seen.firstLine(hash(n), n)).toBe(0)
    for (let n = 1; n <= 50_000; n++) expect(seen.firstLine(hash(n), 99_999)).toBe(n)
  })

  it('tells messages apart whose texts read the same when joined', () => {
    const hashes = [
      [turn('user', 'ab'), turn('user', 'c')],
      [turn('user', 'a'), turn('user', 'bc')],
      [turn('user', 'abc')],
      [turn('use', 'rabc')],
      [turn('user', 'a4 1 userbc')],
      [turn('user', 'abc'), turn('user', '')],
    ].map((turns) => hashOf(turns).join())
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('takes what is no text for empty', () => {
    expect(hashOf([turn('user', null)])).toEqual(hashOf([turn('user', '')]))
  })
})

it('asks a rule of its own shapes alone: two answers to one prompt are what KTO is for', () => {
  const line = (content: string, label: boolean) => ({
    prompt: [{ role: 'user', content: 'Double n.' }],
    completion: [{ role: 'assistant', content }],
    label,
  })
  const checker = createChecker(consumers.get('trl')!)
  expect(checker.line(line('return n * 2', true))).toEqual([])
  expect(checker.line(line('return n + 2', false))).toEqual([])
  expect(checker.line(line('return n * 2', false))).toEqual([])
  expect(checker.line(line('return n * 2', true)).map(({ code }) => code)).toEqual(['duplicate'])
})
