/** Owns flags, environment and clock: the only file that reads them, besides the start itself. */
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { sources } from '../sources/index.ts'
import type { Source } from '../sources/source.ts'
import { openSqlite } from '../store/dialect.ts'
import { migrated, type Store } from '../store/open.ts'
import type { Deps } from '../workflow/deps.ts'
import { type Command, type Config, type Flags, type Terminal, UsageError } from './command.ts'
import { printable } from './terminal.ts'

export const COMMON_FLAGS: Command['flags'] = {
  db: { type: 'string', explain: 'The database file (default data/avocet.db, or AVOCET_DB)' },
  reviewer: {
    type: 'string',
    explain: 'Who decides; stored with every decision (default: the user of this machine)',
  },
  json: { type: 'boolean', explain: 'Write the result as JSON' },
  help: { type: 'boolean', short: 'h', explain: 'Show this' },
}

export const SOURCE_FLAG: Command['flags'] = {
  source: {
    type: 'string',
    explain: `Who wrote the files: ${[...sources.keys()].join(', ')} (default benchmark)`,
  },
}

export const EXAMPLE_RUNS = join(import.meta.dirname, '../../examples/bench_results')
/** In a checkout the page is built beside `src`, in the package beside this folder. */
export const PAGES = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, '../../dist/web')
  : join(import.meta.dirname, '../web')

export function readVersion(): string {
  const file = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')
  return (JSON.parse(file) as { version: string }).version
}

export function readConfig(flags: Flags, positionals: string[]): Config {
  const db =
    textFlag(flags, 'db') ??
    (process.env.AVOCET_DB || undefined) ??
    (flags.demo ? 'data/demo.db' : 'data/avocet.db')
  if (/^postgres(ql)?:/.test(db))
    throw new UsageError('Serving on PostgreSQL is not supported; name a file with --db.')
  if (db === '') throw new UsageError('--db needs a file name.')
  const reviewer = textFlag(flags, 'reviewer') ?? userName()
  if (reviewer.trim() === '') throw new UsageError('--reviewer needs a name.')
  return { positionals, flags, db: resolve(db), reviewer, json: flags.json === true }
}

export function textFlag(flags: Flags, name: string): string | undefined {
  const value = flags[name]
  return typeof value === 'string' ? value : undefined
}

export function listFlag(flags: Flags, name: string): string[] {
  return [flags[name] ?? []].flat().map(String)
}

export function sourceOf(flags: Flags): Source {
  const name = textFlag(flags, 'source') ?? 'benchmark'
  const source = sources.get(name)
  if (!source)
    throw new UsageError(`There is no source "${name}". There is: ${[...sources.keys()].join(', ')}.`)
  return source
}

/** Whether a file to be written is the database, or one of the two that SQLite keeps beside it. */
export function isDatabase(file: string, db: string): boolean {
  const path = (name: string) => (existsSync(name) ? realpathSync(name) : resolve(name))
  return ['', '-wal', '-shm'].some((ending) => path(file) === path(`${db}${ending}`))
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a number that has no name.
    return 'unknown'
  }
}

export async function withDeps<T>(
  config: Pick<Config, 'db'>,
  terminal: Terminal,
  work: (deps: Deps) => Promise<T>,
): Promise<T> {
  const isNew = !existsSync(config.db)
  const store: Store = await migrated(openSqlite(config.db))
  terminal.note(`Database: ${printable(config.db)}${isNew ? ' (new)' : ''}`)
  try {
    return await work({
      store,
      now: () => new Date().toISOString(),
      newId: randomUUID,
      log: (message) => terminal.note(printable(message)),
    })
  } finally {
    await store.close()
  }
}

/** Milliseconds that only ever rise, for rates. */
export function elapsed(): () => number {
  const start = performance.now()
  return () => performance.now() - start
}
