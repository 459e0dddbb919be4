/** Owns docs/checks.md: every consumer, whose rules they are, and what it does with a line that breaks one. */
import type { Check, Consumer, Rule } from '../src/formats/checks/consumer.ts'
import { consumers } from '../src/formats/checks/index.ts'
import { SHAPES, type Shape } from '../src/formats/checks/shape.ts'

const INTRO = `What each consumer refuses, drops or learns wrongly. \`avocet check FILE --for CONSUMER\` asks these rules of every line.
Each consumer is one file in \`src/formats/checks/\`. The rules were read in the sources and guides that are named; Avocet
runs none of these programs.

An **error** is a line that is refused, dropped or learnt wrongly; a **warning** is worth a look. Tokens are counted only
with \`--max-tokens N\`: by the model's own \`tokenizer.json\` (\`--tokenizer FILE\`), or else by OpenAI's o200k.`

export function checksPage(note: string): string {
  const all = [...consumers.values()]
  return `${['# Checks', note, INTRO, ...all.map(describe), advice(all)].join('\n\n')}\n`
}

function describe(consumer: Consumer): string {
  const { name, title, rules_of, explain, shapes, extra_keys, too_long, rules } = consumer
  const read = (Object.keys(shapes) as Shape[]).map((shape) =>
    row(`\`${shape}\``, SHAPES[shape].map((key) => `\`${key}\``).join(' '), shapes[shape]?.note ?? ''),
  )
  return [
    `## \`${name}\`: ${title}`,
    `${explain} Checked against the rules of ${rules_of}.`,
    `| shape | keys | note |\n|---|---|---|\n${read.join('\n')}`,
    `Other keys: ${extra_keys} A line with too many tokens: ${too_long}.`,
    `| code | | what happens |\n|---|---|---|\n${rules.map(ruleRow).join('\n')}`,
  ].join('\n\n')
}

function ruleRow({ check, severity, why, shapes }: Rule): string {
  return row(`\`${check.code}\``, severity, shapes ? `${why} (${shapes.join(', ')})` : why)
}

function advice(all: Consumer[]): string {
  const checks = new Map<string, Check>(
    all.flatMap(({ rules }) => rules.map(({ check }) => [check.code, check])),
  )
  const rows = [...checks.values()]
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(({ code, advice }) => row(`\`${code}\``, advice))
  return `## What to do\n\n| code | |\n|---|---|\n${rows.join('\n')}`
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
