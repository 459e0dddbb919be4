/** Proves that a checker takes any JSON, and that verdicts told of a candidate are those told of its lines. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Example } from '../../domain/example.ts'
import { FAILURE_CATEGORIES } from '../../domain/failure-category.ts'
import { formats } from '../index.ts'
import { createChecker } from './checker.ts'
import type { Finding } from './finding.ts'
import { consumers } from './index.ts'
import { SHAPES } from './shape.ts'
import { judge, verdictsOf } from './verdicts.ts'

const everyone = [...consumers.values()]

const anyMessage = fc.oneof(
  fc.jsonValue(),
  fc.record(
    {
      role: fc.oneof(fc.constantFrom('system', 'user', 'assistant', 'tool', '__proto__'), fc.jsonValue()),
      content: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
      from: fc.oneof(fc.constantFrom('human', 'gpt', 'constructor'), fc.jsonValue()),
      value: fc.jsonValue(),
      weight: fc.jsonValue(),
    },
    { requiredKeys: [] },
  ),
)
const anyPart = fc.oneof(fc.jsonValue(), anyMessage, fc.array(anyMessage, { maxLength: 4 }))
const keys = [...new Set(Object.values(SHAPES).flat()), 'tools', 'note', '__proto__']
const anyRecord = fc.dictionary(fc.constantFrom(...keys), anyPart)

describe('a checker', () => {
  it('takes any JSON, and any text, without throwing', () => {
    const takes = (lines: unknown[]) => {
      for (const consumer of everyone) {
        const checker = createChecker(consumer)
        for (const line of lines) checker.line(line)
        for (const line of lines) checker.line(JSON.stringify(line))
        checker.end()
      }
    }
    fc.assert(fc.property(fc.array(fc.oneof(anyRecord, fc.jsonValue()), { maxLength: 4 }), takes), {
      numRuns: 300,
    })
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 }), takes))
  })

  it('takes a line that is nested deeper than calls can be', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000)
    for (const consumer of everyone) {
      const [finding] = createChecker(consumer).line(`{"messages":${deep},"note":"\\ud83d"}`)
      expect(finding).toMatchObject({ line: 1, code: 'lone_surrogate' })
    }
  })

  it('names a line and its candidate, and says why a text is no JSON in the words it is given', () => {
    const checker = createChecker(consumers.get('trl')!, { explain: () => 'half of it is missing' })
    checker.line('{}', { id: 'record-1' })
    expect(checker.line('{', { id: 'record-2' })).toEqual([
      {
        line: 2,
        code: 'invalid_json',
        severity: 'error',
        words: expect.stringContaining('half of it is missing'),
        id: 'record-2',
      },
    ])
    expect(checker.line('', { broken: 'it is not UTF-8' })[0]?.words).toContain('it is not UTF-8')
  })
})

const anyText = fc.oneof(
  fc.constantFrom(
    '',
    ' \n',
    'None',
    'right',
    ' right ',
    'a longer answer',
    'x<|im_end|>',
    'a\u200bb',
    '\ufffd',
  ),
  fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
)
const anyExample: fc.Arbitrary<Example> = fc.record({
  id: fc.constant('record-1'),
  prompt: fc.array(
    fc.record({
      role: fc.constantFrom('system', 'user', 'user', 'assistant', 'tool', 'developer', 'narrator'),
      content: anyText,
    }),
    { minLength: 1, maxLength: 4 },
  ),
  completion: anyText.filter((text) => text.trim() !== ''),
  rejected: anyText,
  failure_category: fc.constantFrom(null, ...FAILURE_CATEGORIES),
  about: fc.constant({
    run_id: 'run-1',
    model_name: null,
    task_type: null,
    task_name: null,
    quality_score: null,
    status: 'approved' as const,
    reviewer: null,
    decided_at: null,
  }),
})

const trained = [...formats.values()].flatMap((format) => {
  const { shape } = format
  return shape === null
    ? []
    : everyone.filter((consumer) => consumer.shapes[shape]).map((consumer) => ({ format, shape, consumer }))
})
const codes = (findings: Finding[]) =>
  [...new Set(findings.map(({ code, severity }) => `${severity} ${code}`))].sort()

describe('a verdict', () => {
  it.each(trained)(
    'of a candidate is what $consumer.name says of its $format.name lines',
    ({ format, shape, consumer }) => {
      const ofExample = new Set(
        consumer.rules.flatMap(({ check }) => (check.of === 'example' ? [check.code] : [])),
      )
      fc.assert(
        fc.property(anyExample, (example) => {
          const verdicts = verdictsOf(example)
          const judged = judge(consumer, shape, verdicts, { line: null, id: example.id })
          const checker = createChecker(consumer)
          const checked = format.toRows(example).flatMap((row) => checker.line(JSON.stringify(row)))
          const rows = format.toRows(example).length
          const expected = codes(checked.filter(({ code }) => ofExample.has(code)))
          // KTO writes no row for an answer that is none: then nothing is said of it either.
          if (format.rejected === 'both' && rows === 1)
            expect(codes(judged)).toEqual(expect.arrayContaining(expected))
          else expect(codes(judged)).toEqual(expected)
        }),
        { numRuns: 200 },
      )
    },
  )

  it('is small, and names its place', () => {
    const example = { ...fc.sample(anyExample, 1)[0]!, completion: 'a\u200b sentence', rejected: '' }
    const prompt = [{ role: 'user', content: 'Go.' }]
    expect(verdictsOf({ ...example, prompt })).toEqual([
      {
        code: 'hidden_characters',
        found: 'the correction holds what nobody sees (U+200B zero width space)',
        in_rejected: false,
      },
      { code: 'answer_short', found: "the model's answer has fewer than 8 characters", in_rejected: true },
      { code: 'rejected_empty', found: "the model's answer is empty", in_rejected: true },
    ])
    expect(verdictsOf({ ...example, prompt, completion: 'a sentence', rejected: 'another one' })).toEqual([])
  })
})

describe('a clean export', () => {
  it.each([...formats.values()].filter(({ consumers }) => consumers.length > 0))(
    'as $name passes those it is made for',
    (format) => {
      const clean = fc.sample(anyExample, 1)[0]!
      const examples = Array.from(
        { length: 50 },
        (_, n): Example => ({
          ...clean,
          failure_category: n % 2 === 0 ? null : 'wrong_answer',
          prompt: [
            { role: 'system', content: 'Code only.' },
            { role: 'user', content: `Double ${n}.` },
          ],
          completion: `    return ${n} * 2\n`.repeat(2).trim(),
          rejected: `return ${n} + ${n} + ${n}`,
        }),
      )
      for (const name of format.consumers) {
        const checker = createChecker(consumers.get(name)!)
        const lines = examples.flatMap((example) => format.toRows(example)).map((row) => JSON.stringify(row))
        expect([...lines.flatMap((line) => checker.line(line)), ...checker.end()], name).toEqual([])
      }
    },
  )
})
