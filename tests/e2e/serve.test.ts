/** `avocet [PATHS…]`: the real program imports, serves and stops, also beside others on the same database. */
import { appendFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
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

describe('avocet [PATHS…]', () => {
  it('prints the URL alone on a line, serves, and ends with 0', async () => {
    const server = await serve([EXAMPLES], { cwd })
    expect(server.output.stdout).toBe(`${server.url}\n`)
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const queue = (await (await fetch(`${server.url}/api/sft/queue`)).json()) as { total: number }
    expect(queue.total).toBe(48)
    expect(await (await fetch(server.url)).text()).toContain('<!doctype html>')
    expect(await server.stop()).toBe(0)
    expect(server.output.stderr).toContain('48 imported')
  })

  it('takes the next port when one is taken', async () => {
    const first = await serve([], { cwd })
    const port = Number(new URL(first.url).port)
    const second = await serve([], { cwd, port })
    expect(Number(new URL(second.url).port)).toBeGreaterThan(port)
    expect(second.output.stderr).toContain(`Port ${port} is taken.`)
    await Promise.all([first.stop(), second.stop()])
  })

  it('ends with 1 instead of serving when no path can be read', async () => {
    const { code, stdout, stderr } = await run('missing', '--port', '0', '--no-open')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('no such file')
    expect(await readdir(cwd)).toEqual([])
  })

  it('with --watch waits for a harness that has not written yet', async () => {
    const runs = join(cwd, 'runs')
    await mkdir(runs)
    const server = await serve([runs, '--watch'], { cwd })
    await writeRun(
      join(runs, 'run-a/sft_candidates.jsonl'),
      toJsonl([makeRecord(1), makeRecord(2)]).trimEnd(),
    )
    const total = async () =>
      ((await (await fetch(`${server.url}/api/sft/stats`)).json()) as { total: number }).total
    await expect.poll(total, { timeout: 20_000 }).toBe(2)
    await server.stop()
    await mkdir(join(cwd, 'none'))
    expect((await run('none', '--port', '0', '--no-open')).code).toBe(1)
  })

  it('works beside the command line on the same database', async () => {
    const server = await serve([EXAMPLES], { cwd })
    await writeRun(
      join(cwd, 'run-z/sft_candidates.jsonl'),
      toJsonl([...Array(2000).keys()].map((n) => makeRecord(n))),
    )
    const importing = run('import', 'run-z')
    const ids = (
      (await (await fetch(`${server.url}/api/sft/queue?per_page=40`)).json()) as { items: { id: string }[] }
    ).items
    const answers = await Promise.all(
      ids.map(({ id }) => post(`${server.url}/api/sft/submit`, { id, action: 'discard' })),
    )
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    expect((await importing).code).toBe(0)
    expect((await run('verify')).stdout).toContain('2048 candidates and 40 decisions checked: no difference')
    await server.stop()
  })

  it('prints the URL while a long import goes on, and answers meanwhile', async () => {
    const path = join(cwd, 'long/sft_candidates.jsonl')
    await mkdir(join(cwd, 'long'))
    const padding = 'x'.repeat(20_000)
    for (let n = 0; n < 12; n++) {
      await appendFile(
        path,
        toJsonl([...Array(1000).keys()].map((m) => makeRecord(n * 1000 + m, { model_response: padding }))),
      )
    }
    const server = await serve([path], { cwd })
    expect((await fetch(`${server.url}/api/sft/queue`)).status).toBe(200)
    expect(await server.stop()).toBe(0)
    expect((await run('verify')).code).toBe(0)
    expect((await run('import', path)).stdout).toContain('12000 lines')
    expect((await runJson('stats')).total).toBe(12_000)
  })
})
