/** readRecord on JSON that nobody wrote by hand. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeRecord } from '../../tests/support/make-record.ts'
import { type Facts, STATUSES } from './candidate.ts'
import { type RecordReading, readRecord } from './record.ts'

type Taken = Exclude<RecordReading, { fault: unknown }>

const FIELDS = Object.keys(makeRecord(1)).filter((key) => !['status', 'corrected_response'].includes(key))

describe('any JSON at all', () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '',
      ' ',
      '\0',
      '\ud800',
      ...STATUSES,
      1e308,
      -0,
      Number.POSITIVE_INFINITY,
      'hallucination',
    ),
    fc.array(fc.record({ role: fc.jsonValue(), content: fc.jsonValue() }, { requiredKeys: [] }), {
      maxLength: 3,
    }),
  )
  const field = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...Object.keys(makeRecord(1)), 'failure_category') },
    { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', 'extra', 'decided') },
  )
  const oddRecord = fc
    .array(fc.tuple(field, value), { maxLength: 6 })
    // Through JSON, so that "__proto__" becomes a key and not a prototype.
    .map((pairs) => JSON.parse(spliced(makeRecord(1), pairs)) as unknown)

  function spliced(record: object, pairs: [string, unknown][]): string {
    const odd = pairs.map(([key, content]) => `,${JSON.stringify(key)}:${JSON.stringify(content)}`)
    return `${JSON.stringify(record).slice(0, -1)}${odd.join('')}}`
  }

  it('is either taken, with everything filled in, or refused with a code and words; it never throws', () => {
    const seen = { taken: 0, refused: 0 }
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), oddRecord, oddRecord, oddRecord), (json) => {
        const reading = readRecord(json)
        if ('fault' in reading) {
          seen.refused += 1
          expect(reading.fault.code).toMatch(/^[A-Z_]+$/)
          expect(reading.fault.reason).not.toBe('')
          return
        }
        seen.taken += 1
        for (const key of [...FIELDS, 'decided'])
          expect(reading.facts[key as keyof Facts]).not.toBeUndefined()
        expect(reading.facts.id.isWellFormed() && !reading.facts.id.includes('\0')).toBe(true)
      }),
      { numRuns: 2000 },
    )
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(50)
  })

  it('never touches Object.prototype', () => {
    const before = Object.getOwnPropertyNames(Object.prototype).sort()
    const text = JSON.stringify(makeRecord(1)).slice(1)
    const { facts } = readRecord(
      JSON.parse(`{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},${text}`),
    ) as Taken
    expect(Object.hasOwn(facts.extra, '__proto__')).toBe(true)
    expect(Object.getPrototypeOf(facts.extra)).toBeNull()
    expect({}).not.toHaveProperty('polluted')
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(before)
  })
})
