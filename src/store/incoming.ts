/** Owns the shape in which many records come in at once: columns instead of objects, so that a thread can hand them over whole. */
import { crc32 } from 'node:zlib'
import { type Facts, type Standing, UNDECIDED } from '../domain/candidate.ts'
import { promptFault } from '../domain/example.ts'
import { cleanText } from '../domain/record.ts'
import { BLOCK_BYTES } from './payloads.ts'

export type Incoming = { facts: Facts; raw: Uint8Array }

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
  /** Filled in by `sumsOf`. */
  sums: number[] | null
  blockOf: Uint32Array
  starts: Uint32Array
  lengths: Uint32Array
}

/** The CRC-32 of each block, by which an audit finds bytes that changed on the disk; made for the first who asks. */
export function sumsOf(records: Records): number[] {
  records.sums ??= records.blocks.map((block) => crc32(block))
  return records.sums
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

/**
 * In the order given. `directory`: in which the file lies that they stand in. `own`: memory that is theirs alone: what
 * lies in it is not copied.
 */
export function packRecords(incoming: Incoming[], directory: string, own?: ArrayBufferLike): Records {
  const records: Records = {
    ids: incoming.map(({ facts }) => facts.id),
    groups: [],
    groupOf: new Uint32Array(incoming.length),
    scores: new Float64Array(incoming.length),
    blocks: [],
    sums: null,
    blockOf: new Uint32Array(incoming.length),
    starts: new Uint32Array(incoming.length),
    lengths: new Uint32Array(incoming.length),
  }
  fillColumns(records, incoming, cleanText(directory))
  packBlocks(records, incoming, own)
  return records
}

function fillColumns(records: Records, incoming: Incoming[], directory: string): void {
  const groups = createGroups(records.groups, directory)
  for (let at = 0; at < incoming.length; at++) {
    const { facts } = incoming[at] as Incoming
    records.groupOf[at] = groups.numberOf(facts)
    records.scores[at] = facts.quality_score ?? Number.NaN
  }
}

/** The first of each group stands for it: its fields are compared as they came, and made fit for the store once. */
function createGroups(groups: Group[], directory: string) {
  const first: Facts[] = []
  const byTask = new Map<string | null, number[]>()

  function add(facts: Facts): number {
    const { quality_score: _, ...columns } = columnsOf(facts)
    const run_id = facts.benchmark_run_id === null ? directory : cleanText(facts.benchmark_run_id)
    first.push(facts)
    return groups.push({ ...(facts.decided ?? UNDECIDED), ...columns, run_id, directory }) - 1
  }

  return {
    numberOf(facts: Facts): number {
      // It has a text of its own.
      if (facts.decided) return add(facts)
      const ofTask = byTask.get(facts.task_name) ?? []
      for (const number of ofTask) if (isOneGroup(facts, first[number] as Facts)) return number
      const number = add(facts)
      byTask.set(facts.task_name, [...ofTask, number])
      return number
    },
  }
}

/** Of two that are undecided. */
function isOneGroup(a: Facts, b: Facts): boolean {
  return (
    a.model_name === b.model_name &&
    a.task_type === b.task_type &&
    a.benchmark_run_id === b.benchmark_run_id &&
    promptFault(a) === promptFault(b)
  )
}

/** Between two lines lie a line feed and perhaps some blank lines. */
const MAX_GAP = 16

/** Fills in where each record lies. */
function packBlocks(records: Records, incoming: Incoming[], own: ArrayBufferLike | undefined): void {
  const { blocks, blockOf, starts, lengths } = records
  let parts: Uint8Array[] = []
  let bytes = 0
  for (let at = 0; at < incoming.length; at++) {
    const { raw } = incoming[at] as Incoming
    let start = startBehind(parts, bytes, raw, own)
    if (start === null || start + raw.length > BLOCK_BYTES) {
      close()
      start = 0
    }
    blockOf[at] = blocks.length
    starts[at] = start
    lengths[at] = raw.length
    parts.push(raw)
    bytes = start + raw.length
  }
  close()

  function close(): void {
    if (parts.length === 0) return
    blocks.push(blockOfParts(parts, bytes, own))
    parts = []
    bytes = 0
  }
}

/** Where the record begins in a block of those parts; null where it cannot stand in one with them. */
function startBehind(
  [first]: Uint8Array[],
  bytes: number,
  raw: Uint8Array,
  own: ArrayBufferLike | undefined,
): number | null {
  if (!first) return 0
  if ((first.buffer === own) !== (raw.buffer === own)) return null
  if (raw.buffer !== own) return bytes
  const start = raw.byteOffset - first.byteOffset
  return start - bytes <= MAX_GAP ? start : null
}

/** In memory that another thread can take over: what is not theirs alone is copied. */
function blockOfParts(parts: Uint8Array[], bytes: number, own: ArrayBufferLike | undefined): Uint8Array {
  const [first] = parts
  if (first && first.buffer === own) return new Uint8Array(own, first.byteOffset, bytes)
  const block = Buffer.allocUnsafeSlow(bytes)
  let at = 0
  for (const part of parts) {
    block.set(part, at)
    at += part.length
  }
  return block
}
