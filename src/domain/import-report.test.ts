import { expect, it } from 'vitest'
import { addCounts, type LineCounts, noLines } from './import-report.ts'

const COUNTS: LineCounts = {
  lines: 63,
  imported: 1,
  duplicate: 2,
  conflict: 4,
  rejected: 8,
  skipped: 16,
  blank: 32,
}

it('starts from nothing, and from a new object each time', () => {
  expect(new Set(Object.values(noLines()))).toEqual(new Set([0]))
  expect(noLines()).not.toBe(noLines())
  expect(Object.keys(noLines()).sort()).toEqual(Object.keys(COUNTS).sort())
})

it('adds every count to its own, and leaves the added one alone', () => {
  const sum = noLines()
  const more = Object.freeze({ ...COUNTS })
  addCounts(sum, more)
  expect(sum).toEqual(COUNTS)
  addCounts(sum, more)
  expect(sum).toEqual({
    lines: 126,
    imported: 2,
    duplicate: 4,
    conflict: 8,
    rejected: 16,
    skipped: 32,
    blank: 64,
  })
})

it('adds the counts of a file report and nothing else of it', () => {
  const sum = noLines()
  addCounts(sum, { ...COUNTS, ...{ path: 'a.jsonl', refused: { code: 'EIO', reason: 'disk' } } })
  expect(sum).toEqual(COUNTS)
})
