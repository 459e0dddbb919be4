/** Proves which answers without a fence are code, and of which language. */
import { expect, it } from 'vitest'
import { languageOf } from './looks-like-code.ts'

it.each([
  ['def f(x):\n    """Doc."""\n    return x', 'python'],
  ['import os\n\n# list\nfor name in os.listdir("."):\n    print(name)', 'python'],
  ['{"name": "a", "list": [1]}', 'json'],
  ['SELECT a\nFROM b\nWHERE c > 1\nORDER BY a;', 'sql'],
  ['select distinct on (sensor_id) sensor_id, taken_at\nfrom readings\norder by sensor_id', 'sql'],
  ['export function f(a: number) {\n  return a\n}', 'typescript'],
  ['    const a = 1;\n    return a;', 'typescript'],
  ['#!/bin/bash\nset -e\necho "hi"\nfor f in *; do\n  echo "$f"\ndone', 'bash'],
  ['<!doctype html>\n<p>x', 'xml'],
  ['    a\n\n\tb', ''],
])('%j is %s', (text, language) => {
  expect(languageOf(text)).toBe(language)
})

it.each([
  '',
  'Yes.',
  'Select the option from the menu.',
  'With care, I would say: no.',
  'import taxes are high;\nclass matters',
  '# Heading\n\nWords.',
  '- a\n- b',
  '```python\ndef f():\n    pass\n```',
  'Use this:\n\n    def f():\n        pass\n\nIt returns nothing and is of no use.',
  '[1] See the note',
  '**Name:** x\n**Class:** y',
])('%j is prose', (text) => {
  expect(languageOf(text)).toBeUndefined()
})
