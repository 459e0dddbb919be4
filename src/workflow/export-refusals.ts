/** Owns the refusals of an export, made before its first byte, and their words. */
import { AvocetError } from '../domain/error.ts'
import type { Format } from '../formats/format.ts'
import { type ExampleFilter, findSamePrompt } from '../store/example-index.ts'
import type { Reading } from '../store/open.ts'
import { type Conflicts, createConflicts } from './export-conflicts.ts'
import { errorsOf, type Finding, fileFindings, ownReadersOf, type Reason } from './export-findings.ts'
import { findInvalid, firstLines } from './export-plan.ts'
import type { ExportRequest } from './export-request.ts'

/** Null when everything that is asked for can be written. */
export async function refusalOf(
  db: Reading,
  request: ExportRequest,
  filter: ExampleFilter,
  conflicts: Conflicts,
): Promise<AvocetError | null> {
  return (
    (await invalidExamples(db, request, filter)) ??
    (await refusedConflicts(db, request, filter, conflicts)) ??
    (await invalidFile(db, request, filter, conflicts))
  )
}

async function invalidExamples(
  db: Reading,
  request: ExportRequest,
  filter: ExampleFilter,
): Promise<AvocetError | null> {
  if (request.skip_invalid) return null
  const invalid = await findInvalid(db, request, filter)
  if (invalid.size === 0) return null
  const reasons = await errorsOf(db, request.format, invalid)
  const told = reasons.map(
    ({ count, ids, explain }) => `${examples(count)} (${named(ids, count)}): ${explain}`,
  )
  return new AvocetError(
    'invalid_examples',
    `Nothing was written: a trainer would refuse some of it.\n${told.join('\n')}\nUndo and correct these cards, or leave them out with --skip-invalid (skip_invalid=true).`,
    { reasons },
  )
}

/** What no single line shows: too few of them, above all. An empty file is what it is. */
async function invalidFile(
  db: Reading,
  request: ExportRequest,
  filter: ExampleFilter,
  conflicts: Conflicts,
): Promise<AvocetError | null> {
  // Whom a single line is enough for, no number of lines is too few for: nothing needs to be counted.
  if (request.skip_invalid || errorsIn(request.format, 1).length === 0) return null
  const lines = await firstLines(db, request, filter, conflicts)
  const reasons = lines === 0 ? [] : errorsIn(request.format, lines)
  if (reasons.length === 0) return null
  const told = reasons.map(({ title, explain }) => `${title}: ${explain}`)
  return new AvocetError(
    'invalid_file',
    `Nothing was written: a trainer would refuse the file.\n${told.join('\n')}\nTo write it all the same, ask for --skip-invalid (skip_invalid=true).`,
    { reasons },
  )
}

function errorsIn(format: Format, lines: number): (Finding & { title: string })[] {
  return ownReadersOf(format).flatMap((consumer) =>
    fileFindings(consumer, lines, createConflicts())
      .filter(({ severity }) => severity === 'error')
      .map((finding) => ({ ...finding, title: consumer.title })),
  )
}

async function refusedConflicts(
  db: Reading,
  request: ExportRequest,
  filter: ExampleFilter,
  conflicts: Conflicts,
): Promise<AvocetError | null> {
  if (request.conflicts !== 'refuse' || conflicts.prompts === 0) return null
  const first = await conflictingIds(db, filter, conflicts)
  const told = first.map((ids) => ids.join(', '))
  const more =
    conflicts.prompts > first.length ? `\n… and ${conflicts.prompts - first.length} more prompts` : ''
  return new AvocetError(
    'conflicting_corrections',
    `Nothing was written: the same prompt has different corrections.\n${told.join('\n')}${more}\nUndo all but one of each, or take the newest with --conflicts newest.`,
    { prompts: conflicts.prompts, first },
  )
}

/** By prompt, the newest decision first. */
export async function conflictingIds(
  db: Reading,
  filter: ExampleFilter,
  { first }: Pick<Conflicts, 'first'>,
): Promise<string[][]> {
  const ids: string[][] = []
  for (const prompt of first) ids.push(await findSamePrompt(db, filter, prompt))
  return ids
}

export function examples(count: number): string {
  return `${count} ${count === 1 ? 'example' : 'examples'}`
}

/** The first of them, and how many more there are. */
export function named(ids: Reason['ids'], count: number, most = 5): string {
  const shown = ids.slice(0, most).join(', ')
  return count > most ? `${shown} and ${count - most} more` : shown
}
