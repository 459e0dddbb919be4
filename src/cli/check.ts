/** Owns `avocet check`: what a trainer or a service would refuse, drop or learn wrongly in a file. */
import type { Consumer } from '../formats/checks/consumer.ts'
import type { Finding } from '../formats/checks/finding.ts'
import { consumers } from '../formats/checks/index.ts'
import type { TokenLimit } from '../formats/checks/token-check.ts'
import { refusalOf } from '../sources/find-files.ts'
import { type CheckFileOptions, checkFile } from '../workflow/check-file.ts'
import type { Told } from '../workflow/check-lines.ts'
import { type CheckReport, countOf, createCheckReport, type FindingGroup } from '../workflow/check-report.ts'
import { tokenLimit } from '../workflow/check-tokens.ts'
import { type Command, type Config, type Flags, type Terminal, UsageError } from './command.ts'
import { listFlag, textFlag } from './config.ts'
import { counted, printable, printableJson } from './terminal.ts'

/** Of each kind; --json lists them all. */
const SHOWN = 5

export const checkCommand: Command = {
  name: 'check',
  usage: 'check FILE --for CONSUMER [--max-tokens N] [--strict] [--json]',
  summary: 'Check a training file by the rules of those who shall read it.',
  example: 'avocet check train.jsonl --for trl --max-tokens 4096',
  flags: {
    for: {
      type: 'string',
      multiple: true,
      explain: `Who shall read it: ${[...consumers.keys()].join(', ')}; repeatable`,
    },
    'max-tokens': { type: 'string', explain: 'Count the tokens, and find lines with more than this' },
    tokenizer: {
      type: 'string',
      explain: "The model's own tokenizer.json (default: OpenAI's o200k)",
    },
    strict: { type: 'boolean', explain: 'Warnings count as errors: exit 3' },
  },
  positionals: { min: 1, max: 1 },
  async run(config, terminal) {
    const file = config.positionals[0] as string
    const readers = readConsumers(config.flags)
    const tokens = await readTokens(config.flags)
    const report = createCheckReport(SHOWN)
    const ended = await trying(file, terminal, () =>
      check(file, readers, { tokens }, report, config, terminal),
    )
    if (!ended) return 1
    if (!config.json) await terminal.out(describe(file, readers, report))
    return exitCodeOf(report, config.flags.strict === true)
  },
}

function readConsumers(flags: Flags): Consumer[] {
  const names = listFlag(flags, 'for')
  const known = [...consumers.keys()].join(', ')
  if (names.length === 0) throw new UsageError(`--for says who shall read the file: ${known}.`)
  return names.map((name) => {
    const consumer = consumers.get(name)
    if (!consumer) throw new UsageError(`There are no rules for "${name}". There are for: ${known}.`)
    return consumer
  })
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

async function check(
  file: string,
  readers: Consumer[],
  options: CheckFileOptions,
  report: CheckReport,
  { json }: Config,
  terminal: Terminal,
): Promise<void> {
  const onBytes = (read: number, size: number) => {
    terminal.progress(`${report.lines} lines · ${Math.floor((read / size) * 100)} %`)
  }
  for await (const checked of checkFile(file, readers, { ...options, onBytes })) {
    report.add(checked)
    if (json && checked.told.length > 0) await terminal.out(checked.told.map(toJsonLine).join(''))
  }
  terminal.progress('')
}

async function trying(file: string, terminal: Terminal, work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    terminal.note(`${printable(file)} cannot be read: ${printable(refusalOf(error).reason)}.`)
    return false
  }
}

function toJsonLine({ consumer, finding }: Told): string {
  // Its line feeds are all between values: those of the data are escaped.
  return `${printableJson({ consumer: consumer.name, ...finding }).replace(/\n */g, ' ')}\n`
}

function exitCodeOf({ groups }: CheckReport, isStrict: boolean): number {
  return countOf(groups, 'error') > 0 || (isStrict && groups.length > 0) ? 3 : 0
}

function describe(file: string, readers: Consumer[], report: CheckReport): string {
  const parts = readers.map((consumer) => {
    const groups = report.groups.filter((group) => group.consumer === consumer)
    const head = `${printable(file)}: ${counted(report.lines, 'line')}, checked against the rules of ${consumer.rules_of}.`
    const verdict = `${consumer.title}: ${verdictOf(groups)}.`
    const notes = report.notes.filter((one) => one.consumer === consumer).map(({ note }) => `Note: ${note}`)
    return [head, ...groups.flatMap(describeGroup), ...notes, verdict].join('\n')
  })
  return `${parts.join('\n\n')}\n`
}

function describeGroup({ code, severity, count, first }: FindingGroup): string[] {
  const name = severity === 'error' ? 'Error' : 'Warning'
  const lines = first.map((finding) => `${name}: ${placeOf(finding)}${printable(finding.words)} (${code})`)
  const more = count - first.length
  return more > 0 ? [...lines, `… and ${more} more of ${code}; --json lists them all.`] : lines
}

function placeOf({ line }: Finding): string {
  return line === null ? '' : `line ${line}: `
}

function verdictOf(groups: FindingGroup[]): string {
  const [errors, warnings] = [countOf(groups, 'error'), countOf(groups, 'warning')]
  if (errors + warnings === 0) return 'passes'
  return `${errors > 0 ? 'would be refused' : 'passes'}, ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`
}
