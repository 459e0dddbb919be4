/** Owns how tests see the locks that SQLite holds: Linux alone tells. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import type { Store } from '../../src/store/open.ts'

export const TELLS_LOCKS = existsSync('/proc/locks')

/** How many the system knows on the file: one for each process that has it open. */
export function locksOn({ name }: Store): number {
  const file = new RegExp(`:${statSync(name).ino} `, 'g')
  return readFileSync('/proc/locks', 'utf8').match(file)?.length ?? 0
}
