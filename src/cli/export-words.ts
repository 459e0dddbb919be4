/** Owns how a preview and loading code look on the terminal. */
import type { Preview } from '../workflow/export-preview.ts'
import { examples, named } from '../workflow/export-refusals.ts'
import type { LoadingText } from '../workflow/list-formats.ts'
import { printable } from './terminal.ts'

const BADGES = { passes: 'passes', warnings: 'warnings', refused: 'would be refused' } as const

/** Text of models is made harmless line by line; the line feeds are ours. */
export function showPreview(preview: Preview): string {
  const { found, lines, left_out, conflicts, consumers, refused, sample } = preview
  const text = [`${found} found, ${examples(preview.examples)} in ${lines} lines.`]
  for (const { count, ids, explain } of left_out)
    text.push(`Left out: ${count} (${named(ids, count)}): ${explain}.`)
  if (conflicts.prompts > 0) {
    text.push(`${conflicts.prompts} prompts have different corrections:`)
    text.push(...conflicts.first.map((ids) => `  ${ids.join(', ')}`))
  }
  for (const { title, rules_of, verdict, findings } of consumers) {
    text.push(`${title}: ${BADGES[verdict]} (checked against the rules of ${rules_of})`)
    text.push(...findings.map(({ severity, count, explain }) => `  ${severity}, ${count}: ${explain}`))
  }
  if (refused) text.push(...refused.detail.split('\n'))
  return `${[...text, ...sample].map(printable).join('\n')}\n`
}

export function showLoading(format: string, texts: LoadingText[]): string {
  if (texts.length === 0) return `No trainer reads the format ${format}: there is nothing to load.\n`
  const parts = texts.map(
    ({ title, file, checked, code }) =>
      `# ${title} (${file}). ${checked}\n${code.split('\n').map(printable).join('\n')}\n`,
  )
  return parts.join('\n')
}
