/** Owns `avocet backup`: a consistent copy while a server writes. */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, UsageError } from './command.ts'
import { isDatabase, withDeps } from './config.ts'
import { printable, printableJson } from './terminal.ts'

/** https://sqlite.org/fileformat.html#magic_header_string */
const SQLITE_MAGIC = Buffer.from('SQLite format 3\0')

export const backupCommand: Command = {
  name: 'backup',
  usage: 'backup FILE',
  summary: 'Copy the database to FILE, safely while a server uses it.',
  example: 'avocet backup avocet-backup.db',
  flags: {},
  positionals: { min: 1, max: 1 },
  run: (config, terminal) => {
    const file = resolve(config.positionals[0] as string)
    if (isDatabase(file, config.db)) {
      throw new UsageError('A backup needs another file than the database itself.')
    }
    if (!isReplaceable(file))
      throw new UsageError(`${file} is there already, and is no backup. Choose another name.`)
    return withDeps(config, terminal, async ({ store }) => {
      await store.backup(file)
      await terminal.out(config.json ? `${printableJson({ file })}\n` : `Written: ${printable(file)}\n`)
      return 0
    })
  },
}

/** A backup may take the place of an older one, and of nothing else. */
function isReplaceable(file: string): boolean {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (!stats || (stats.isFile() && stats.size === 0)) return true
  if (!stats.isFile()) return false
  const head = Buffer.alloc(SQLITE_MAGIC.length)
  const descriptor = openSync(file, 'r')
  readSync(descriptor, head)
  closeSync(descriptor)
  return head.equals(SQLITE_MAGIC)
}
