/** Owns `avocet export`: to a file, whole or not at all, or to stdout. */
import { open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { AvocetError } from '../domain/error.ts'
import { LEFT_OUT_WORDS } from '../domain/example.ts'
import { isFailureCategory } from '../domain/failure-category.ts'
import { formats } from '../formats/index.ts'
import { refusalOf } from '../sources/find-files.ts'
import { type ExportOutcome, exportExamples } from '../workflow/export-examples.ts'
import { type Command, type Flags, type Terminal, UsageError } from './command.ts'
import { isDatabase, listFlag, textFlag, withDeps } from './config.ts'
import { counted, printable } from './terminal.ts'

export const exportCommand: Command = {
  name: 'export',
  usage: 'export [-o FILE|-] [--run … --model … --task-type … --failure-category …]',
  summary: 'Write the approved corrections as a fine-tuning set.',
  example: 'avocet export -o train.jsonl --task-type code --failure-category wrong_answer',
  flags: {
    output: { type: 'string', short: 'o', explain: 'The file to write; - is stdout (default)' },
    format: {
      type: 'string',
      explain: `The shape of a line: ${[...formats.keys()].join(', ')} (default sft)`,
    },
    run: { type: 'string', multiple: true, explain: 'Only this run (id or directory name); repeatable' },
    model: { type: 'string', multiple: true, explain: 'Only this model name; repeatable' },
    'task-type': { type: 'string', multiple: true, explain: 'Only this task type; repeatable' },
    'failure-category': {
      type: 'string',
      multiple: true,
      explain: 'Only this category, "none" for those without; repeatable',
    },
    'include-imported': { type: 'boolean', explain: 'Also corrections that were made before the import' },
  },
  positionals: { min: 0, max: 0 },
  async run(config, terminal) {
    const request = readRequest(config.flags)
    const file = textFlag(config.flags, 'output') ?? '-'
    if (file !== '-' && isDatabase(file, config.db)) {
      throw new UsageError('This file is the database itself. Export to another one.')
    }
    return withDeps(config, terminal, async (deps) => {
      const { outcome, chunks } = exportExamples(deps, request)
      if (file === '-') for await (const chunk of chunks) await terminal.out(chunk)
      else await writeTo(resolve(file), chunks)
      report(outcome, file, terminal)
      return 0
    })
  },
}

function readRequest(flags: Flags): Parameters<typeof exportExamples>[1] {
  const name = textFlag(flags, 'format') ?? 'sft'
  const format = formats.get(name)
  if (!format)
    throw new UsageError(`There is no format "${name}". There is: ${[...formats.keys()].join(', ')}.`)
  const failure_categories = listFlag(flags, 'failure-category').map((category) => {
    if (category === 'none' || isFailureCategory(category)) return category
    throw new UsageError(`There is no failure category "${category}".`)
  })
  return {
    format,
    runs: listFlag(flags, 'run'),
    models: listFlag(flags, 'model'),
    task_types: listFlag(flags, 'task-type'),
    failure_categories,
    include_imported: flags['include-imported'] === true,
  }
}

async function writeTo(file: string, chunks: AsyncIterable<string>): Promise<void> {
  try {
    const target = await realpath(file).catch(() => file)
    const stats = await stat(target).catch(() => null)
    // A pipe or a device is written into; renaming a file over it would destroy it.
    if (stats && !stats.isFile()) await fill(target, chunks)
    else await writeWhole(target, chunks)
  } catch (error) {
    if (error instanceof AvocetError) throw error
    throw new AvocetError('unwritable', `${file} cannot be written: ${refusalOf(error).reason}.`)
  }
}

/** Beside the target, synced, renamed: a reader finds the old file or the new one, never half of it. */
async function writeWhole(file: string, chunks: AsyncIterable<string>): Promise<void> {
  const part = `${file}.part-${process.pid}`
  try {
    await fill(part, chunks)
    await rename(part, file)
    await syncDirectory(dirname(file))
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

async function fill(file: string, chunks: AsyncIterable<string>): Promise<void> {
  const handle = await open(file, 'w')
  try {
    for await (const chunk of chunks) await handle.writeFile(chunk)
    // A pipe cannot be synced.
    await handle.sync().catch((error) => {
      if (error.code !== 'EINVAL') throw error
    })
  } finally {
    await handle.close()
  }
}

/** The new name itself must reach the disk. Not every system can open a directory. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch(() => null)
  await handle?.sync().catch(() => {})
  await handle?.close()
}

function report(outcome: ExportOutcome, file: string, terminal: Terminal): void {
  terminal.note(
    `${counted(outcome.written, 'example')}${file === '-' ? '' : ` written to ${printable(file)}`}.`,
  )
  const { decided_elsewhere, ...named } = outcome.left_out
  for (const [reason, ids] of Object.entries(named) as [keyof typeof named, string[]][]) {
    for (const id of ids) terminal.note(`Left out: ${printable(id)}: ${LEFT_OUT_WORDS[reason]}.`)
  }
  if (decided_elsewhere.length > 0) {
    terminal.note(
      `Left out: ${decided_elsewhere.length} decided before the import; take them with --include-imported.`,
    )
  }
}
