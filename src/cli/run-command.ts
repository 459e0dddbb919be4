/** Owns the way from argv to a command: the table of commands, help, version, and the exit codes of mistakes. */
import { parseArgs } from 'node:util'
import { AvocetError } from '../domain/error.ts'
import { backupCommand } from './backup.ts'
import { checkCommand } from './check.ts'
import { type Command, UsageError } from './command.ts'
import { COMMON_FLAGS, readConfig, readVersion } from './config.ts'
import { exportCommand } from './export.ts'
import { exportsCommand } from './exports.ts'
import { formatsCommand } from './formats.ts'
import { importCommand } from './import.ts'
import { runsCommand, statsCommand, verifyCommand } from './reports.ts'
import { serveCommand } from './serve.ts'
import { createTerminal, printable } from './terminal.ts'

export const COMMANDS: Command[] = [
  serveCommand,
  importCommand,
  exportCommand,
  exportsCommand,
  formatsCommand,
  checkCommand,
  runsCommand,
  statsCommand,
  verifyCommand,
  backupCommand,
]

export async function runCommand(argv: string[]): Promise<number> {
  const terminal = createTerminal(process.stdout, process.stderr)
  // `avocet export | head` ends the pipe early: that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    terminal.note(`The output cannot be written: ${printable(error.message)}`)
    process.exit(1)
  })
  const named = COMMANDS.find((command) => command.name === argv[0])
  const command = named ?? serveCommand
  try {
    if (argv.includes('--version')) return await print(terminal, `${readVersion()}\n`)
    const { values, positionals } = parse(command, named ? argv.slice(1) : argv)
    if (values.help) return await print(terminal, named ? helpOf(command) : overview())
    checkPositionals(command, positionals)
    return await command.run(readConfig(values, positionals), terminal)
  } catch (error) {
    return explain(error, command, terminal)
  }
}

function parse(command: Command, args: string[]) {
  try {
    const options = { ...COMMON_FLAGS, ...command.flags }
    return parseArgs({ args, options, allowPositionals: true, allowNegative: true })
  } catch (error) {
    // What follows is advice on a dash that nobody meant.
    throw new UsageError((error as Error).message.split(' To specify')[0] ?? '')
  }
}

function checkPositionals({ positionals: { min, max }, usage }: Command, given: string[]): void {
  if (given.length < min || given.length > max) throw new UsageError(`Expected: avocet ${usage}`)
}

async function print(terminal: ReturnType<typeof createTerminal>, text: string): Promise<number> {
  await terminal.out(text)
  return 0
}

function explain(error: unknown, command: Command, terminal: ReturnType<typeof createTerminal>): number {
  if (error instanceof UsageError) {
    terminal.note(`${printable(error.message)}\nSee: avocet ${command.name} --help`)
    return 2
  }
  if (error instanceof AvocetError) {
    terminal.note(printable(error.message))
    return 1
  }
  const { code, message, stack } = error as NodeJS.ErrnoException
  // A failure of the system has a code and needs no stack; anything else is a fault of ours and does.
  terminal.note(typeof code === 'string' ? printable(message) : (stack ?? String(error)))
  return 1
}

export function helpOf(command: Command): string {
  const flags = Object.entries({ ...command.flags, ...COMMON_FLAGS }).map(
    ([name, { type, explain, short }]) => {
      const left = `${short ? `-${short}, ` : ''}--${name}${type === 'string' ? ' …' : ''}`
      return `  ${left.padEnd(24)}${explain}`
    },
  )
  return `${command.summary}\n\n  avocet ${command.usage}\n\n${flags.join('\n')}\n\nExample:\n  ${command.example}\n`
}

export function overview(): string {
  const rows = COMMANDS.map(({ usage, summary }) => `  avocet ${usage}\n      ${summary}`)
  return `Avocet turns benchmark failures into training data.\n\n${rows.join('\n')}\n
  avocet --demo        Review the bundled example, in data/demo.db.
  avocet --version     Print the version.
  avocet COMMAND --help   Say more about a command.\n
Example:\n  avocet bench_results\n`
}
