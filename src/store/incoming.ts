/** Owns the shape in which many records come in at once: columns instead of objects, so that a thread can hand them over whole. */
import { type Facts, type Standing, UNDECIDED } from '../domain/candidate.ts'
import { promptFault } from '../domain/example.ts'
import { cleanText } from '../domain/record.ts'
import { BLOCK_BYTES } from './payloads.ts'

export type Incoming = { facts: Facts; raw: Uint8Array; run_id: string; directory: string }

/** What many records of a run have in common. */
export type Group = Standing & {
  run_id: string
  directory: string
  decided_elsewhere: number
  teachable: number
  model_name: string | null
  task_type: string | null
  task_name: string | null
}

/** One entry for each record in every column. */
export type Records = {
  ids: string[]
  groups: Group[]
  groupOf: Uint32Array
  /** NaN for none. */
  scores: Float64Array
  /** Their bytes, many in a block. */
  blocks: Uint8Array[]
  blockOf: Uint32Array
  starts: Uint32Array
  lengths: Uint32Array
}

/** What of the facts is kept in columns, for lists, filters and rules. */
export function columnsOf(facts: Facts) {
  return {
    decided_elsewhere: facts.decided ? 1 : 0,
    teachable: promptFault(facts) ? 0 : 1,
    model_name: shown(facts.model_name),
    task_type: shown(facts.task_type),
    task_name: shown(facts.task_name),
    quality_score: facts.quality_score,
  }
}

function shown(text: string | null): string | null {
  return text === null ? null : cleanText(text)
}

/** In the order given. */
export function packRecords(incoming: Incoming[]): Records {
  const records: Records = {
    ids: incoming.map(({ facts }) => facts.id),
    groups: [],
    groupOf: new Uint32Array(incoming.length),
    scores: new Float64Array(incoming.length),
    blocks: [],
    blockOf: new Uint32Array(incoming.length),
    starts: new Uint32Array(incoming.length),
    lengths: new Uint32Array(incoming.length),
  }
  fillColumns(records, incoming)
  packBlocks(records, incoming)
  return records
}

function fillColumns(records: Records, incoming: Incoming[]): void {
  const known = new Map<string, number>()
  let last: { group: Group; number: number } | undefined
  for (const [at, { facts, run_id, directory }] of incoming.entries()) {
    const { quality_score, ...columns } = columnsOf(facts)
    const group: Group = { ...(facts.decided ?? UNDECIDED), ...columns, run_id, directory }
    if (!last || !isSame(group, last.group)) last = { group, number: numberOf(group, records, known) }
    records.groupOf[at] = last.number
    records.scores[at] = quality_score ?? Number.NaN
  }
}

/** Nearly every record belongs to the group of the one before: comparing is much cheaper than naming it. */
function isSame(a: Group, b: Group): boolean {
  for (const key in a) if (a[key as keyof Group] !== b[key as keyof Group]) return false
  return true
}

function numberOf(group: Group, records: Records, known: Map<string, number>): number {
  const name = nameOf(group)
  const number = known.get(name) ?? records.groups.push(group) - 1
  known.set(name, number)
  return number
}

/** No text of it holds a NUL (see `cleanText`): none can imitate two, or none at all. */
function nameOf(group: Group): string {
  let name = ''
  for (const key in group) {
    const value = group[key as keyof Group]
    name += value === null ? '\0n' : `\0t${value}`
  }
  return name
}

/** Fills in where each record lies. */
function packBlocks({ blocks, blockOf, starts, lengths }: Records, incoming: Incoming[]): void {
  let parts: Uint8Array[] = []
  let bytes = 0
  for (const [at, { raw }] of incoming.entries()) {
    if (bytes > 0 && bytes + raw.length > BLOCK_BYTES) close()
    blockOf[at] = blocks.length
    starts[at] = bytes
    lengths[at] = raw.length
    parts.push(raw)
    bytes += raw.length
  }
  if (parts.length > 0) close()

  function close(): void {
    blocks.push(joined(parts, bytes))
    parts = []
    bytes = 0
  }
}

/** In memory of its own, which another thread can take over. */
function joined(parts: Uint8Array[], bytes: number): Uint8Array {
  const block = new Uint8Array(bytes)
  let at = 0
  for (const part of parts) {
    block.set(part, at)
    at += part.length
  }
  return block
}
