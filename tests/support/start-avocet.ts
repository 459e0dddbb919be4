/** Owns running the real program: a command to its end, or a server until the test stops it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
export const MAIN = join(ROOT, 'src/cli/main.ts')
export const EXAMPLES = join(ROOT, 'examples/bench_results')

export type Finished = { code: number | null; stdout: string; stderr: string }
type Options = { cwd?: string; env?: Record<string, string>; port?: number }

/** Runs a command to its end. */
export async function avocet(args: string[], options: Options = {}): Promise<Finished> {
  const child = start(args, options)
  const output = collect(child)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...output }
}

export type Serving = {
  url: string
  output: { stdout: string; stderr: string }
  process: ChildProcess
  stop(): Promise<number | null>
  kill(): Promise<void>
}

/** Starts a server on any free port; resolves with the first URL on stdout. */
export async function serve(args: string[], options: Options = {}): Promise<Serving> {
  const child = start([...args, '--port', String(options.port ?? 0), '--no-open'], options)
  const output = collect(child)
  const url = await firstUrl(child, output)
  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const closed = once(child, 'close')
    child.kill(signal)
    await closed
    return child.exitCode
  }
  return {
    url,
    output,
    process: child,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
  }
}

function start(args: string[], { cwd, env }: Options): ChildProcess {
  const { AVOCET_DB, ...rest } = process.env
  return spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...rest, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  return output
}

async function firstUrl(child: ChildProcess, output: { stdout: string; stderr: string }): Promise<string> {
  while (true) {
    const url = /^(http:\S+)$/m.exec(output.stdout)?.[1]
    if (url) return url
    if (child.exitCode !== null) throw new Error(`avocet ended with ${child.exitCode}:\n${output.stderr}`)
    await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), once(child, 'close')])
  }
}

/** Sends JSON as the page does. */
export async function post(
  url: string,
  body: unknown,
): Promise<{ status: number; json: Record<string, unknown> }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, json: (await response.json()) as Record<string, unknown> }
}
