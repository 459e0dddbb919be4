/** Owns the standard set of examples: what a correction may look like, for every format and container. */
import fc from 'fast-check'
import type { Example } from '../../src/domain/example.ts'
import { FAILURE_CATEGORIES } from '../../src/domain/failure-category.ts'

export function exampleOf(
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
    about: {
      ...{
        run_id: 'run-a',
        model_name: 'Qwen2.5-3B',
        task_type: 'code',
        task_name: null,
        quality_score: 0.3,
      },
      ...{ status: 'approved', reviewer: 'ada', decided_at: '2026-04-07T12:00:00.000Z' },
    },
    ...fields,
  }
}

const MEGABYTE = 'words and words \u{1f426}\n'.repeat(60_000)

export const STANDARD: { title: string; example: Example }[] = [
  {
    title: 'plain text',
    example: exampleOf('n * 2', [
      ['system', 'Code only.'],
      ['user', 'Double n.'],
    ]),
  },
  {
    title: 'a failure category',
    example: exampleOf('n * 2', undefined, { failure_category: 'partial_answer' }),
  },
  {
    title: 'an answer that was right',
    example: exampleOf('n * 2', undefined, { failure_category: 'scoring_artifact' }),
  },
  { title: 'no answer of the model', example: exampleOf('n * 2', undefined, { rejected: ' \n' }) },
  { title: 'the same answer', example: exampleOf('n * 2', undefined, { rejected: '\n n * 2' }) },
  {
    title: 'an earlier turn of the assistant',
    example: exampleOf('4', [
      ['user', '1+1?'],
      ['assistant', '2'],
      ['user', '2+2?'],
    ]),
  },
  {
    title: 'an empty system prompt',
    example: exampleOf('x', [
      ['system', ''],
      ['user', ''],
    ]),
  },
  {
    title: 'indented code that begins and ends with white space',
    example: exampleOf('    if n:\n\treturn n * 2  \r\n\n'),
  },
  {
    title: 'quotes, backslashes and slashes',
    example: exampleOf('"a\\b" \\n \\u0041 </script> \'`$(x)`'),
  },
  {
    title: 'letters of many scripts, composed and not',
    example: exampleOf('Größe e\u0301 日本語 العربية'),
  },
  {
    title: 'emoji of one and of many parts',
    example: exampleOf('\u{1f426} \u{1f469}\u200d\u{1f4bb}'),
  },
  {
    title: 'U+2028, U+2029, U+0085 and a BOM',
    example: exampleOf('a\u2028b\u2029c\u0085d\ufeff'),
  },
  { title: 'control characters', example: exampleOf('\u0001\u001b[31m\b\f\u007f') },
  { title: 'a formula', example: exampleOf('=HYPERLINK("http://x";"y")', undefined, { rejected: '-1+1' }) },
  { title: 'a megabyte of text', example: exampleOf(MEGABYTE) },
]

const anyText = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed())
export const anyExample: fc.Arbitrary<Example> = fc.record({
  id: anyText,
  prompt: fc.array(
    fc.record({ role: fc.constantFrom('system', 'user', 'assistant', 'tool'), content: anyText }),
    { minLength: 1, maxLength: 4 },
  ),
  completion: anyText.map((text) => `${text}x`),
  rejected: anyText,
  failure_category: fc.constantFrom(null, ...FAILURE_CATEGORIES),
  about: fc.record({
    run_id: anyText,
    model_name: fc.option(anyText),
    task_type: fc.option(anyText),
    task_name: fc.option(anyText),
    quality_score: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    status: fc.constant('approved' as const),
    reviewer: fc.option(anyText),
    decided_at: fc.option(anyText),
  }),
})
