/** Owns `avocet export`: to a file, whole or not at all, or to stdout. */
import { resolve } from 'node:path'
import { AvocetError } from '../domain/error.ts'
import { LEFT_OUT_WORDS } from '../domain/example.ts'
import type { Deps } from '../workflow/deps.ts'
import { type ExportOutcome, exportExamples } from '../workflow/export-examples.ts'
import { recordExport } from '../workflow/export-ledger.ts'
import { previewExport } from '../workflow/export-preview.ts'
import { examples, named } from '../workflow/export-refusals.ts'
import { type ExportRequest, fileNameOf } from '../workflow/export-request.ts'
import { loadingOf } from '../workflow/list-formats.ts'
import { type Command, type Config, type Terminal, UsageError } from './command.ts'
import { isDatabase, textFlag, withDeps } from './config.ts'
import { EXPORT_FLAGS, readRequest } from './export-flags.ts'
import { showLoading, showPreview } from './export-words.ts'
import { printable, printableJson } from './terminal.ts'
import { writeTo } from './write-file.ts'

export const exportCommand: Command = {
  name: 'export',
  usage: 'export [-o FILE|-] [--format … --as … --run … --model … --task-type … --failure-category …]',
  summary: 'Write the approved corrections as a fine-tuning set.',
  example: 'avocet export -o train.jsonl --task-type code --failure-category wrong_answer',
  flags: {
    output: { type: 'string', short: 'o', explain: 'The file to write; - is stdout (default)' },
    ...EXPORT_FLAGS,
    preview: {
      type: 'boolean',
      explain: 'Write nothing; say what would be written and what trainers make of it',
    },
    'show-loading': { type: 'boolean', explain: 'Write nothing; show the code that loads the file' },
  },
  positionals: { min: 0, max: 0 },
  async run(config, terminal) {
    const request = readRequest(config.flags)
    const file = textFlag(config.flags, 'output') ?? '-'
    if (file !== '-' && isDatabase(file, config.db)) {
      throw new UsageError('This file is the database itself. Export to another one.')
    }
    if (config.flags['show-loading']) return loading(request, file, config, terminal)
    return withDeps(config, terminal, async (deps) => {
      try {
        if (config.flags.preview) return await preview(deps, request, config, terminal)
        return await write(deps, request, file, config, terminal)
      } catch (error) {
        return refused(error, terminal)
      }
    })
  },
}

async function loading(
  { format, as }: ExportRequest,
  file: string,
  config: Config,
  terminal: Terminal,
): Promise<number> {
  const name = file === '-' ? `train.${as}` : file
  const texts = loadingOf(format, name, as)
  await terminal.out(config.json ? `${printableJson(texts)}\n` : showLoading(format.name, texts))
  return 0
}

async function preview(
  deps: Deps,
  request: ExportRequest,
  config: Config,
  terminal: Terminal,
): Promise<number> {
  const found = await previewExport(deps, request)
  await terminal.out(config.json ? `${printableJson(found)}\n` : showPreview(found))
  return found.refused ? 3 : 0
}

async function write(
  deps: Deps,
  request: ExportRequest,
  file: string,
  config: Config,
  terminal: Terminal,
): Promise<number> {
  if (file === '-' && request.as === 'parquet' && process.stdout.isTTY) {
    throw new UsageError(
      `Parquet is not for a terminal: name a file, such as -o ${fileNameOf(request, deps.now())}.`,
    )
  }
  const { outcome, chunks } = exportExamples(deps, request)
  if (file === '-') for await (const chunk of chunks) await terminal.out(chunk)
  else await writeTo(resolve(file), chunks, deps.newId())
  const where = file === '-' ? null : resolve(file)
  await recordExport(deps, request, outcome, { reviewer: config.reviewer, file: where }).catch((error) =>
    terminal.note(
      `The export is complete, but could not be noted in the ledger: ${printable(error.message)}`,
    ),
  )
  report(outcome, file, terminal)
  if (config.json && file !== '-') await terminal.out(`${printableJson(toJson(outcome))}\n`)
  return 0
}

const REFUSALS = ['invalid_examples', 'invalid_file', 'conflicting_corrections']

/** Refused for what it holds: its own exit code, so that a script can tell it from a full disk. */
function refused(error: unknown, terminal: Terminal): number {
  if (!(error instanceof AvocetError)) throw error
  if (!REFUSALS.includes(error.code)) throw error
  for (const line of error.message.split('\n')) terminal.note(printable(line))
  return 3
}

function report(outcome: ExportOutcome, file: string, terminal: Terminal): void {
  const lines = outcome.lines === outcome.examples ? '' : ` in ${outcome.lines} lines`
  const where = file === '-' ? '' : ` written to ${printable(file)}`
  terminal.note(`${examples(outcome.examples)}${lines}${where}.`)
  for (const [reason, { count, ids }] of outcome.left_out) {
    terminal.note(`Left out: ${count} (${printable(named(ids, count))}): ${LEFT_OUT_WORDS[reason]}.`)
  }
  const { prompts, first } = outcome.conflicts
  if (prompts === 0) return
  terminal.note(
    `Warning: ${prompts} ${prompts === 1 ? 'prompt has' : 'prompts have'} different corrections; --conflicts newest takes the newest of each.`,
  )
  for (const ids of first) terminal.note(`  ${printable(ids.join(', '))}`)
}

function toJson({ left_out, ...outcome }: ExportOutcome) {
  return { ...outcome, left_out: [...left_out].map(([code, tally]) => ({ code, ...tally })) }
}
