/** The command line as people use it: the real program in an empty folder. */

import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeRecord, toJsonl, writeRun } from '../support/make-record.ts'
import { avocet, EXAMPLES, type Finished, post, serve } from '../support/start-avocet.ts'

let cwd: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'avocet-cli-'))
})
afterEach(() => rm(cwd, { recursive: true, force: true }))

const run = (...args: string[]): Promise<Finished> => avocet(args, { cwd })
const runJson = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout)

describe('avocet import', () => {
  it('reports the examples line by line and exits with 3', async () => {
    const { code, stdout, stderr } = await run('import', EXAMPLES)
    expect(code).toBe(3)
    expect(stdout).toContain(
      '55 lines in 3 files: 48 imported, 1 duplicate, 1 conflict, 4 rejected, 1 blank.',
    )
    for (const line of [6, 11, 16, 23, 18])
      expect(stdout).toContain(`2026-04-09-091512/sft_candidates.jsonl:${line}:`)
    expect(stderr).toContain(join(cwd, 'data/avocet.db'))
    expect((await stat(join(cwd, 'data/avocet.db'))).mode & 0o077).toBe(0)
  })

  it('writes the whole report as JSON, whose counts add up', async () => {
    const report = await runJson('import', EXAMPLES)
    const { lines, ...parts } = report.totals
    expect(Object.values(parts).reduce((sum: number, n) => sum + (n as number), 0)).toBe(lines)
    expect(report.totals).toEqual({
      lines: 55,
      imported: 48,
      duplicate: 1,
      conflict: 1,
      rejected: 4,
      skipped: 0,
      blank: 1,
    })
    expect(report.problems.map(({ line, code }: { line: number; code: string }) => [line, code])).toEqual([
      [6, 'JSON_SYNTAX'],
      [11, 'NOT_OBJECT'],
      [16, 'ID_MISSING'],
      [23, 'TRUNCATED_LAST_LINE'],
    ])
    expect(report.files.map(({ imported }: { imported: number }) => imported)).toEqual([18, 16, 14])
  })

  it('changes nothing the second time, and exits with 0 for clean files', async () => {
    const path = await writeRun(join(cwd, 'run-a/sft_candidates.jsonl'), toJsonl([makeRecord(1)]))
    expect((await run('import', path)).code).toBe(0)
    const before = (await runJson('stats')) as object
    expect((await run('import', join(cwd, 'run-a'))).stdout).toContain('0 imported, 1 duplicate')
    expect(await runJson('stats')).toEqual(before)
  })

  it('changes nothing in a dry run, not even when there is no database yet', async () => {
    const { code, stdout } = await run('import', EXAMPLES, '--dry-run')
    expect({ code, stdout }).toMatchObject({ code: 3, stdout: expect.stringContaining('48 imported') })
    expect(await readdir(cwd)).toEqual([])
    await run('import', join(EXAMPLES, '2026-04-07-143022'))
    expect((await run('import', EXAMPLES, '--dry-run')).stdout).toContain('30 imported, 19 duplicate')
    expect((await runJson('stats')).total).toBe(18)
  })

  it('exits with 1 when nothing could be read, and says why', async () => {
    await mkdir(join(cwd, 'empty'))
    for (const path of ['missing.jsonl', 'empty']) {
      const { code, stdout } = await run('import', path)
      expect(code, path).toBe(1)
      expect(stdout).toMatch(/Not read: .+: .+/)
    }
  })

  it('opens regular files only, and goes on with the others', async () => {
    await writeRun(join(cwd, 'runs/a/sft_candidates.jsonl'), toJsonl([makeRecord(1)]))
    for (const name of ['b', 'c', 'd', 'e', 'f']) {
      await mkdir(join(cwd, 'runs', name))
      execFileSync('mkfifo', [join(cwd, 'runs', name, 'sft_candidates.jsonl')])
    }
    await mkdir(join(cwd, 'runs/g'))
    await symlink('/etc/passwd', join(cwd, 'runs/g/sft_candidates.jsonl'))
    const { code, stdout } = await run('import', 'runs')
    expect(code).toBe(3)
    expect(stdout).toContain('1 imported')
    expect(stdout.match(/Not read: .*it is a FIFO, not a regular file/g)).toHaveLength(5)
    expect(stdout.match(/Not read: .*it is a link that leads elsewhere/g)).toHaveLength(1)
  })

  it('lets no control character of the data reach the terminal', async () => {
    const evil = '\u001b]0;owned\u0007\u009b31m\u202e'
    const run_ = join(cwd, 'run-\u001b[31m')
    await writeRun(
      join(run_, 'sft_candidates.jsonl'),
      toJsonl([
        makeRecord(1, { model_name: evil, task_type: evil, benchmark_run_id: evil }),
        { id: 1 },
        makeRecord(2),
        { ...makeRecord(2), id: `x${evil}` },
        { ...makeRecord(3), id: `x${evil}` },
      ]),
    )
    const outputs = [
      await run('import', cwd),
      await run('import', cwd, '--json'),
      await run('stats'),
      await run('runs'),
      await run('runs', '--json'),
    ]
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toMatch(/(?![\n\t])\p{Cc}|\u202e/u)
  })
})

