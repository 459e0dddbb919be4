/** Owns the batch: what many lines of a file came to, in columns, so that a thread can hand it over whole. */
import type { ImportProblem } from '../domain/import-report.ts'
import type { FileEnd, SourceItem } from '../sources/source.ts'
import { type Incoming, packRecords, type Records, sumsOf } from '../store/incoming.ts'
import type { Known, Summed } from './fingerprint.ts'

export type RejectedLine = Omit<ImportProblem, 'path'> & { raw: Uint8Array | null }

export type Batch = {
  kind: 'lines'
  lines: number
  /** Of all its lines, with their ends. */
  bytes: number
  blank: number
  skipped: number
  rejected: RejectedLine[]
  records: Records
  /** The number of each record's line. */
  recordLines: Uint32Array
  /** Records with warnings: their position and the codes. */
  warnings: [at: number, codes: string[]][]
  /** Of the bytes on the disk, how many were read and how many there are. */
  read: number
  size: number
  /** Where most of it stands in the file, as it was read; null where that is not known. */
  chunk: Chunk | null
  /** Of the last line when it ends with the file instead of a line feed; otherwise 0. */
  tailBytes: number
  /** What its last line is. */
  last: 'candidate' | 'blank' | 'skipped' | 'rejected'
}

/** Bytes of the file as they were read, and where they stand in it. */
export type Chunk = Omit<Known, 'summed'>

/** A pause: nothing was read ahead, so whoever takes the parts has time for something else. */
export type ReadPart = Batch | { kind: 'pause' } | { kind: 'end'; end: FileEnd }

const LINE_KINDS = { candidate: 'candidate', blank: 'blank', skip: 'skipped', problem: 'rejected' } as const

export function packBatch(
  items: SourceItem[],
  directory: string,
  position: Pick<Batch, 'read' | 'size' | 'tailBytes'>,
  chunk: Chunk | null,
): Batch {
  const incoming: Incoming[] = []
  const lines: number[] = []
  const batch = { ...emptyBatch(), ...position, chunk, lines: items.length }
  for (const item of items) {
    batch.bytes += item.bytes
    batch.last = LINE_KINDS[item.kind]
    if (item.kind === 'blank') batch.blank += 1
    else if (item.kind === 'skip') batch.skipped += 1
    else if (item.kind === 'problem') {
      const { code, reason, raw, place } = item
      // A copy: what the line is a part of would be handed over with it.
      batch.rejected.push({ line: place.line, code, reason, raw: raw && new Uint8Array(raw) })
    } else {
      if (item.warnings.length > 0) batch.warnings.push([incoming.length, item.warnings])
      lines.push(item.place.line)
      incoming.push(item)
    }
  }
  return {
    ...batch,
    records: packRecords(incoming, directory, chunk?.bytes.buffer),
    recordLines: Uint32Array.from(lines),
  }
}

/** What of the file is known by it: its blocks have sums of their own. */
export function knownBy({ chunk, records }: Batch): Known | null {
  if (!chunk) return null
  const summed: Summed[] = []
  for (const [at, crc32] of sumsOf(records).entries()) {
    const { buffer, byteOffset, length } = records.blocks[at] as Uint8Array
    if (buffer !== chunk.bytes.buffer) continue
    summed.push({ start: byteOffset - chunk.bytes.byteOffset, length, crc32 })
  }
  return { ...chunk, summed }
}

function emptyBatch() {
  return {
    ...{ kind: 'lines' as const, lines: 0, bytes: 0, blank: 0, skipped: 0 },
    ...{ rejected: [] as RejectedLine[], warnings: [] as Batch['warnings'] },
    last: 'blank' as Batch['last'],
  }
}

/** Everything in it that can change threads instead of being copied. */
export function transferables({ records, recordLines, chunk }: Batch): ArrayBuffer[] {
  const { blocks, groupOf, scores, blockOf, starts, lengths } = records
  const columns = [recordLines, groupOf, scores, blockOf, starts, lengths]
  return columns
    .map(({ buffer }) => buffer as ArrayBuffer)
    .concat(blocks.map(owned), chunk ? [owned(chunk.bytes)] : [])
}

/** What it was read into, when all of that is its own. */
export function memoryOf({ chunk }: Batch): ArrayBuffer[] {
  return chunk ? [owned(chunk.bytes)] : []
}

function owned(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer as ArrayBuffer
}
