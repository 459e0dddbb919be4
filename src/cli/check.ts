/** Owns `avocet check`: what a trainer or a service would refuse, drop or learn wrongly, in a file or in an export. */
import type { Consumer } from '../formats/checks/consumer.ts'
import { consumers } from '../formats/checks/index.ts'
import type { TokenLimit } from '../formats/checks/token-check.ts'
import { refusalOf } from '../sources/find-files.ts'
import { checkExport } from '../workflow/check-export.ts'
import { checkFile } from '../workflow/check-file.ts'
import type { Checked } from '../workflow/check-lines.ts'
import { type CheckReport, countOf, createCheckReport } from '../workflow/check-report.ts'
import { tokenLimit } from '../workflow/check-tokens.ts'
import { describeCheck, toJsonLine } from './check-words.ts'
import { type Command, type Config, type Flags, type Terminal, UsageError } from './command.ts'
import { listFlag, textFlag, withDeps } from './config.ts'
import { EXPORT_FLAGS, readRequest } from './export-flags.ts'
import { printable } from './terminal.ts'

/** Of each kind; --json lists them all. */
const SHOWN = 5

/** The rules are asked of lines, whatever they are packed into. */
const { as: _, format: __, ...FILTER_FLAGS } = EXPORT_FLAGS

export const checkCommand: Command = {
  name: 'check',
  usage: 'check FILE --for CONSUMER | --format … [--for …] [--max-tokens N] [--strict] [--json]',
  summary: 'Check a training file, or what an export would write, by the rules of those who shall read it.',
  example: 'avocet check train.jsonl --for trl --max-tokens 4096',
  flags: {
    for: {
      type: 'string',
      multiple: true,
      explain: `Who shall read it: ${[...consumers.keys()].join(', ')}; repeatable`,
    },
    'max-tokens': { type: 'string', explain: 'Count the tokens, and find lines with more than this' },
    tokenizer: { type: 'string', explain: "The model's own tokenizer.json (default: OpenAI's o200k)" },
    strict: { type: 'boolean', explain: 'Warnings count as errors: exit 3' },
    format: { type: 'string', explain: 'Check what an export in this format would write now' },
    ...FILTER_FLAGS,
  },
  positionals: { min: 0, max: 1 },
  async run(config, terminal) {
    const [file] = config.positionals
    const tokens = await readTokens(config.flags)
    const work = file === undefined ? ofExport(config, tokens) : ofFile(file, config, tokens)
    const report = createCheckReport(SHOWN)
    if (!(await work.run(report, terminal))) return 1
    if (!config.json) await terminal.out(describeCheck(work.name, work.readers, report))
    return exitCodeOf(report, config.flags.strict === true)
  },
}

type Work = {
  /** What is checked. */
  name: string
  readers: Consumer[]
  /** False when it could not be read, and was said so. */
  run(report: CheckReport, terminal: Terminal): Promise<boolean>
}

function ofFile(file: string, { flags, json }: Config, tokens: TokenLimit | undefined): Work {
  const other = ['format', ...Object.keys(FILTER_FLAGS)].find((name) => flags[name] !== undefined)
  if (other) throw new UsageError(`--${other} chooses what is exported: name either a file or a format.`)
  const names = listFlag(flags, 'for')
  if (names.length === 0) throw new UsageError(`--for says who shall read the file: ${knownNames()}.`)
  const readers = names.map(consumerOf)
  return {
    name: file,
    readers,
    async run(report, terminal) {
      const onBytes = (read: number, size: number) =>
        terminal.progress(`${report.lines} lines · ${Math.floor((read / size) * 100)} %`)
      try {
        await take(checkFile(file, readers, { tokens, onBytes }), report, json, terminal)
        return true
      } catch (error) {
        terminal.note(`${printable(file)} cannot be read: ${printable(refusalOf(error).reason)}.`)
        return false
      }
    },
  }
}

function ofExport(config: Config, tokens: TokenLimit | undefined): Work {
  const { flags, json } = config
  if (flags.format === undefined) throw new UsageError('Name a file, or a format with --format.')
  const request = readRequest(flags)
  const { name, shape, consumers: meant } = request.format
  if (!shape) throw new UsageError(`The format ${name} is for people: no trainer reads it.`)
  const asked = listFlag(flags, 'for')
  const readers = (asked.length > 0 ? asked : meant).map(consumerOf)
  return {
    name: `export as ${name}`,
    readers,
    run: (report, terminal) =>
      withDeps(config, terminal, async (deps) => {
        await take(checkExport(deps, request, readers, { tokens }), report, json, terminal)
        return true
      }),
  }
}

async function take(
  parts: AsyncIterable<Checked>,
  report: CheckReport,
  json: boolean,
  terminal: Terminal,
): Promise<void> {
  for await (const checked of parts) {
    report.add(checked)
    if (json && checked.told.length > 0) await terminal.out(checked.told.map(toJsonLine).join(''))
  }
  terminal.progress('')
}

function consumerOf(name: string): Consumer {
  const consumer = consumers.get(name)
  if (!consumer) throw new UsageError(`There are no rules for "${name}". There are for: ${knownNames()}.`)
  return consumer
}

function knownNames(): string {
  return [...consumers.keys()].join(', ')
}

async function readTokens(flags: Flags): Promise<TokenLimit | undefined> {
  const text = textFlag(flags, 'max-tokens')
  const tokenizer = textFlag(flags, 'tokenizer')
  if (text === undefined && tokenizer !== undefined)
    throw new UsageError('--tokenizer needs --max-tokens: how many tokens a line may have.')
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError('--max-tokens needs a whole number above 0.')
  return tokenLimit(Number(text), tokenizer)
}

function exitCodeOf({ groups }: CheckReport, isStrict: boolean): number {
  return countOf(groups, 'error') > 0 || (isStrict && groups.length > 0) ? 3 : 0
}
