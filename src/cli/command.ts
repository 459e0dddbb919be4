/** Owns the interface of a command and of what it may touch outside. */
import type { ParseArgsOptionDescriptor } from 'node:util'

export type Flags = Record<string, string | boolean | (string | boolean)[] | undefined>

export type Command = {
  name: string
  /** Arguments and flags as shown in the help. */
  usage: string
  summary: string
  example: string
  flags: Record<string, ParseArgsOptionDescriptor & { explain: string }>
  /** How many arguments it takes. */
  positionals: { min: number; max: number }
  /** Returns the exit code: 0 done, 1 failed, 2 wrong usage, 3 done with rejects, conflicts or refused files. */
  run(config: Config, terminal: Terminal): Promise<number>
}

/** Everything that flags and environment say, read once. */
export type Config = {
  positionals: string[]
  flags: Flags
  /** Path of the database. */
  db: string
  reviewer: string
  json: boolean
}

/** The terminal: data is made harmless before it gets here. */
export type Terminal = {
  /** The result, for people or for the next program. */
  out(data: string | Uint8Array): Promise<void>
  /** What happened on the way. */
  note(text: string): void
  /** A line that replaces itself; shown only on a terminal. Empty text removes it. */
  progress(text: string): void
}

/** A mistake in the command line: exit code 2. */
export class UsageError extends Error {}
