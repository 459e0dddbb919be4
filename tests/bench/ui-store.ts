/** Owns the store that the page is measured on: many small records, and a run of large ones with Markdown and code. */
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sources } from '../../src/sources/index.ts'
import type { Source } from '../../src/sources/source.ts'
import { openSqlite } from '../../src/store/dialect.ts'
import { migrated } from '../../src/store/open.ts'
import { indexSome } from '../../src/store/search.ts'
import { importRun } from '../../src/workflow/import-run.ts'
import { makeRecord, toJsonl } from '../support/make-record.ts'
import { testDeps } from '../support/test-deps.ts'

export const SMALL_RUN = 'bench-small'
export const LARGE_RUN = 'bench-large'

const SMALL_CHARS = 2_000
const LARGE_CHARS = 64_000

/** Under `cwd`, where the program looks for it; searchable too, so that no server indexes while it is measured. */
export async function buildStore(cwd: string, small: number, large: number): Promise<void> {
  const files = [
    await writeRun(join(cwd, SMALL_RUN, 'sft_candidates.jsonl'), small, smallRecord),
    await writeRun(join(cwd, LARGE_RUN, 'sft_candidates.jsonl'), large, largeRecord),
  ]
  await mkdir(join(cwd, 'data'))
  const store = await migrated(openSqlite(join(cwd, 'data/avocet.db')))
  await importRun(testDeps(store), files, { source: sources.get('benchmark') as Source, reviewer: 'bench' })
  while (await indexSome(store));
  await store.close()
}

async function writeRun(file: string, count: number, make: (number: number) => unknown): Promise<string> {
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, 'w')
  for (let start = 0; start < count; start += 500) {
    const numbers = [...Array(Math.min(500, count - start)).keys()]
    await handle.write(toJsonl(numbers.map((number) => make(start + number))))
  }
  await handle.close()
  return file
}

function smallRecord(number: number): unknown {
  return makeRecord(number, {
    benchmark_run_id: SMALL_RUN,
    task_name: `Small ${number}`,
    model_response: `The function:\n\n${fence(number)}`.padEnd(SMALL_CHARS - 700, ' It adds one.'),
  })
}

function largeRecord(number: number): unknown {
  const content = textOf(number, LARGE_CHARS * 0.4)
  return makeRecord(number, {
    id: `large-${number}`,
    benchmark_run_id: LARGE_RUN,
    task_name: `Large ${number}`,
    prompt_messages: [
      { role: 'system', content: 'Answer with care.' },
      { role: 'user', content },
    ],
    model_response: textOf(number + 1, LARGE_CHARS * 0.6),
  })
}

/** What long answers are made of: headings, paragraphs, lists, now and then a table, and code. */
function textOf(number: number, chars: number): string {
  const parts: string[] = []
  for (let part = 0, length = 0; length < chars; part += 1) {
    const rows = Array.from({ length: 6 }, (_, row) => `| ${row} | value ${row * number} | \`f(${row})\` |`)
    const table = `| n | value | code |\n|---|---|---|\n${rows.join('\n')}\n\n`
    const words = `Some **bold** words, some *others*, and \`code_${part}\` in the middle. `.repeat(4)
    const list = `- first of ${part}\n- second, with [a link](https://example.org/${part})\n- third\n\n`
    parts.push(`## Part ${part}\n\n${words}\n\n${list}${part % 3 === 0 ? table : ''}${fence(part)}\n`)
    length += parts.at(-1)?.length ?? 0
  }
  return parts.join('').slice(0, chars)
}

function fence(number: number): string {
  const lines = Array.from(
    { length: 6 },
    (_, line) => `    total += values[${line}] * ${number}  # line ${line} of "${number}"`,
  )
  return `\`\`\`python\ndef f_${number}(values):\n    total = 0\n${lines.join('\n')}\n    return total\n\`\`\`\n`
}
