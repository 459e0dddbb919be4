/** The contract that every format of this folder keeps. A new file is held to it without a word here. */
import { readdir, readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyExample, exampleOf, STANDARD } from '../../tests/support/examples.ts'
import { type Example, pairFault } from '../domain/example.ts'
import { createChecker } from './checks/checker.ts'
import { consumers } from './checks/index.ts'
import { type ColumnType, containersOf, type Format, type Row } from './format.ts'
import { formats } from './index.ts'

/** Examples of which the format makes rows; the store leaves out the others before it asks. */
function fits({ rejected }: Format, example: Example): boolean {
  return rejected !== 'needed' || pairFault(example) === null
}

/** Every text anywhere in a JSON value. */
function textsIn(json: unknown): string[] {
  if (typeof json === 'string') return [json]
  return typeof json === 'object' && json !== null ? Object.values(json).flatMap(textsIn) : []
}

function isOfType(value: unknown, type: ColumnType): boolean {
  if (type === 'text') return typeof value === 'string' && value.isWellFormed()
  if (type === 'boolean') return typeof value === 'boolean'
  if (type === 'nullable text') return value === null || isOfType(value, 'text')
  if (type === 'nullable number') return value === null || Number.isFinite(value)
  if ('list' in type) return Array.isArray(value) && value.every((item) => isOfType(item, type.list))
  return typeof value === 'object' && value !== null && isOfColumns(value as Row, type.struct)
}

function isOfColumns(row: Row, columns: Format['columns']): boolean {
  const names = Object.keys(columns)
  return (
    Object.keys(row).join() === names.join() &&
    names.every((name) => isOfType(row[name], columns[name] as ColumnType))
  )
}

it('finds every format of the folder, under the name of its file', async () => {
  const files = (await readdir(import.meta.dirname)).filter((file) => /^[^.]+\.ts$/.test(file))
  const defining: string[] = []
  for (const file of files) {
    const text = await readFile(`${import.meta.dirname}/${file}`, 'utf8')
    if (text.includes('export default defineFormat(')) defining.push(file.replace(/\.ts$/, ''))
  }
  expect([...formats.keys()].sort()).toEqual(defining.sort())
  expect(formats.has('sft')).toBe(true)
})

describe.each([...formats.values()].map((format) => ({ name: format.name, format })))(
  '$name',
  ({ format }) => {
    const standard = STANDARD.filter(({ example }) => fits(format, example))

    it('says what it is, in words that stand alone', () => {
      expect(format.name).toMatch(/^[a-z][a-z0-9-]*$/)
      expect(format.title.trim()).not.toBe('')
      expect(format.explain).toMatch(/^\S.*\.$/)
      expect(containersOf(format).length).toBeGreaterThan(1)
    })

    function keepsTheContract(example: Example): void {
      const before = structuredClone(example)
      const rows = format.toRows(example)
      expect(example).toEqual(before)
      expect(format.toRows(before)).toEqual(rows)
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows) expect(isOfColumns(row, format.columns)).toBe(true)
      const texts = textsIn(rows)
      expect(texts).toContain(example.completion)
      for (const { content } of example.prompt)
        expect(texts.some((text) => text.includes(content))).toBe(true)
    }

    it.each(standard)('makes rows of its columns alone, with the text as typed: $title', ({ example }) => {
      keepsTheContract(example)
    })

    it('makes rows of its columns alone, with the text as typed: anything', () => {
      fc.assert(
        fc.property(
          anyExample.filter((example) => fits(format, example)),
          keepsTheContract,
        ),
        { numRuns: 300 },
      )
    })

    it('is read by those that it is made for, without a finding', () => {
      const prompt = [
        ['system', 'Answer with code.'],
        ['user', 'Write a function that doubles a number.'],
      ]
      const example = exampleOf('def double(n): return n * 2', prompt, {
        rejected: 'def double(n): return n + n + n',
      })
      for (const name of format.consumers) {
        const consumer = consumers.get(name)
        if (!consumer) throw new Error(`There is no consumer ${name}.`)
        expect(
          format.toRows(example).flatMap((row) => createChecker(consumer).line(row)),
          name,
        ).toEqual([])
      }
    })

    it('carries loading code for consumers that exist, with the name of the file in it', () => {
      const odd = `it's "my" file.jsonl`
      for (const { consumer, title, file, code } of format.loading) {
        expect(format.consumers).toContain(consumer)
        expect(`${title}${file}`).not.toBe('')
        for (const as of containersOf(format)) expect(code(odd, as)).toMatch(/my/)
      }
      expect(format.loading.length > 0).toBe(format.consumers.length > 0)
    })
  },
)

describe('the shapes, exactly', () => {
  const EXAMPLE = exampleOf('good', [
    ['system', 's'],
    ['user', 'u'],
  ])
  const prompt = [
    { role: 'system', content: 's' },
    { role: 'user', content: 'u' },
  ]
  const good = { role: 'assistant', content: 'good' }
  const bad = { role: 'assistant', content: 'wrong' }
  const shapes: [string, Row[]][] = [
    ['sft', [{ messages: [...prompt, good], failure_category: null }]],
    ['messages', [{ messages: [...prompt, good] }]],
    ['prompt-completion', [{ prompt, completion: [good] }]],
    [
      'sharegpt',
      [
        {
          conversations: [
            { from: 'system', value: 's' },
            { from: 'human', value: 'u' },
            { from: 'gpt', value: 'good' },
          ],
        },
      ],
    ],
    ['trl-dpo', [{ prompt, chosen: [good], rejected: [bad] }]],
    ['openai-dpo', [{ input: { messages: prompt }, preferred_output: [good], non_preferred_output: [bad] }]],
    ['llama-factory-dpo', [{ messages: prompt, chosen: good, rejected: bad }]],
    [
      'kto',
      [
        { prompt, completion: [good], label: true },
        { prompt, completion: [bad], label: false },
      ],
    ],
  ]

  it.each(shapes)('%s', (name, rows) => {
    expect(JSON.stringify(formats.get(name)?.toRows(EXAMPLE))).toBe(JSON.stringify(rows))
  })

  it.each(['scoring_artifact', 'empty', 'same'])(
    'kto has no bad answer for a pair that is none: %s',
    (fault) => {
      const rejected = { scoring_artifact: 'wrong', empty: ' ', same: ' good' }[fault] as string
      const failure_category = fault === 'scoring_artifact' ? fault : null
      const rows = formats.get('kto')?.toRows({ ...EXAMPLE, rejected, failure_category })
      expect(rows).toEqual([{ prompt, completion: [good], label: true }])
    },
  )
})
