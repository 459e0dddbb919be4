/** Proves that records keep their bytes on the way between the threads, wherever the chunks of the file end. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeRecord } from '../../tests/support/make-record.ts'
import { BENCHMARK } from '../../tests/support/test-app.ts'
import { rawOf } from '../store/insert-candidates.ts'
import { openFingerprint } from './fingerprint.ts'
import { type Batch, knownBy } from './import-batch.ts'
import { type Reader, readHere, readInThread } from './import-read.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'avocet-read-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Records of many lengths, and between them blank lines, lines that are refused, and both kinds of line ends. */
function contentOf(lines: number, longest: number): { file: string; records: string[] } {
  const records: string[] = []
  const parts: string[] = []
  for (let n = 0; n < lines; n++) {
    const record = JSON.stringify(makeRecord(n, { model_response: 'é\n'.repeat((n * 7919) % longest) }))
    records.push(record)
    parts.push(`${record}${n % 3 === 0 ? '\r\n' : '\n'}`)
    if (n % 11 === 0) parts.push('\n')
    if (n % 17 === 0) parts.push(`{"id": ${'1'.repeat((n * 31) % 900)}\n`)
    if (n % 23 === 0) parts.push('[1]\n')
  }
  return { file: parts.join(''), records }
}

async function* partsOf(reader: Reader, location: string): AsyncGenerator<Batch> {
  const request = { source: 'benchmark', location, directory: 'run', from: { offset: 0, line: 0 } }
  for await (const part of reader.read({ ...request, leaveTail: false, now: '' }, undefined)) {
    if (part.kind === 'lines') yield part
  }
}

async function read(reader: Reader, location: string): Promise<Batch[]> {
  const batches: Batch[] = []
  for await (const batch of partsOf(reader, location)) batches.push(batch)
  await reader.close()
  return batches
}

function rawsOf({ records }: Batch): string[] {
  return records.ids.map((_, at) => Buffer.from(rawOf(records, at)).toString())
}

describe.each([
  ['lines of up to 30 KB', 500, 10_000],
  ['lines so short that a chunk makes many batches', 9000, 3],
  ['lines longer than a chunk', 6, 900_000],
])('%s', (name, lines, longest) => {
  it.each([
    ['in this thread', () => readHere(BENCHMARK)],
    ['in a thread of its own', readInThread],
  ])('are the same %s', async (_, open) => {
    const { file, records } = contentOf(lines, longest)
    const path = join(folder, `${name}.jsonl`)
    await writeFile(path, file)
    const batches = await read(open(), path)
    const found = batches.flatMap(rawsOf)
    expect(found.length).toBe(records.length)
    for (const [at, raw] of found.entries()) expect(raw === records[at]).toBe(true)
    expect(batches.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(Buffer.byteLength(file))
  })

  it('are the same when memory is read into again that was given back', async () => {
    const { file, records } = contentOf(lines, longest)
    const path = join(folder, `${name}.jsonl`)
    await writeFile(path, file)
    for (const reader of [readHere(BENCHMARK), readInThread()]) {
      let at = 0
      for (const _ of [1, 2]) {
        for await (const batch of partsOf(reader, path)) {
          for (const raw of rawsOf(batch)) expect(raw === records[at++ % records.length]).toBe(true)
          reader.giveBack(batch)
        }
      }
      expect(at).toBe(2 * records.length)
      await reader.close()
    }
  })

  it('have the fingerprint of their file, from memory and from the disk', async () => {
    // Its last line has no end, and is left out as long as it may grow.
    const file = contentOf(lines, longest).file.trimEnd()
    const path = join(folder, `${name}.jsonl`)
    await writeFile(path, file)
    const [known, afresh] = [await openFingerprint(path), await openFingerprint(path)]
    let end = 0
    for (const batch of await read(readInThread(), path)) {
      end += batch.bytes
      const taken = end - batch.tailBytes
      expect(await known.advance(taken, knownBy(batch))).toBe(true)
      expect(await afresh.advance(taken)).toBe(true)
      expect(known.crc32()).toBe(crc32(Buffer.from(file).subarray(0, taken)))
      expect(afresh.crc32()).toBe(known.crc32())
    }
    await Promise.all([known.close(), afresh.close()])
  })
})

it('reads a large file into no memory that a small one gave back', async () => {
  const reader = readInThread()
  for (const lines of [500, 5000]) {
    const path = join(folder, `${lines}-lines.jsonl`)
    const records = [...Array(lines).keys()].map((n) =>
      JSON.stringify(makeRecord(n, { node_id: 'n'.repeat(600) })),
    )
    await writeFile(path, records.join('\n'))
    const raws: string[] = []
    for await (const batch of partsOf(reader, path)) {
      raws.push(...rawsOf(batch))
      reader.giveBack(batch)
    }
    expect(raws).toEqual(records)
  }
  await reader.close()
})
