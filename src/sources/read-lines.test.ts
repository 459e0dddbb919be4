import { execFileSync } from 'node:child_process'
import { mkdir, open, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tempFolder } from '../../tests/support/temp-folder.ts'
import { type Line, MAX_LINE_BYTES, readLines } from './read-lines.ts'
import { Refusal } from './source.ts'

const MIB = 1024 * 1024
const folder = tempFolder()

async function linesOf(path: string): Promise<Line[]> {
  const lines: Line[] = []
  for await (const batch of readLines(path, {})) lines.push(...batch)
  return lines
}

async function textsOf(content: string | Uint8Array): Promise<(string | undefined)[]> {
  return (await linesOf(await folder.write(content))).map((line) => line.bytes?.toString('utf8'))
}

/** The code with which the path is refused, or null where it is read. */
async function refusalCode(path: string): Promise<string | null> {
  try {
    await linesOf(path)
    return null
  } catch (error) {
    return (error as Refusal).code
  }
}

/** Bytes that begin like no text at all are refused as a whole. */
function nullWhenRefused(error: unknown): null {
  expect(error).toBeInstanceOf(Refusal)
  return null
}

describe('readLines', () => {
  it.each([
    ['an empty file', '', []],
    ['one line', 'a\n', ['a']],
    ['a missing last line feed', 'a\nb', ['a', 'b']],
    ['blank lines', '\n\n  \n', ['', '', '  ']],
    ['CRLF', 'a\r\nb\r\n', ['a\r', 'b\r']],
    ['a lone CR', 'a\rb\n', ['a\rb']],
    ['U+2028, U+2029 and U+0085', 'a\u2028b\u2029c\u0085d\n', ['a\u2028b\u2029c\u0085d']],
    ['vertical tab, form feed and NUL', '{a\vb\fc\0d\n', ['{a\vb\fc\0d']],
    ['a BOM on the first and on a later line', '\ufeffa\n\ufeffb\n', ['\ufeffa', '\ufeffb']],
  ])('splits at 0x0A only: %s', async (_, content, texts) => {
    expect(await textsOf(content)).toEqual(texts)
  })

  it('numbers lines from 1 and says which one has no line feed', async () => {
    const lines = await linesOf(await folder.write('a\n\nccc'))
    expect(lines.map(({ number, length, terminated }) => ({ number, length, terminated }))).toEqual([
      { number: 1, length: 1, terminated: true },
      { number: 2, length: 0, terminated: true },
      { number: 3, length: 3, terminated: false },
    ])
  })

  it.each([-3, -2, -1, 0, 1])(
    'keeps an emoji whole that begins %i bytes from the border of a chunk',
    async (offset) => {
      const first = `${'x'.repeat(MIB + offset)}\u{1f426}y`
      expect(await textsOf(`${first}\nz\n`)).toEqual([first, 'z'])
    },
  )

  it.each([-1, 0, 1])('splits at a line feed %i bytes from the border of a chunk', async (offset) => {
    const first = 'x'.repeat(MIB + offset)
    expect(await textsOf(`${first}\n${first}\n\nz`)).toEqual([first, first, '', 'z'])
  })

  it('gives lines that stay as they are while it reads on', async () => {
    const content = Array.from({ length: 40_000 }, (_, number) => `line ${number} ${'x'.repeat(100)}`)
    expect(await textsOf(content.join('\n'))).toEqual(content)
  })

  it.each([
    [MAX_LINE_BYTES - 1, true],
    [MAX_LINE_BYTES, true],
    [MAX_LINE_BYTES + 1, false],
    [MAX_LINE_BYTES + MIB, false],
    [2 * MAX_LINE_BYTES + 1, false],
  ])('of a line of %i bytes, keeps the bytes: %j', async (length, kept) => {
    const content = Buffer.concat([Buffer.from('a\n'), Buffer.alloc(length, 'x'), Buffer.from('\nb\n')])
    const lines = await linesOf(await folder.write(content))
    expect(lines.map((line) => line.length)).toEqual([1, length, 1])
    expect(lines.map((line) => line.bytes?.length)).toEqual([1, kept ? length : undefined, 1])
    expect(lines.map((line) => line.number)).toEqual([1, 2, 3])
    expect(lines[2]?.bytes?.toString()).toBe('b')
  })

  it('counts a long line without a line feed, too', async () => {
    const lines = await linesOf(await folder.write(Buffer.alloc(MAX_LINE_BYTES + 5, 'x')))
    expect(lines).toEqual([{ number: 1, bytes: null, length: MAX_LINE_BYTES + 5, terminated: false }])
  })

  it('does not hold a line of 400 MB in memory', async () => {
    // Sparse: 400 MB of NUL that take no room on the disk.
    const path = await folder.write('a\n')
    await truncate(path, 400 * MIB)
    let peak = 0
    const before = process.memoryUsage().arrayBuffers
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before)
    }, 1)
    try {
      const lines = await linesOf(path)
      expect(lines.map((line) => [line.bytes?.length, line.length])).toEqual([
        [1, 1],
        [undefined, 400 * MIB - 2],
      ])
    } finally {
      clearInterval(watch)
    }
    expect(peak).toBeLessThan(150 * MIB)
  })

  it('accounts for every byte of any file', async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom('\n', '\r\n', '\n\n', '\ufeff', '\u2028', '').map((text) => Buffer.from(text)),
      fc.integer({ min: 0, max: (3 * MIB) / 2 }).map((length) => Buffer.alloc(length, 'x')),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
        const content = Buffer.concat(pieces)
        await writeFile(folder.path('any'), content)
        const lines = await linesOf(folder.path('any')).catch(nullWhenRefused)
        if (lines === null) return
        const rebuilt = lines.flatMap(({ bytes, terminated }) => [
          bytes ?? Buffer.alloc(0),
          Buffer.from(terminated ? '\n' : ''),
        ])
        expect(Buffer.concat(rebuilt).equals(content)).toBe(true)
        const feeds = lines.filter((line) => line.terminated).length
        expect(lines.reduce((sum, line) => sum + line.length, feeds)).toBe(content.length)
        expect(lines.every((line) => line.bytes?.includes(0x0a) === false)).toBe(true)
        expect(lines.map((line) => line.number)).toEqual(lines.map((_, index) => index + 1))
      }),
    )
  })
})

