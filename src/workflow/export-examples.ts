/** Owns the export: decided candidates → examples → rows of a format → bytes of a container, from one moment of the store. */
import { createHash } from 'node:crypto'
import { type LeftOut, toAccount, toExample } from '../domain/example.ts'
import { containers } from '../formats/containers/index.ts'
import type { Format, Row } from '../formats/format.ts'
import { type ExampleFilter, findIds, readTeachings, type StoredTeaching } from '../store/example-index.ts'
import { type Reading, snapshot } from '../store/open.ts'
import type { Deps } from './deps.ts'
import type { Conflicts } from './export-conflicts.ts'
import { fillIndex } from './export-index.ts'
import { addTo, conflictsFor, findConflicts, planned, type Tally } from './export-plan.ts'
import { conflictingIds, refusalOf } from './export-refusals.ts'
import { type ExportRequest, toFilter } from './export-request.ts'

/** So few that their text is not promoted by the garbage collector before it is written. */
const PAGE = { rows: 100 }

/** Complete once the last byte was taken. */
export type ExportOutcome = {
  examples: number
  lines: number
  /** With the ids of the first of them. */
  left_out: Map<LeftOut, { count: number; ids: string[] }>
  conflicts: Pick<Conflicts, 'prompts' | 'examples'> & { first: string[][] }
  bytes: number
  sha256: string
}

/**
 * The bytes of the file, some at a time. Throws `invalid_examples` or `conflicting_corrections` before the first
 * of them when a trainer would refuse what is written, or when conflicts are.
 */
export function exportExamples(
  deps: Deps,
  request: ExportRequest,
): { outcome: ExportOutcome; chunks: AsyncGenerator<Uint8Array> } {
  const outcome: ExportOutcome = {
    examples: 0,
    lines: 0,
    left_out: new Map(),
    conflicts: { prompts: 0, examples: 0, first: [] },
    bytes: 0,
    sha256: '',
  }
  return { outcome, chunks: hashed(streamFile(deps, request, outcome), outcome) }
}

async function* hashed(
  chunks: AsyncIterable<Uint8Array>,
  outcome: ExportOutcome,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) {
    hash.update(chunk)
    outcome.bytes += chunk.length
    if (chunk.length > 0) yield chunk
  }
  outcome.sha256 = hash.digest('hex')
}

async function* streamFile(
  deps: Deps,
  request: ExportRequest,
  outcome: ExportOutcome,
): AsyncGenerator<Uint8Array> {
  await fillIndex(deps)
  const filter = await toFilter(deps, request)
  const packing = containers[request.as].pack(request.format.columns)
  if (filter) {
    for await (const rows of snapshot(deps.store, (db) => streamRows(db, request, filter, outcome))) {
      outcome.lines += rows.length
      yield packing.add(rows)
    }
  }
  yield packing.end()
}

async function* streamRows(
  db: Reading,
  request: ExportRequest,
  filter: ExampleFilter,
  outcome: ExportOutcome,
): AsyncGenerator<Row[]> {
  const { format } = request
  const known = await findConflicts(db, request, filter)
  const refusal = await refusalOf(db, request, filter, known)
  if (refusal) throw refusal
  const conflicts = await conflictsFor(db, request, filter, known)
  const leftOut = new Map<LeftOut, Tally>()
  for await (const page of planned(db, request, filter, conflicts, PAGE)) {
    const taken = []
    for (const { row, left_out } of page) {
      if (left_out) addTo(leftOut, left_out, row.candidate_seq)
      else taken.push(row)
    }
    for await (const portion of readTeachings(db, taken)) {
      outcome.examples += portion.length
      yield portion.flatMap((stored) => toRows(format, stored))
    }
  }
  for (const [reason, { count, seqs }] of leftOut) {
    outcome.left_out.set(reason, { count, ids: await findIds(db, seqs) })
  }
  outcome.conflicts = { ...conflicts, first: await conflictingIds(db, filter, conflicts) }
}

export function toRows(format: Format, { teaching }: StoredTeaching): Row[] {
  const example = format.covers === 'decisions' ? toAccount(teaching) : toExample(teaching, true)
  // The index left out what makes none; that they agree is what its tests are for.
  if (typeof example === 'string') throw new Error(`${teaching.id} was taken, and is none: ${example}`)
  return format.toRows(example)
}
