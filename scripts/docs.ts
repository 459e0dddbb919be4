/** Owns the pages that are made from the code: `npm run docs` writes them, `--check` fails when one is out of date. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { contract, type Endpoint } from '../src/contract.ts'
import { formats } from '../src/formats/index.ts'
import { sources } from '../src/sources/index.ts'
import {
  BACK,
  BUCKETS,
  CATEGORIES,
  CLOSE,
  NEXT,
  REDO,
  SAME_ANSWERS,
  SKIP,
  SUBMIT,
  UNDO,
} from '../src/web/review/actions.ts'
import { describeFormat, type FormatDescription } from '../src/workflow/list-formats.ts'
import { checksPage } from './docs-checks.ts'

const NOTE = '<!-- Written by `npm run docs`; change the code instead. -->'
const pages: Record<string, string> = {
  'api.md': api(),
  'sources.md': sourcesPage(),
  'formats.md': formatsPage(),
  'checks.md': checksPage(NOTE),
  'keyboard.md': keyboard(),
}

const folder = join(import.meta.dirname, '../docs')
for (const [name, content] of Object.entries(pages)) {
  const path = join(folder, name)
  if (!process.argv.includes('--check')) writeFileSync(path, content)
  else if (readOrEmpty(path) !== content) {
    process.stderr.write(`docs/${name} is out of date. Run: npm run docs\n`)
    process.exitCode = 1
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function api(): string {
  const endpoints = Object.values(contract).map((endpoint: Endpoint) => {
    const { method, path, summary, query, body, upload, answer, errors } = endpoint
    const parts = [`## ${method.toUpperCase()} ${path}`, `${summary}.`]
    if (query) parts.push(`Query: ${fields(query, 'output')}`)
    if (body) parts.push(`Body: ${fields(body, 'input')}`)
    if (upload) parts.push('Body: the file, as it is')
    parts.push(typeof answer === 'string' ? `Answer: \`${answer}\`` : `Answer: ${fields(answer, 'output')}`)
    if (errors.length > 0) parts.push(`Errors: ${errors.join(', ')}`)
    return parts.join('\n\n')
  })
  const head = `# The HTTP API

${NOTE}

JSON in and out. Every error is \`application/problem+json\` (RFC 9457): \`type\`, \`title\`, \`status\`, \`detail\`,
\`code\`. A foreign \`Host\` or \`Origin\` gets 403, a body that is not JSON 415. \`GET /api/openapi.json\` describes all
of this for programs.`
  return `${[head, ...endpoints].join('\n\n')}\n`
}

type Schema = { type?: string; properties?: Record<string, unknown>; required?: string[]; items?: Schema }

/** Names alone: the shapes are in the OpenAPI document. A question mark stands for "may be left out". */
function fields(schema: z.ZodType, io: 'input' | 'output'): string {
  const json = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Schema
  const object = json.items ?? json
  const required = new Set(object.required)
  const optional = (name: string) => (io === 'input' && !required.has(name) ? '?' : '')
  const names = Object.keys(object.properties ?? {}).map((name) => `\`${name}${optional(name)}\``)
  return `${json.items ? 'array of ' : ''}${names.join(' · ')}`
}

function sourcesPage(): string {
  const parts = [...sources.values()].map(({ name, title, explain, example }) =>
    [
      `## \`${name}\`: ${title}`,
      explain,
      `\`${example.fileName}\`:`,
      `\`\`\`json\n${example.content}\`\`\``,
    ].join('\n\n'),
  )
  return `${['# Sources', NOTE, 'What Avocet reads. Each is one file in `src/sources/`.', ...parts].join('\n\n')}\n`
}

function formatsPage(): string {
  const intro = `What Avocet writes: \`avocet export --format NAME --as CONTAINER\`. Each is one file in \`src/formats/\`.

A format is the shape of a row; the container is how rows become a file: JSON Lines, Parquet with declared types, and
CSV for rows without lists. In pairs the correction is preferred and the model's answer is rejected; where there is no
pair (the model was right, its answer is empty, both are the same) the example is left out and counted. Texts are
written exactly as they were typed. \`failure_category\` is null without a category; the loading code of \`sft\` names its
type, because Hugging Face datasets guess it from the first 10 MB of JSON Lines.`
  const parts = [...formats.values()].map(describeFormat).map(formatPart)
  return `${['# Formats', NOTE, intro, ...parts].join('\n\n')}\n`
}

function formatPart({ name, title, explain, containers, example, loading }: FormatDescription): string {
  const kind = containers[0] === 'csv' ? 'csv' : 'json'
  const codes = loading.map(
    ({ title, file, language, checked, code }) =>
      `**${title}** (${file}). ${checked}\n\n\`\`\`${language}\n${code}\n\`\`\``,
  )
  const head = `${explain} As ${containers.map((container) => `\`${container}\``).join(', ')}.`
  return [`## \`${name}\`: ${title}`, head, `\`\`\`${kind}\n${example}\n\`\`\``, ...codes].join('\n\n')
}

function keyboard(): string {
  const moves = [UNDO, REDO, BACK, SKIP, NEXT]
  const table = [...BUCKETS, ...moves, SUBMIT, CLOSE, ...SAME_ANSWERS, ...CATEGORIES]
  const rows = table.map(({ key, label, explain }) => {
    const words = key.replace('Mod', 'Ctrl/Cmd').replace('Escape', 'Esc')
    return `| \`${words}\` | ${label} | ${explain} |`
  })
  const rules = [
    'No key acts while Ctrl, Meta or Alt is held, in a text field, or when it repeats; Ctrl/Cmd+Enter and Esc are the exceptions.',
    'While the question about an identical correction is asked, neither Enter nor Ctrl/Cmd+Enter answers it.',
  ].join('\n')
  return `${['# Keys', NOTE, `| key | action | what it does |\n|---|---|---|\n${rows.join('\n')}`, rules].join('\n\n')}\n`
}