describe('a file that changes while it is read', () => {
  it('is read up to the size that it had at the beginning', async () => {
    const path = await folder.write(`${'x'.repeat(MIB)}\nlast`)
    const lines: Line[] = []
    for await (const batch of readLines(path, {})) {
      if (lines.length === 0) await writeFile(path, ' grows\nand grows\n', { flag: 'a' })
      lines.push(...batch)
    }
    expect(lines.at(-1)).toMatchObject({ number: 2, terminated: false, bytes: Buffer.from('last') })
  })

  it('is refused when it became shorter, after the lines that were there', async () => {
    const path = await folder.write(`a\n${'x'.repeat(3 * MIB)}\n`)
    const lines: Line[] = []
    const reading = (async () => {
      for await (const batch of readLines(path, {})) {
        lines.push(...batch)
        await truncate(path, 10)
      }
    })()
    await expect(reading).rejects.toMatchObject({ code: 'CHANGED_DURING_IMPORT' })
    expect(lines.map((line) => line.bytes?.toString())).toEqual(['a'])
  })

  it('is read no further once the reading is stopped', async () => {
    const path = await folder.write('a\n'.repeat(2 * MIB))
    const stop = new AbortController()
    let batches = 0
    const reading = (async () => {
      for await (const _ of readLines(path, { signal: stop.signal })) {
        batches += 1
        stop.abort(new Error('enough'))
      }
    })()
    await expect(reading).rejects.toThrow('enough')
    expect(batches).toBe(1)
  })
})

describe('what is not a regular file', () => {
  it('is refused when it is a directory', async () => {
    await mkdir(folder.path('directory'))
    await expect(linesOf(folder.path('directory'))).rejects.toThrow('it is a directory, not a regular file')
    await expect(linesOf(folder.path('directory'))).rejects.toBeInstanceOf(Refusal)
  })

  it('is refused without waiting when it is a FIFO', async () => {
    execFileSync('mkfifo', [folder.path('fifo')])
    await expect(linesOf(folder.path('fifo'))).rejects.toThrow('it is a FIFO, not a regular file')
  })

  it('is refused when it is a socket', async () => {
    const server = createServer().listen(folder.path('socket'))
    await new Promise((resolve) => server.once('listening', resolve))
    try {
      expect(await refusalCode(folder.path('socket'))).toBe('ENXIO')
    } finally {
      server.close()
    }
  })

  it.each(['/dev/null', '/dev/zero'])('is refused when it is %s', async (device) => {
    await expect(linesOf(device)).rejects.toThrow('it is a device, not a regular file')
  })

  it('is refused when it does not exist, and when it is a link, wherever it leads', async () => {
    await symlink(folder.path('nowhere'), folder.path('dangling'))
    expect(await refusalCode(folder.path('nowhere'))).toBe('ENOENT')
    expect(await refusalCode(folder.path('dangling'))).toBe('NOT_REGULAR')
  })

  it('leaves no file open behind it', async () => {
    const path = await folder.write('a\nb\n')
    // A descriptor that is not closed would make the next one higher.
    const before = await open(path)
    const next = before.fd
    await before.close()
    for (let round = 0; round < 20; round += 1) {
      await linesOf(path)
      await refusalCode(folder.path('directory'))
      for await (const _ of readLines(path, {})) break
    }
    const after = await open(path)
    expect(after.fd).toBe(next)
    await after.close()
  })
})
