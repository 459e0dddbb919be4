/** Owns the look at an export before it is made: counts, reasons, the first lines, and what each trainer would say. */
import { type ContainerName, LEFT_OUT_WORDS, type LeftOut } from '../domain/example.ts'
import { containers } from '../formats/containers/index.ts'
import type { Format, Row } from '../formats/format.ts'
import { type ExampleFilter, findIds, type IndexRow, readTeachings } from '../store/example-index.ts'
import { type Reading, snapshot } from '../store/open.ts'
import type { Deps } from './deps.ts'
import { type Conflicts, createConflicts } from './export-conflicts.ts'
import { toRows } from './export-examples.ts'
import {
  type ConsumerVerdict,
  fileFindings,
  findingsOf,
  type Reason,
  readersOf,
  shapeFindings,
  verdictOf,
} from './export-findings.ts'
import { fillIndex } from './export-index.ts'
import {
  addTo,
  conflictsFor,
  findConflicts,
  linesOf,
  planned,
  type Tally,
  verdictsOn,
} from './export-plan.ts'
import { conflictingIds, refusalOf } from './export-refusals.ts'
import { type ExportRequest, fileNameOf, toFilter } from './export-request.ts'
import { type LoadingText, loadingOf } from './list-formats.ts'

export type Preview = {
  file_name: string
  as: ContainerName
  found: number
  examples: number
  lines: number
  left_out: Reason[]
  refused: { code: string; detail: string } | null
  conflicts: { prompts: number; examples: number; first: string[][] }
  consumers: ConsumerVerdict[]
  sample: string[]
  loading: LoadingText[]
}

const SAMPLE = 5

export async function previewExport(deps: Deps, request: ExportRequest): Promise<Preview> {
  await fillIndex(deps)
  const filter = await toFilter(deps, request)
  const file_name = fileNameOf(request, deps.now())
  const about = { file_name, as: request.as, loading: loadingOf(request.format, file_name, request.as) }
  if (!filter) return { ...about, ...nothing(request.format) }
  for await (const preview of snapshot(deps.store, (db) => previewMoment(db, request, filter))) {
    return { ...about, ...preview }
  }
  throw new Error('The store gave no answer.')
}

type Counted = Omit<Preview, 'file_name' | 'as' | 'loading'>

function nothing(format: Format): Counted {
  const consumers = readersOf(format).map((consumer) =>
    verdictOf(consumer, fileFindings(consumer, 0, createConflicts())),
  )
  const conflicts = { prompts: 0, examples: 0, first: [] }
  return { found: 0, examples: 0, lines: 0, left_out: [], refused: null, conflicts, consumers, sample: [] }
}

async function* previewMoment(
  db: Reading,
  request: ExportRequest,
  filter: ExampleFilter,
): AsyncGenerator<Counted> {
  const known = await findConflicts(db, request, filter)
  const refusal = await refusalOf(db, request, filter, known)
  const survey = await surveyed(db, request, filter, known)
  const rows = await sampleRows(db, request.format, survey.first)
  const { conflicts } = survey
  yield {
    found: survey.found,
    examples: survey.examples,
    lines: survey.lines,
    left_out: await reasonsOf(db, survey.left_out),
    refused: refusal && { code: refusal.code, detail: refusal.message },
    conflicts: {
      prompts: conflicts.prompts,
      examples: conflicts.examples,
      first: await conflictingIds(db, filter, conflicts),
    },
    consumers: await verdictsOf(db, request.format, survey, rows[0]),
    sample: rows.slice(0, SAMPLE).map((row) => containers[request.as].show(row)),
  }
}

type Survey = {
  found: number
  examples: number
  lines: number
  left_out: Map<LeftOut, Tally>
  /** From the JSON of a row's verdicts to who has them, of what would be written. */
  verdicts: Map<string, Tally>
  conflicts: Conflicts
  first: IndexRow[]
}

async function surveyed(
  db: Reading,
  request: ExportRequest,
  filter: ExampleFilter,
  known: Conflicts,
): Promise<Survey> {
  const conflicts = await conflictsFor(db, request, filter, known)
  const counts = { found: 0, examples: 0, lines: 0 }
  const survey: Survey = { ...counts, left_out: new Map(), verdicts: new Map(), conflicts, first: [] }
  for await (const page of planned(db, request, filter, conflicts)) {
    survey.found += page.length
    for (const { row, left_out } of page) {
      if (left_out) addTo(survey.left_out, left_out, row.candidate_seq)
      else take(survey, request.format, row)
    }
  }
  return survey
}

function take(survey: Survey, format: Format, row: IndexRow): void {
  survey.examples += 1
  survey.lines += linesOf(format, row)
  if (survey.first.length < SAMPLE) survey.first.push(row)
  const verdicts = verdictsOn(row)
  if (verdicts !== '[]') addTo(survey.verdicts, verdicts, row.candidate_seq)
}

async function sampleRows(db: Reading, format: Format, first: IndexRow[]): Promise<Row[]> {
  const rows: Row[] = []
  for await (const portion of readTeachings(db, first)) {
    rows.push(...portion.flatMap((stored) => toRows(format, stored)))
  }
  return rows
}

async function reasonsOf(db: Reading, tallies: Map<LeftOut, Tally>): Promise<Reason[]> {
  const reasons: Reason[] = []
  for (const [code, { count, seqs }] of tallies) {
    reasons.push({ code, explain: LEFT_OUT_WORDS[code], count, ids: await findIds(db, seqs) })
  }
  return reasons.sort((a, b) => b.count - a.count)
}

async function verdictsOf(
  db: Reading,
  format: Format,
  { verdicts, lines, conflicts }: Survey,
  sample: Row | undefined,
): Promise<ConsumerVerdict[]> {
  const all: ConsumerVerdict[] = []
  for (const consumer of readersOf(format)) {
    const findings = format.shape ? await findingsOf(db, consumer, format.shape, verdicts) : []
    findings.unshift(...shapeFindings(consumer, sample, lines), ...fileFindings(consumer, lines, conflicts))
    all.push(verdictOf(consumer, findings))
  }
  return all
}
