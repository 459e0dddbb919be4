/** `avocet export`, `exports` and `formats` as people use them; files are read by DuckDB, which is not ours. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeRecord, toJsonl, writeRun } from '../support/make-record.ts'
import { avocet, post, serve } from '../support/start-avocet.ts'

let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'avocet-export-'))
  const late = [
    { role: 'user', content: 'a' },
    { role: 'system', content: 'late' },
    { role: 'user', content: 'b' },
  ]
  const same = [{ role: 'user', content: 'The same question.' }]
  const prompts = [undefined, undefined, same, same, late]
  const records = prompts.map((prompt_messages, n) => makeRecord(n, prompt_messages && { prompt_messages }))
  await writeRun(join(cwd, 'run-a/sft_candidates.jsonl'), toJsonl(records))
  const server = await serve(['run-a', '--reviewer', 'ada'], { cwd })
  for (const [n, { id }] of records.entries()) {
    const body = { id, action: 'correct', corrected_response: `    a right answer ${n}\n` }
    await post(`${server.url}/api/sft/submit`, body)
  }
  await server.stop()
})
afterAll(() => rm(cwd, { recursive: true, force: true }))

const run = (...args: string[]) => avocet(args, { cwd })

async function ask(sql: string): Promise<unknown[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  return (await connection.runAndReadAll(sql)).getRowObjectsJson()
}

describe('avocet export', () => {
  it('writes nothing and exits with 3 when a trainer would refuse it, naming the cards', async () => {
    const { code, stdout, stderr } = await run('export', '-o', 'refused.jsonl')
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('record-0004')
    expect(stderr).toContain('--skip-invalid')
    expect(await readdir(cwd)).not.toContain('refused.jsonl')
  })

  it('leaves it out when asked to, and lists what it left out and what conflicts', async () => {
    const { code, stderr } = await run('export', '-o', 'train.jsonl', '--skip-invalid')
    expect(code).toBe(0)
    expect(stderr).toContain('4 examples written to train.jsonl.')
    expect(stderr).toContain('Left out: 1 (record-0004): a trainer would refuse it')
    expect(stderr).toContain('1 prompt has different corrections')
    expect(stderr).toContain('record-0003, record-0002')
    expect((await run('export', '--skip-invalid', '--conflicts', 'refuse')).code).toBe(3)
    expect((await run('export', '--skip-invalid', '--conflicts', 'newest')).stdout.split('\n')).toHaveLength(
      4,
    )
  })

  it('writes Parquet, JSON Lines and CSV that DuckDB reads alike', async () => {
    await run('export', '-o', 'a.parquet', '--as', 'parquet', '--skip-invalid')
    await run('export', '-o', 'a.jsonl', '--skip-invalid')
    await run('export', '-o', 'a.csv', '--format', 'report')
    const path = (name: string) => join(cwd, name)
    const rows = await ask(`select * from '${path('a.parquet')}'`)
    expect(rows).toHaveLength(4)
    expect(await ask(`select * from read_json('${path('a.jsonl')}')`)).toEqual(rows)
    const texts = await ask(`select correction from read_csv('${path('a.csv')}', all_varchar = true)`)
    expect(texts).toHaveLength(5)
    expect(texts[0]).toEqual({ correction: '    a right answer 0\n' })
  })

  it('lets two exports to one name at once both end well, with one whole file', async () => {
    const both = await Promise.all([1, 2].map(() => run('export', '-o', 'twice.jsonl', '--skip-invalid')))
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect((await readFile(join(cwd, 'twice.jsonl'), 'utf8')).split('\n')).toHaveLength(5)
    expect((await readdir(cwd)).filter((name) => name.includes('twice'))).toEqual(['twice.jsonl'])
  })

  it('previews without writing, and shows the loading code with the name of the file', async () => {
    const { code, stdout } = await run('export', '--preview')
    expect(code).toBe(3)
    expect(stdout).toContain('TRL: would be refused (checked against the rules of TRL ')
    const loading = await run(
      'export',
      '--format',
      'llama-factory-dpo',
      '--show-loading',
      '-o',
      'pairs.jsonl',
    )
    expect(loading.stdout).toContain('"file_name": "pairs.jsonl"')
    expect(loading.stdout).toContain('"ranking": true')
  })

  it.each([
    ['--as', 'csv'],
    ['--as', 'xml'],
    ['--conflicts', 'other'],
    ['--decided-from', 'yesterday'],
  ])('exits with 2 for %s %s', async (...flags) => {
    expect((await run('export', ...flags)).code).toBe(2)
  })
})

describe('avocet exports', () => {
  it('lists what was written, and its command writes the same again', async () => {
    await run('export', '-o', 'it is.jsonl', '--skip-invalid', '--conflicts', 'newest', '--task-type', 'code')
    const [last] = JSON.parse((await run('exports', '--json')).stdout)
    expect(last).toMatchObject({ examples: 3, left_out: 2, file: join(cwd, 'it is.jsonl') })
    expect(last.command).toBe(
      `avocet export --format sft --as jsonl --task-type=code --conflicts=newest --skip-invalid -o '${last.file}'`,
    )
    expect((await run('exports')).stdout).toContain(last.sha256)
  })
})

describe('avocet formats', () => {
  it('lists them, and shows one with the code that loads it', async () => {
    expect((await run('formats')).stdout).toMatch(/^sft .*TRL/m)
    const { stdout } = await run('formats', 'sft')
    expect(stdout).toContain('"failure_category":"wrong_answer"')
    expect(stdout).toContain('type: chat_template')
    expect((await run('formats', 'other')).code).toBe(2)
  })
})
