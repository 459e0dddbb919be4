/** Owns `avocet formats`: what can be written, who reads it, and the code that loads it. */
import { formats } from '../formats/index.ts'
import { describeFormat } from '../workflow/list-formats.ts'
import { type Command, UsageError } from './command.ts'
import { showLoading } from './export-words.ts'
import { printableJson, table } from './terminal.ts'

export const formatsCommand: Command = {
  name: 'formats',
  usage: 'formats [NAME]',
  summary: 'List the training formats; with a name, show its example and the code that loads it.',
  example: 'avocet formats trl-dpo',
  flags: {},
  positionals: { min: 0, max: 1 },
  async run({ positionals: [name], json }, terminal) {
    const chosen = [...formats.values()].filter((format) => name === undefined || format.name === name)
    if (chosen.length === 0) {
      throw new UsageError(`There is no format "${name}". There is: ${[...formats.keys()].join(', ')}.`)
    }
    const descriptions = chosen.map(describeFormat)
    if (json) await terminal.out(`${printableJson(descriptions)}\n`)
    else if (name === undefined) {
      await terminal.out(
        table(descriptions.map(({ name, containers, explain }) => [name, containers.join(', '), explain])),
      )
    } else {
      for (const { title, explain, example, loading } of descriptions) {
        await terminal.out(`${title}. ${explain}\n\n${example}\n\n${showLoading(name, loading)}`)
      }
    }
    return 0
  },
}
