// Owns how the scripts start other programs: quietly with the output kept for a failure, or passed through to the terminal.
import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { constants } from 'node:os'
import { isatty } from 'node:tty'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '')

/** Everything that set-up has to say goes to stderr: stdout belongs to the program that is started. */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/** Ends the script when `work` fails: in words, without a stack trace, since what failed is seldom this code. */
export async function runMain(work) {
  try {
    await work()
  } catch (error) {
    say(`\n${error instanceof Error ? error.message : error}`)
    process.exit(1)
  }
}

/** Whether the module with this URL is the script that was started; true through a symbolic link too. */
export function isMain(url) {
  return fileURLToPath(url) === realpathSync(process.argv[1])
}

/** Runs a program and resolves with its exit code and all that it printed. */
export function capture(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks = []
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.stderr.on('data', (chunk) => chunks.push(chunk))
    child.on('error', (error) => resolve({ code: 127, output: String(error) }))
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }))
    options.onStart?.(child.pid)
  })
}

/** Runs a program silently; throws what failed, the ends of its output and what to do about it. */
export async function quietly(what, advice, command, args, options) {
  const { code, output } = await capture(command, args, options)
  if (code === 0) return
  const lines = output.trim().split('\n')
  // npm says what happened first, most others last.
  const ends = lines.length > 40 ? [...lines.slice(0, 15), '…', ...lines.slice(-25)] : lines
  throw new Error(`${what} failed (exit code ${code}):\n\n${ends.join('\n')}\n\n${advice}`)
}

// Taken at once: the shell may die while the packages are still being installed.
const parent = process.ppid

/** Runs a program in our place: its terminal, its signals, its exit code (128+n after a signal). */
export function passThrough(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    const onTerminal = isatty(0) || isatty(1) || isatty(2)
    let last = { signal: '', at: 0 }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        // A terminal sends Ctrl+C to the child itself, and npm repeats signals: a second one would read as "stop at once".
        const repeated = last.signal === signal && Date.now() - last.at < 300
        last = { signal, at: Date.now() }
        if (!repeated && !(signal === 'SIGINT' && onTerminal)) child.kill(signal)
      })
    }
    // The shell between npm and us dies of a SIGTERM without passing it on; the program would go on alone.
    const watch = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(watch)
      child.kill('SIGTERM')
    }, 250).unref()
    if (!process.env.npm_lifecycle_event) clearInterval(watch)
    child.on('error', (error) => reject(new Error(`Could not start ${command}: ${error.message}`)))
    child.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)))
  })
}
