/** Owns `avocet backup`: a consistent copy while a server writes. */
import { resolve } from 'node:path'
import { type Command, UsageError } from './command.ts'
import { withDeps } from './config.ts'
import { printable, printableJson } from './terminal.ts'

export const backupCommand: Command = {
  name: 'backup',
  usage: 'backup FILE',
  summary: 'Copy the database to FILE, safely while a server uses it.',
  example: 'avocet backup avocet-backup.db',
  flags: {},
  positionals: { min: 1, max: 1 },
  run: (config, terminal) => {
    const file = resolve(config.positionals[0] as string)
    if (file === config.db) throw new UsageError('A backup needs another file than the database itself.')
    return withDeps(config, terminal, 5000, async ({ store }) => {
      await store.backup(file)
      await terminal.out(config.json ? `${printableJson({ file })}\n` : `Written: ${printable(file)}\n`)
      return 0
    })
  },
}
