/** Owns the description of the formats: their example, their containers, and the loading code with a file's name in it. */
import type { ContainerName, Example } from '../domain/example.ts'
import { consumers } from '../formats/checks/index.ts'
import { containers } from '../formats/containers/index.ts'
import { containersOf, type Format, type Loading } from '../formats/format.ts'

export type LoadingText = Omit<Loading, 'code'> & { checked: string; code: string }

export type FormatDescription = Pick<Format, 'name' | 'title' | 'explain'> & {
  containers: ContainerName[]
  example: string
  consumers: string[]
  loading: LoadingText[]
}

/** What the docs, the command line and the page show of every format. */
export const SHOWN: Example = {
  id: '6c1f',
  prompt: [{ role: 'user', content: 'Write a function that doubles a number.' }],
  completion: 'def double(n):\n    return n * 2',
  rejected: 'def double(n):\n    return n + n + n',
  failure_category: 'wrong_answer',
  about: {
    run_id: '0b8e2f0a-6f1d-4f0e-9a52-3f1c7f5f2a77',
    model_name: 'Qwen2.5-3B',
    task_type: 'code',
    task_name: 'Code: Write a Python function',
    quality_score: 0.3,
    status: 'approved',
    reviewer: 'ada',
    decided_at: '2026-04-07T14:31:09.000Z',
  },
}

export function describeFormat(format: Format): FormatDescription {
  const { name, title, explain } = format
  const [first = 'jsonl', ...others] = containersOf(format)
  const { show, extension } = containers[first]
  return {
    name,
    title,
    explain,
    containers: [first, ...others],
    example: format.toRows(SHOWN).map(show).join('\n'),
    consumers: [...format.consumers],
    loading: loadingOf(format, `train.${extension}`, first),
  }
}

export function loadingOf(format: Format, file: string, as: ContainerName): LoadingText[] {
  return format.loading.map(({ consumer, title, file: place, language, code }) => {
    const rules = consumers.get(consumer)?.rules_of
    const checked = rules ? `Checked against the rules of ${rules}.` : ''
    return { consumer, title, file: place, language, checked, code: code(file, as) }
  })
}
