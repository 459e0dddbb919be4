/** Input made to exhaust the memory: whatever its size, an import stays below a limit and comes to an end. */
import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGzip, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { makeRecord } from '../support/make-record.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { GOOD, SECOND, withSource } from './row.ts'

const folder = tempFolder()
const MIB = 1024 * 1024
const LIMIT_MIB = 512
const isLong = process.env.AVOCET_LONG === '1'
const apart = join(import.meta.dirname, 'import-apart.ts')

async function importApart(path: string): Promise<{ imported: number; codes: string[]; peak: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, [apart, path, `${path}.db`])
  const { peak, ...told } = JSON.parse(stdout)
  expect(peak).toBeGreaterThan(20)
  expect(peak).toBeLessThan(LIMIT_MIB)
  return told
}

/** The pieces one after the other, `times` times each. */
function* repeated(...pieces: [Buffer | string, number][]): Generator<Buffer> {
  for (const [piece, times] of pieces) for (let n = 0; n < times; n++) yield Buffer.from(piece)
}

async function fill(name: string, ...pieces: [Buffer | string, number][]): Promise<string> {
  const path = folder.path(name)
  await pipeline(Readable.from(repeated(...pieces)), createWriteStream(path))
  return path
}

const XS = Buffer.alloc(MIB, 'x')

describe.skipIf(process.platform !== 'linux')('memory stays below 512 MiB', () => {
  it('with a line of 200 MB', async () => {
    const path = await fill('line', [GOOD, 1], ['{"id":"', 1], [XS, 200], ['"}\n', 1], [SECOND, 1])
    expect(await importApart(path)).toEqual({ imported: 2, codes: ['LINE_TOO_LONG'] })
  })

  it('with a million keys, a million of them nested, and a hundred thousand brackets', async () => {
    const keys = (count: number) => Array.from({ length: count }, (_, n) => `"${n}":0`).join()
    const wide = `{${keys(600_000)},${GOOD.slice(1)}`
    const nested = withSource('seed', `{${keys(600_000)}}`, 2)
    const deep = withSource('seed', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 3)
    await writeFile(
      folder.path('wide'),
      Array.from({ length: 10 }, () => wide + nested + deep).join('') + GOOD,
    )
    const { imported, codes } = await importApart(folder.path('wide'))
    expect([imported, new Set(codes)]).toEqual([1, new Set(['TOO_MANY_NODES', 'TOO_DEEP'])])
  })

  it('with as many values as are allowed, in many lines', async () => {
    const list = `[${'0,'.repeat(190_000)}0]`
    const lines = Array.from({ length: 40 }, (_, n) => withSource('seed', list, n))
    await writeFile(folder.path('many'), lines.join(''))
    expect(await importApart(folder.path('many'))).toEqual({ imported: 40, codes: [] })
  })

  it('with bombs of 300 MB, in gzip and in Zstandard', async () => {
    const gzip = folder.path('bomb.gz')
    const pieces = repeated([GOOD, 1], [XS, 300])
    await pipeline(Readable.from(pieces), createGzip(), createWriteStream(gzip))
    expect(await importApart(gzip)).toEqual({ imported: 1, codes: ['RATIO'] })
    await writeFile(
      folder.path('bomb.zst'),
      zstdCompressSync(Buffer.concat([...repeated([GOOD, 1], [XS, 300])])),
    )
    expect(await importApart(folder.path('bomb.zst'))).toEqual({ imported: 1, codes: ['RATIO'] })
  })

  it('with a sparse file of 10 GB behind a good line', async () => {
    const path = await fill('sparse', [GOOD, 1])
    await truncate(path, 10_000 * MIB)
    expect(await importApart(path)).toEqual({ imported: 1, codes: ['NOT_TEXT'] })
  })

  // Not skipped elsewhere, but absent: it needs minutes, and 10 GB of disk.
  if (!isLong) return
  it('with 10 GB of lines', { timeout: 3_600_000 }, async () => {
    const record = JSON.stringify(makeRecord(1, { model_response: 'x'.repeat(2000) }))
    const piece = `${record}\n`.repeat(400)
    const path = await fill('long', [piece, Math.ceil(10_000_000_000 / piece.length)])
    expect(await importApart(path)).toEqual({ imported: 1, codes: [] })
  })
})
