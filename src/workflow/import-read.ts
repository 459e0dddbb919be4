/** Owns the reading side of an import: a file becomes batches, here or in a thread of its own. */
import { closeSync, openSync, readSync } from 'node:fs'
import { setImmediate as immediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type FileEnd, type Location, Refusal, type Source, type SourceItem } from '../sources/source.ts'
import { type Batch, type Chunk, memoryOf, packBatch, type ReadPart } from './import-batch.ts'

export type ReadRequest = {
  source: string
  location: Location
  directory: string
  from: { offset: number; line: number }
  /** A last line without its end that cannot be taken is left for later: somebody is still writing it. */
  leaveTail: boolean
  /** ISO 8601. */
  now: string
}

export type Reader = {
  read(request: ReadRequest, signal: AbortSignal | undefined): AsyncGenerator<ReadPart>
  /** Nobody needs its bytes any more: what is read next may stand in their place. */
  giveBack(batch: Batch): void
  close(): Promise<void>
}

/** A batch is small enough for one short transaction, and large enough to be worth handing over: a chunk of the file, mostly. */
const BATCH_BYTES = 768 * 1024
const BATCH_LINES = 1000

/** In this thread. */
export function readHere(source: Source): Reader {
  const spare: ArrayBuffer[] = []
  return {
    read: (request, signal) => readParts(source, request, spare, signal),
    giveBack: (batch) => void spare.push(...memoryOf(batch)),
    close: async () => {},
  }
}

export async function* readParts(
  source: Source,
  { location, directory, from, leaveTail, now }: ReadRequest,
  spare: ArrayBuffer[],
  signal: AbortSignal | undefined,
): AsyncGenerator<ReadPart> {
  const position = { read: 0, size: 0 }
  let chunk: Chunk | null = null
  let end: FileEnd | undefined
  let offset = from.offset
  let waiting: SourceItem[] = []
  let bytes = 0
  let leftBytes = 0

  /** `own`: what they are lines of, when nothing behind them needs it. */
  function close(own: Chunk | null = null): Batch | undefined {
    offset += bytes
    bytes = 0
    const endsInTail = offset >= position.size && endsOpen(location, offset)
    const left = endsInTail && leaveTail && waiting.at(-1)?.kind === 'problem' ? waiting.pop() : undefined
    if (left) leftBytes = left.bytes
    const items = waiting
    waiting = []
    const tailBytes = endsInTail && !left ? (items.at(-1)?.bytes ?? 0) : 0
    const place = { ...position, tailBytes }
    return items.length > 0 ? packBatch(items, directory, place, own) : undefined
  }

  const options = {
    ...{ signal, from, now, spare },
    onBytes: (read: number, size: number, bytes: Buffer) => {
      Object.assign(position, { read, size })
      chunk = isCompressed(location) ? null : { offset: read - bytes.length, bytes }
    },
    onEnd: (found: FileEnd) => {
      end = found
    },
  }
  let trouble: unknown
  try {
    for await (const items of source.open(location, options)) {
      // The lines of one chunk, nearly always: they are handed over with it.
      const isWhole = waiting.length === 0 && items.length <= BATCH_LINES
      for (const item of items) {
        waiting.push(item)
        bytes += item.bytes
        if (isWhole || (bytes < BATCH_BYTES && waiting.length < BATCH_LINES)) continue
        const batch = close()
        if (batch) yield batch
      }
      // A chunk in which a long line begins has few others: they wait for more.
      const whole = isWhole && bytes >= BATCH_BYTES / 2 ? close(chunk) : undefined
      if (whole) yield whole
    }
  } catch (error) {
    trouble = error
  }
  // What stands before the trouble, damage in an archive for example, is as good as ever.
  const last = waiting.length > 0 ? close() : undefined
  if (last) yield last
  if (trouble) throw trouble
  if (!end) return
  const lines = leftBytes > 0 ? end.lines - 1 : end.lines
  yield { kind: 'end', end: { ...end, bytes: end.bytes - leftBytes, lines } }
}

/** Whether the byte before `offset` is no line feed. A compressed file has no such byte to look at. */
function endsOpen(location: Location, offset: number): boolean {
  if (offset === 0 || isCompressed(location)) return false
  const file = openSync(typeof location === 'string' ? location : Buffer.from(location), 'r')
  try {
    const byte = Buffer.alloc(1)
    return readSync(file, byte, 0, 1, offset - 1) === 1 && byte[0] !== 0x0a
  } finally {
    closeSync(file)
  }
}

/** Offsets into it mean nothing on the disk: it is read whole or not at all. */
export function isCompressed(location: Location): boolean {
  return /\.(gz|zst)$/i.test(Buffer.from(location).toString('latin1'))
}

export type FromReader = { part: ReadPart } | { done: true } | { failed: PlainError }
/** An error loses its class and its own fields on the way between threads. */
export type PlainError = Pick<NodeJS.ErrnoException, 'message' | 'stack' | 'code' | 'syscall'> & {
  isRefusal: boolean
}

export function toPlainError(error: unknown): PlainError {
  const { message, stack, code, syscall } = error as NodeJS.ErrnoException
  const known = { ...(stack && { stack }), ...(code && { code }), ...(syscall && { syscall }) }
  return { message, ...known, isRefusal: error instanceof Refusal }
}

function toError({ isRefusal, ...plain }: PlainError): Error {
  return isRefusal
    ? new Refusal(plain.code as Refusal['code'], plain.message)
    : Object.assign(new Error(plain.message), plain)
}

/** So many batches may wait between the two threads, some 50 MB: reading goes on while the other one waits for the disk. */
export const BATCHES_AHEAD = 64

/** In a thread of its own, beside the one that writes. */
export function readInThread(): Reader {
  const worker = new Worker(new URL(`./import-reader${extension()}`, import.meta.url))
  worker.unref()
  const spare: ArrayBuffer[] = []
  return {
    read: (request, signal) => receive(worker, request, spare, signal),
    giveBack: (batch) => void spare.push(...memoryOf(batch)),
    close: async () => void (await worker.terminate()),
  }
}

/** Unbuilt, this runs as TypeScript. */
export function extension(): string {
  return import.meta.filename.endsWith('.ts') ? '.ts' : '.js'
}

async function* receive(
  worker: Worker,
  request: ReadRequest,
  spare: ArrayBuffer[],
  signal: AbortSignal | undefined,
): AsyncGenerator<ReadPart> {
  const arrived: FromReader[] = []
  let wake = () => {}
  const take = (message: FromReader) => {
    arrived.push(message)
    wake()
  }
  const fail = (error: unknown) => take({ failed: toPlainError(error) })
  worker.on('message', take).on('error', fail)
  worker.ref()
  worker.postMessage({ request })
  let isOver = false
  try {
    while (true) {
      const message = arrived.shift()
      if (!message) {
        const comes = new Promise<void>((resolve) => {
          wake = resolve
        })
        // What has come already is told in the next turn of the event loop.
        await immediate()
        if (arrived.length === 0) yield { kind: 'pause' }
        if (arrived.length === 0) await comes
        continue
      }
      isOver = !('part' in message)
      if ('failed' in message) throw toError(message.failed)
      if ('done' in message) return
      signal?.throwIfAborted()
      yield message.part
      worker.postMessage({ taken: true, spare }, spare)
      spare.length = 0
    }
  } finally {
    worker.off('message', take).off('error', fail)
    worker.unref()
    // Somebody stopped listening in the middle of a file: this thread is of no more use.
    if (!isOver) await worker.terminate()
  }
}