describe('avocet export', () => {
  beforeEach(async () => {
    const records = [
      makeRecord(1, { status: 'approved', corrected_response: 'elsewhere' }),
      makeRecord(2),
      makeRecord(3, { prompt_messages: [] }),
    ]
    await writeRun(join(cwd, 'run-a/sft_candidates.jsonl'), toJsonl(records))
    const server = await serve(['run-a', '--reviewer', 'ada'], { cwd })
    for (const id of ['record-0002', 'record-0003']) {
      await post(`${server.url}/api/sft/submit`, { id, action: 'correct', corrected_response: `  ${id}\n` })
    }
    await server.stop()
  })

  it('writes to stdout, and says on stderr what was left out', async () => {
    const { code, stdout, stderr } = await run('export')
    expect(code).toBe(0)
    expect(stdout.split('\n')).toHaveLength(2)
    expect(JSON.parse(stdout).messages.at(-1)).toEqual({ role: 'assistant', content: '  record-0002\n' })
    expect(stderr).toContain('1 example.')
    expect(stderr).toContain('Left out: 1 (record-0003): its prompt is empty.')
    expect(stderr).toContain('Left out: 1 (record-0001): it was decided before it was imported')
  })

  it('writes a file whole, replaces an older one, and leaves nothing beside it', async () => {
    await writeFile(join(cwd, 'train.jsonl'), 'old')
    expect((await run('export', '-o', 'train.jsonl', '--include-imported')).code).toBe(0)
    const lines = (await readFile(join(cwd, 'train.jsonl'), 'utf8')).split('\n')
    expect(lines).toHaveLength(3)
    expect((await readdir(cwd)).filter((name) => name.includes('train'))).toEqual(['train.jsonl'])
  })

  it('leaves the old file alone when the new one cannot be written', async () => {
    const { code, stderr } = await run('export', '-o', 'missing/train.jsonl')
    expect(code).toBe(1)
    expect(stderr).toContain('missing/train.jsonl cannot be written: there is no such file or directory.')
  })

  it('filters, and refuses what it does not know with 2', async () => {
    expect((await run('export', '--run', 'run-a', '--failure-category', 'none')).stdout).not.toBe('')
    expect((await run('export', '--run', 'run-b')).stdout).toBe('')
    expect((await run('export', '--model', 'nobody', '--model', 'Qwen2.5-3B')).stdout).not.toBe('')
    expect((await run('export', '--failure-category', 'other')).code).toBe(2)
    expect((await run('export', '--format', 'other')).code).toBe(2)
  })

  it('stores who decided, and verifies', async () => {
    expect(await runJson('verify')).toMatchObject({ candidates: 3, decisions: 2, differences: [] })
    expect((await run('verify')).code).toBe(0)
  })

  it('backs up to a file that verifies', async () => {
    expect((await run('backup', 'copy.db')).code).toBe(0)
    expect((await run('verify', '--db', 'copy.db')).stdout).toContain('2 decisions checked: no difference')
    expect((await run('backup', 'copy.db')).code).toBe(0)
  })

  it('writes over no database, and a backup over nothing but an older backup', async () => {
    await writeFile(join(cwd, 'precious.txt'), 'precious')
    await symlink(join(cwd, 'data/avocet.db'), join(cwd, 'link'))
    expect((await run('backup', 'precious.txt')).code).toBe(2)
    for (const file of ['data/avocet.db', 'data/avocet.db-wal', 'link']) {
      expect((await run('export', '-o', file)).code, file).toBe(2)
      expect((await run('backup', file)).code, file).toBe(2)
    }
    expect(await readFile(join(cwd, 'precious.txt'), 'utf8')).toBe('precious')
    expect((await run('verify')).stdout).toContain('2 decisions checked: no difference')
  })
})

