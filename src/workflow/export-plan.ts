/** Owns what an export takes and leaves out, told from the index alone, without any text. */
import { setImmediate as breathe } from 'node:timers/promises'
import type { LeftOut } from '../domain/example.ts'
import { consumers } from '../formats/checks/index.ts'
import { judge, type Verdict } from '../formats/checks/verdicts.ts'
import type { Format } from '../formats/format.ts'
import { countDecided, type ExampleFilter, type IndexRow, pageIndex } from '../store/example-index.ts'
import type { Reading } from '../store/open.ts'
import { type Conflicts, createConflicts } from './export-conflicts.ts'
import type { ExportRequest } from './export-request.ts'

/** How often something came up, and the first candidates that have it. */
export type Tally = { count: number; seqs: number[] }

const FIRST = 20
/** No rule about the number of lines asks for more than this. */
export const ENOUGH_LINES = 1000

export function addTo<Key>(tallies: Map<Key, Tally>, key: Key, seq: number): void {
  const tally = tallies.get(key) ?? { count: 0, seqs: [] }
  tally.count += 1
  if (tally.seqs.length < FIRST) tally.seqs.push(seq)
  tallies.set(key, tally)
}

export type Planned = { row: IndexRow; left_out: LeftOut | null }

/**
 * Every candidate that the filter finds, a page at a time, with the reason why it is left out. `conflicts` learns
 * what is written on the way; by the rule "newest" it must know all of it before, see `findConflicts`.
 */
export async function* planned(
  db: Reading,
  request: ExportRequest,
  filter: ExampleFilter,
  conflicts: Conflicts,
  pages: { rows?: number } = {},
): AsyncGenerator<Planned[]> {
  const isNewest = request.conflicts === 'newest'
  for await (const page of pageIndex(db, filter, pages)) {
    // A page is read without a pause: others want to be served between two of them.
    await breathe()
    yield page.map((row) => {
      const left_out = leftOut(row, request)
      if (left_out) return { row, left_out }
      if (isNewest) return { row, left_out: conflicts.isBeaten(row) ? 'older_correction' : null }
      if (request.format.covers === 'corrections') conflicts.add(row)
      return { row, left_out }
    })
  }
}

/** A pass of its own, for the rules that need to know all conflicts before the first line is written. */
export async function findConflicts(
  db: Reading,
  request: ExportRequest,
  filter: ExampleFilter,
): Promise<Conflicts> {
  if (request.conflicts === 'keep-all' || request.format.covers === 'decisions') return createConflicts()
  const conflicts = createConflicts(await countDecided(db, filter.statuses), request.conflicts === 'newest')
  for await (const page of pageIndex(db, filter)) {
    await breathe()
    for (const row of page) if (!leftOut(row, request)) conflicts.add(row)
  }
  return conflicts
}

/** What a pass of `planned` over all of it works with, made at its size. */
export async function conflictsFor(
  db: Reading,
  request: ExportRequest,
  filter: ExampleFilter,
  known: Conflicts,
): Promise<Conflicts> {
  return request.conflicts === 'newest' ? known : createConflicts(await countDecided(db, filter.statuses))
}

function leftOut(row: IndexRow, request: ExportRequest): LeftOut | null {
  const { format } = request
  if (row.decided_elsewhere && !request.include_imported) return 'decided_elsewhere'
  if (format.covers === 'decisions') return null
  if (row.fault) return row.fault
  if (format.rejected === 'needed' && row.pair_fault) return row.pair_fault
  return request.skip_invalid && isInvalid(row, format) ? 'invalid' : null
}

/** Whether one of those that the format is made for would refuse the line. */
export function isInvalid(row: IndexRow, { shape, consumers: readers }: Format): boolean {
  if (!row.suspect || !shape) return false
  const verdicts = parsed(verdictsOn(row))
  return readers.some((name) => {
    const consumer = consumers.get(name)
    if (!consumer) return false
    const found = judge(consumer, shape, verdicts, { line: null, id: '' })
    return found.some(({ severity }) => severity === 'error')
  })
}

/** How many lines there will be, as far as a rule about their number goes. */
export async function firstLines(
  db: Reading,
  request: ExportRequest,
  filter: ExampleFilter,
  known: Conflicts,
): Promise<number> {
  let lines = 0
  const conflicts = request.conflicts === 'newest' ? known : createConflicts()
  for await (const page of planned(db, request, filter, conflicts, { rows: ENOUGH_LINES })) {
    for (const { row, left_out } of page) lines += left_out ? 0 : linesOf(request.format, row)
    if (lines >= ENOUGH_LINES) break
  }
  return lines
}

/** The suspects that would be refused, read from an index of their own: nearly always none. */
export async function findInvalid(
  db: Reading,
  request: ExportRequest,
  filter: ExampleFilter,
): Promise<Map<string, Tally>> {
  const verdicts = new Map<string, Tally>()
  for await (const page of pageIndex(db, filter, { suspectsOnly: true })) {
    await breathe()
    for (const row of page) {
      if (leftOut(row, request) || !isInvalid(row, request.format)) continue
      addTo(verdicts, verdictsOn(row), row.candidate_seq)
    }
  }
  return verdicts
}

/** What the checks say of it, as JSON; of the rejected answer only where it can be one. */
export function verdictsOn({ verdicts, pair_fault }: IndexRow): string {
  if (pair_fault === null || verdicts === '[]') return verdicts
  return JSON.stringify(parsed(verdicts).filter(({ in_rejected }) => !in_rejected))
}

/** The index keeps codes; what was found is known again from the text, where somebody wants to read it. */
export function parsed(verdicts: string): Verdict[] {
  const all = JSON.parse(verdicts) as Omit<Verdict, 'found'>[]
  return all.map((verdict) => ({ ...verdict, found: '' }))
}

export function linesOf({ rejected }: Format, { pair_fault }: IndexRow): number {
  return rejected === 'both' && pair_fault === null ? 2 : 1
}
