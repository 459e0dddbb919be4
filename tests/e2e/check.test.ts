/** `avocet check` as people use it: the real program on real files. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeRecord, toJsonl, writeRun } from '../support/make-record.ts'
import { avocet } from '../support/start-avocet.ts'

let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'avocet-check-'))
  await write('good.jsonl', [line('return n * 2'), line('return n * 3', 'Triple n.')])
  await write('warned.jsonl', [line('return n * 2'), line('return n * 2')])
  await write('bad.jsonl', [
    line('return n * 2'),
    '{"messages":',
    ...Array(8).fill(line('')),
    line('\u009b31m'),
  ])
})
afterAll(() => rm(cwd, { recursive: true, force: true }))

const run = (...args: string[]) => avocet(['check', ...args], { cwd })
const write = (name: string, lines: string[]) => writeFile(join(cwd, name), `${lines.join('\n')}\n`)

function line(answer: string, question = 'Double n.'): string {
  return JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  })
}

describe('avocet check', () => {
  it('says that a good file passes, whose rules these are, and what must be set', async () => {
    const { code, stdout } = await run('good.jsonl', '--for', 'trl')
    expect(code).toBe(0)
    expect(stdout).toContain('good.jsonl: 2 lines, checked against the rules of TRL 1.13.0.')
    expect(stdout).toContain('Note: Set assistant_only_loss=True')
    expect(stdout).toContain('TRL: passes.')
    expect(stdout).not.toContain('tested')
  })

  it('exits with 3 for errors, shows the first of each kind and counts the rest', async () => {
    const { code, stdout } = await run('bad.jsonl', '--for', 'trl')
    expect(code).toBe(3)
    expect(stdout).toContain(
      'Error: line 2: the line cannot be read (the line is cut off: its JSON does not end)',
    )
    expect(stdout.match(/\(answer_empty\)/g)).toHaveLength(5)
    expect(stdout).toContain('… and 3 more of answer_empty; --json lists them all.')
    expect(stdout).toMatch(/TRL: would be refused, 9 errors, \d+ warnings\.\n$/)
  })

  it('lets warnings pass, unless they count', async () => {
    expect((await run('warned.jsonl', '--for', 'axolotl')).stdout).toContain('passes, 0 errors, 1 warning.')
    expect((await run('warned.jsonl', '--for', 'axolotl')).code).toBe(0)
    expect((await run('warned.jsonl', '--for', 'axolotl', '--strict')).code).toBe(3)
  })

  it('writes one finding a line as JSON, for several consumers', async () => {
    const { code, stdout } = await run('bad.jsonl', '--for', 'trl', '--for', 'openai', '--json')
    expect(code).toBe(3)
    const findings = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text))
    expect(findings.filter(({ consumer }) => consumer === 'trl').length).toBeGreaterThan(9)
    expect(findings.filter(({ code: found }) => found === 'few_lines')).toMatchObject([
      { consumer: 'openai', line: null, severity: 'warning', id: null },
    ])
  })

  it('lets no control character of the data reach the terminal', async () => {
    await write('evil.jsonl', [
      `{"\u009b31m\u202e":1}`,
      '{"messages":[{"role":"\u001b]0;x\u0007","content":"x"}]}',
    ])
    for (const more of [[], ['--json']]) {
      const { stdout, stderr } = await run('evil.jsonl', '--for', 'trl', ...more)
      expect(stdout + stderr).not.toMatch(/(?!\n)\p{Cc}|\u202e/u)
    }
  })

  it('counts tokens when it is asked to', async () => {
    await write('long.jsonl', [line('return n * 2 '.repeat(400))])
    expect((await run('long.jsonl', '--for', 'llama-factory')).code).toBe(0)
    const { code, stdout } = await run('long.jsonl', '--for', 'llama-factory', '--max-tokens', '1024')
    expect(code).toBe(3)
    expect(stdout).toContain('line 1: the line has more than 1024 tokens: prompt and answer are cut')
  })

  it.each([
    [['good.jsonl']],
    [['--for', 'trl']],
    [['good.jsonl', '--for', 'nobody']],
    [['good.jsonl', '--for', 'trl', '--max-tokens', '0']],
    [['good.jsonl', '--for', 'trl', '--max-tokens', 'many']],
    [['good.jsonl', '--for', 'trl', '--tokenizer', 'tokenizer.json']],
    [['good.jsonl', 'bad.jsonl', '--for', 'trl']],
    [['good.jsonl', '--for', 'trl', '--model', 'x']],
    [['--format', 'report']],
    [['--format', 'nothing']],
  ])('exits with 2 for %j', async (args) => {
    const { code, stdout, stderr } = await run(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('See: avocet check --help')
  })

  it('exits with 1 for what cannot be read, and says why', async () => {
    for (const [args, words] of [
      [['missing.jsonl'], 'missing.jsonl cannot be read: there is no such file or directory.'],
      [['.'], '. cannot be read: it is a directory, not a regular file.'],
      [['good.jsonl', '--max-tokens', '9', '--tokenizer', 'bad.jsonl'], 'bad.jsonl is no tokenizer'],
    ] as const) {
      const { code, stderr } = await run(...args, '--for', 'trl')
      expect(code).toBe(1)
      expect(stderr).toContain(words)
    }
  })
})

describe('avocet check --format', () => {
  // Decided before the import, so that no server is needed to decide them.
  const ours = (...args: string[]) => run('--include-imported', ...args)

  beforeAll(async () => {
    const twice = [
      { role: 'user', content: 'One.' },
      { role: 'user', content: 'Two.' },
    ]
    const decided = { status: 'approved', corrected_response: 'return n * 2' }
    const records = [
      makeRecord(1, decided),
      makeRecord(2, { ...decided, prompt_messages: twice }),
      makeRecord(3, { ...decided, model_name: 'Other' }),
    ]
    const path = await writeRun(join(cwd, 'run-a/sft_candidates.jsonl'), toJsonl(records))
    await avocet(['import', path], { cwd })
  })

  it('checks what an export would write, by the rules of those who read the format, and names the card', async () => {
    const { code, stdout } = await ours('--format', 'sft')
    expect(code).toBe(3)
    expect(stdout).toContain('export as sft: 3 lines, checked against the rules of TRL 1.13.0.')
    expect(stdout).toContain(
      'Error: line 2, card record-0002: messages[0] and messages[1] are both from the user',
    )
    for (const title of ['TRL', 'Axolotl', 'LLaMA-Factory'])
      expect(stdout).toContain(`${title}: would be refused`)
  })

  it('takes the filters of an export, and any consumer', async () => {
    const { code, stdout } = await ours(
      '--format',
      'messages',
      '--model',
      'Other',
      '--for',
      'openai',
      '--json',
    )
    expect(code).toBe(3)
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text).code),
    ).toEqual(['too_few_lines'])
    expect((await ours('--format', 'sft', '--model', 'Other')).code).toBe(0)
    expect((await ours('--format', 'sft', '--skip-invalid')).stdout).toContain('export as sft: 2 lines')
    expect((await run('--format', 'sft')).stdout).toContain('(no_lines)')
  })
})