describe('avocet', () => {
  it('starts with what it compiled before, in its threads as well', async () => {
    const write = (n: number) =>
      writeRun(join(cwd, `run-${n}/sft_candidates.jsonl`), toJsonl([makeRecord(n)]))
    await run('import', await write(1))
    // Another file: of one that is known the reader's thread may end before it says anything.
    const told = await avocet(['import', await write(2)], {
      cwd,
      env: { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
    })
    expect(told.stderr).toMatch(/reading cache from \S+ for ESM \S+run-command\.ts\.\.\..*success/)
    expect(told.stderr).toMatch(/reading cache from \S+ for ESM \S+import-reader\.ts\.\.\..*success/)
  })

  it('prints its bare version, its help, and an example for every command', async () => {
    const version = JSON.parse(
      await readFile(join(import.meta.dirname, '../../package.json'), 'utf8'),
    ).version
    expect(await run('--version')).toMatchObject({ code: 0, stdout: `${version}\n` })
    expect((await run('--help')).stdout).toContain('avocet export')
    for (const name of [
      'serve',
      'import',
      'export',
      'exports',
      'formats',
      'runs',
      'stats',
      'verify',
      'backup',
    ]) {
      expect(await run(name, '--help')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/Example:\n {2}avocet /),
      })
    }
  })

  it.each([
    [['import']],
    [['import', '--nonsense', 'x']],
    [['export', 'train.jsonl']],
    [['serve', '--port', 'x']],
    [['serve', '--port', '65536']],
    [['import', 'x', '--source', 'other']],
    [['stats', '--reviewer', ' ']],
    [['backup']],
    [['stats', '--db', 'postgres://x']],
  ])('exits with 2 for %j', async (args) => {
    const { code, stdout, stderr } = await run(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  it('takes the database from AVOCET_DB, and the flag before it', async () => {
    await avocet(['stats'], { cwd, env: { AVOCET_DB: 'from-env.db' } })
    await avocet(['stats', '--db', 'from-flag.db'], { cwd, env: { AVOCET_DB: 'not-this.db' } })
    expect((await readdir(cwd)).filter((name) => name.endsWith('.db')).sort()).toEqual([
      'from-env.db',
      'from-flag.db',
    ])
  })

  it('says in a sentence that a file is no database, and leaves it alone', async () => {
    await writeFile(join(cwd, 'note.db'), 'this is my shopping list, not a database at all')
    const { code, stderr } = await run('stats', '--db', 'note.db')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `${join(cwd, 'note.db')} cannot be used as a database: file is not a database.\n`,
    })
    expect(await readFile(join(cwd, 'note.db'), 'utf8')).toContain('shopping list')
  })
})
