/** The contract that every format of this folder keeps. A new file is held to it without a word here. */
import { readdir, readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Example } from '../domain/example.ts'
import { FAILURE_CATEGORIES } from '../domain/failure-category.ts'
import { formats } from './index.ts'

function exampleOf(
  completion: string,
  prompt = [['user', 'Double n.']],
  fields: Partial<Example> = {},
): Example {
  return {
    id: 'record-1',
    prompt: prompt.map(([role, content]) => ({ role: role!, content: content! })),
    completion,
    rejected: 'wrong',
    failure_category: null,
    ...fields,
  }
}

const MEGABYTE = 'words and words \u{1f426}\n'.repeat(60_000)

/** What a correction may look like, and the exact line that `sft` makes of it. */
const STANDARD: { title: string; example: Example; sft: string }[] = [
  {
    title: 'plain text',
    example: exampleOf('n * 2', [
      ['system', 'Code only.'],
      ['user', 'Double n.'],
    ]),
    sft: '{"messages":[{"role":"system","content":"Code only."},{"role":"user","content":"Double n."},{"role":"assistant","content":"n * 2"}],"failure_category":null}',
  },
  {
    title: 'a failure category',
    example: exampleOf('n * 2', undefined, { failure_category: 'partial_answer' }),
    sft: '{"messages":[{"role":"user","content":"Double n."},{"role":"assistant","content":"n * 2"}],"failure_category":"partial_answer"}',
  },
  {
    title: 'an earlier turn of the assistant',
    example: exampleOf('4', [
      ['user', '1+1?'],
      ['assistant', '2'],
      ['user', '2+2?'],
    ]),
    sft: '{"messages":[{"role":"user","content":"1+1?"},{"role":"assistant","content":"2"},{"role":"user","content":"2+2?"},{"role":"assistant","content":"4"}],"failure_category":null}',
  },
  {
    title: 'an empty system prompt',
    example: exampleOf('x', [
      ['system', ''],
      ['user', ''],
    ]),
    sft: '{"messages":[{"role":"system","content":""},{"role":"user","content":""},{"role":"assistant","content":"x"}],"failure_category":null}',
  },
  {
    title: 'indented code that begins and ends with white space',
    example: exampleOf('    if n:\n\treturn n * 2  \r\n\n'),
    sft: '{"messages":[{"role":"user","content":"Double n."},{"role":"assistant","content":"    if n:\\n\\treturn n * 2  \\r\\n\\n"}],"failure_category":null}',
  },
  {
    title: 'quotes, backslashes and slashes',
    example: exampleOf('"a\\b" \\n \\u0041 </script> \'`$(x)`'),
    sft: '{"messages":[{"role":"user","content":"Double n."},{"role":"assistant","content":"\\"a\\\\b\\" \\\\n \\\\u0041 </script> \'`$(x)`"}],"failure_category":null}',
  },
  {
    title: 'letters of many scripts, composed and not',
    example: exampleOf('Größe e\u0301 日本語 العربية'),
    sft: '{"messages":[{"role":"user","content":"Double n."},{"role":"assistant","content":"Größe e\u0301 日本語 العربية"}],"failure_category":null}',
  },
  {
    title: 'emoji of one and of many parts',
    example: exampleOf('\u{1f426} \u{1f469}\u200d\u{1f4bb}'),
    sft: '{"messages":[{"role":"user","content":"Double n."},{"role":"assistant","content":"\u{1f426} \u{1f469}\u200d\u{1f4bb}"}],"failure_category":null}',
  },
  {
    title: 'U+2028, U+2029, U+0085 and a BOM',
    example: exampleOf('a\u2028b\u2029c\u0085d\ufeff'),
    sft: '{"messages":[{"role":"user","content":"Double n."},{"role":"assistant","content":"a\u2028b\u2029c\u0085d\ufeff"}],"failure_category":null}',
  },
  {
    title: 'control characters',
    example: exampleOf('\u0001\u001b[31m\b\f\u007f'),
    sft: '{"messages":[{"role":"user","content":"Double n."},{"role":"assistant","content":"\\u0001\\u001b[31m\\b\\f\u007f"}],"failure_category":null}',
  },
  {
    title: 'a megabyte of text',
    example: exampleOf(MEGABYTE),
    sft: `{"messages":[{"role":"user","content":"Double n."},{"role":"assistant","content":"${MEGABYTE.replaceAll('\n', '\\n')}"}],"failure_category":null}`,
  },
]

const anyText = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed())
const anyExample: fc.Arbitrary<Example> = fc.record({
  id: anyText,
  prompt: fc.array(
    fc.record({ role: fc.constantFrom('system', 'user', 'assistant', 'tool'), content: anyText }),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  completion: anyText.map((text) => `${text}x`),
  rejected: anyText,
  failure_category: fc.constantFrom(null, ...FAILURE_CATEGORIES),
})

/** Every text anywhere in a JSON value. */
function textsIn(json: unknown): string[] {
  if (typeof json === 'string') return [json]
  return typeof json === 'object' && json !== null ? Object.values(json).flatMap(textsIn) : []
}

it('finds every format of the folder, under the name of its file', async () => {
  const files = (await readdir(import.meta.dirname)).filter((file) => !file.includes('.test.'))
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
    it('says what it is, in words that stand alone', () => {
      expect(format.name).toMatch(/^[a-z][a-z0-9-]*$/)
      expect(format.title.trim()).not.toBe('')
      expect(format.explain).toMatch(/^\S.*\.$/)
      expect(format.extension).toMatch(/^[a-z0-9]+$/)
      expect(format.contentType).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/)
    })

    function keepsTheContract(example: Example): void {
      const before = structuredClone(example)
      const line = format.toLine(example)
      expect(example).toEqual(before)
      expect(format.toLine(before)).toBe(line)
      expect(line).not.toMatch(/[\n\r]/)
      expect(line.isWellFormed()).toBe(true)
      const texts = textsIn(JSON.parse(line))
      expect(texts.some((text) => text.includes(example.completion))).toBe(true)
      for (const { content } of example.prompt)
        expect(texts.some((text) => text.includes(content))).toBe(true)
    }

    it.each(STANDARD)('writes one line of valid JSON, with the text as typed: $title', ({ example }) => {
      keepsTheContract(example)
    })

    it('writes one line of valid JSON, with the text as typed: anything', () => {
      fc.assert(fc.property(anyExample, keepsTheContract), { numRuns: 500 })
    })
  },
)

describe('sft, exactly', () => {
  const sft = formats.get('sft')!

  it.each(STANDARD)('writes $title', ({ example, sft: line }) => {
    expect(sft.toLine(example)).toBe(line)
  })

  it('comes back as the prompt, the completion and the category, and nothing else', () => {
    fc.assert(
      fc.property(anyExample, (example) => {
        expect(JSON.parse(sft.toLine(example))).toEqual({
          messages: [...example.prompt, { role: 'assistant', content: example.completion }],
          failure_category: example.failure_category,
        })
      }),
    )
  })
})
