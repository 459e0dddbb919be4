/** Owns `avocet exports`: what was written, when, by whom, and the command that writes it again. */
import { readExports } from '../workflow/export-ledger.ts'
import type { Command } from './command.ts'
import { withDeps } from './config.ts'
import { printable, printableJson } from './terminal.ts'

const SHOWN = 50

export const exportsCommand: Command = {
  name: 'exports',
  usage: 'exports',
  summary: 'List past exports, newest first, and how to make them again.',
  example: 'avocet exports',
  flags: {},
  positionals: { min: 0, max: 0 },
  async run(config, terminal) {
    return withDeps(config, terminal, async (deps) => {
      const all = await readExports(deps, SHOWN)
      if (config.json) await terminal.out(`${printableJson(all)}\n`)
      for (const { finished_at, reviewer, examples, bytes, sha256, command } of config.json ? [] : all) {
        const what = `${finished_at}  ${reviewer}  ${examples} examples, ${bytes} bytes, sha256 ${sha256}`
        await terminal.out(`${printable(what)}\n    ${printable(command)}\n`)
      }
      if (all.length === 0) terminal.note('Nothing was exported yet.')
      return 0
    })
  },
}
