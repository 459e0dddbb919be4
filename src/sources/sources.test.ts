/** The contract that every source of this folder keeps. A new file is held to it without a word here. */
import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tempFolder } from '../../tests/support/temp-folder.ts'
import { remedyFor } from '../domain/import-problems.ts'
import { readRecord } from '../domain/record.ts'
import { findAll } from './find-files.ts'
import { sources } from './index.ts'
import { type FileEnd, Refusal, type Source, type SourceItem } from './source.ts'

const folder = tempFolder()

/** Null where the file is refused as a whole, which is an answer, too. */
async function itemsOrRefusal(source: Source, path: string): Promise<SourceItem[] | null> {
  try {
    return await itemsOf(source, path)
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal)
    expect(remedyFor((error as Refusal).code)).not.toBeNull()
    return null
  }
}

async function itemsOf(source: Source, path: string, signal?: AbortSignal): Promise<SourceItem[]> {
  const items: SourceItem[] = []
  for await (const batch of source.open(path, { signal })) items.push(...batch)
  return items
}

/** Physical lines: what ends in 0x0A, and what is left behind the last of them. */
function countLines(content: Uint8Array): number {
  const feeds = content.filter((byte) => byte === 0x0a).length
  return feeds + (content.length > 0 && content.at(-1) !== 0x0a ? 1 : 0)
}

it('finds every source of the folder, under the name of its file', async () => {
  const files = (await readdir(import.meta.dirname)).filter((file) => !file.includes('.test.'))
  const defining: string[] = []
  for (const file of files) {
    const text = await readFile(`${import.meta.dirname}/${file}`, 'utf8')
    if (text.includes('export default defineSource(')) defining.push(file.replace(/\.ts$/, ''))
  }
  expect([...sources.keys()].sort()).toEqual(defining.sort())
  expect(sources.has('benchmark')).toBe(true)
})

describe.each([...sources.values()].map((source) => ({ name: source.name, source })))(
  '$name',
  ({ name, source }) => {
    const example = Buffer.from(source.example.content)

    /** Lines that may be anything: the example's own, cut, joined, changed in single bytes, and noise. */
    const piece = fc.oneof(
      fc.constant(example),
      fc
        .tuple(fc.nat(example.length), fc.nat(example.length))
        .map(([start, end]) => example.subarray(start, end)),
      fc.tuple(fc.nat(example.length - 1), fc.nat(255)).map(([place, byte]) => {
        const changed = Buffer.from(example)
        changed[place] = byte
        return changed
      }),
      fc.jsonValue().map((json) => Buffer.from(JSON.stringify(json))),
      fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom('\n', '\r\n', '\ufeff', '\u2028', '{', '}', '[]', '\0')
        .map((text) => Buffer.from(text)),
    )
    const anything = fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.concat(pieces))

    it('says what it is, in words that stand alone', () => {
      expect(source.name).toMatch(/^[a-z][a-z0-9-]*$/)
      expect(source.title.trim()).not.toBe('')
      expect(source.explain).toMatch(/^\S.*\.$/)
    })

    it('reads its own example: no problem, no warning, and at least one candidate', async () => {
      const items = await itemsOf(source, await folder.write(example))
      expect(items.filter((item) => item.kind === 'problem')).toEqual([])
      const candidates = items.filter((item) => item.kind === 'candidate')
      expect(candidates.length).toBeGreaterThan(0)
      expect(candidates.flatMap((item) => item.warnings)).toEqual([])
    })

    it('finds its own example in a directory of runs, and not its neighbours', async () => {
      const run = folder.path(`${name}-runs/run`)
      await mkdir(run, { recursive: true })
      await writeFile(`${run}/${source.example.fileName}`, example)
      for (const other of ['README.md', 'summary.json', `${source.example.fileName}.bak`])
        await writeFile(`${run}/${other}`, 'x')
      expect(await findAll(folder.path(`${name}-runs`), source)).toMatchObject({
        files: [{ path: `${run}/${source.example.fileName}`, directory: 'run' }],
        refused: [],
      })
    })

    it('gives facts that a record could have told itself', async () => {
      for (const item of await itemsOf(source, await folder.write(example))) {
        if (item.kind !== 'candidate') continue
        const { extra, decided, ...known } = item.facts
        const reading = readRecord({ ...extra, ...known, ...decided })
        expect(reading).toHaveProperty('facts', item.facts)
        expect(JSON.parse(JSON.stringify(item.facts))).toEqual(JSON.parse(JSON.stringify({ ...item.facts })))
      }
    })

    it('yields one item for each physical line of any bytes, in order, and throws nothing but refusals', async () => {
      const kinds = new Set<string>()
      await fc.assert(
        fc.asyncProperty(anything, async (content) => {
          const path = folder.path(`${name}-anything`)
          await writeFile(path, content)
          const items = await itemsOrRefusal(source, path)
          if (items === null) return
          expect(items).toHaveLength(countLines(content))
          expect(items.reduce((sum, item) => sum + item.bytes, 0)).toBe(content.length)
          expect(items.map((item) => item.place)).toEqual(
            items.map((_, index) => ({ path, line: index + 1 })),
          )
          for (const item of items) {
            kinds.add(item.kind)
            if (item.kind === 'problem')
              expect([remedyFor(item.code), item.reason]).toEqual([
                expect.stringMatching(/\.$/),
                expect.stringMatching(/./),
              ])
          }
        }),
        { numRuns: 300 },
      )
      expect(kinds).toContain('problem')
      expect(kinds).toContain('candidate')
    })

    it('keeps the bytes of every line that it could not take', async () => {
      await fc.assert(
        fc.asyncProperty(anything, async (content) => {
          const path = folder.path(`${name}-kept`)
          await writeFile(path, content)
          const lines = content.toString('latin1').split('\n')
          for (const item of (await itemsOrRefusal(source, path)) ?? []) {
            if (item.kind !== 'problem') continue
            expect(Buffer.from(item.raw ?? []).toString('latin1')).toBe(lines[item.place.line - 1])
          }
        }),
      )
    })

    it('goes on from any line as if it had read what stands before it', async () => {
      await fc.assert(
        fc.asyncProperty(anything, fc.double({ min: 0, max: 1, noNaN: true }), async (content, part) => {
          const path = folder.path(`${name}-on`)
          await writeFile(path, content)
          const all = await itemsOrRefusal(source, path)
          if (all === null) return
          const line = Math.floor(part * all.length)
          const offset = all.slice(0, line).reduce((sum, item) => sum + item.bytes, 0)
          const rest: SourceItem[] = []
          let end: FileEnd | undefined
          const onEnd = (seen: FileEnd) => {
            end = seen
          }
          for await (const items of source.open(path, { from: { offset, line }, onEnd })) rest.push(...items)
          expect(rest).toEqual(all.slice(line))
          expect(end).toMatchObject({ bytes: content.length, lines: all.length })
        }),
      )
    })

    it('gives the same items for the same bytes', async () => {
      const content = Buffer.concat([example, Buffer.from('\n{"broken\n'), example])
      const path = await folder.write(content)
      const first = await itemsOf(source, path)
      expect(await itemsOf(source, path)).toEqual(first)
      expect(first.length).toBeGreaterThan(2)
    })

    it('loses nothing to a BOM, to CRLF or to a missing last line feed', async () => {
      const plain = await itemsOf(source, await folder.write(example))
      const facts = (items: SourceItem[]) =>
        items.map((item) => (item.kind === 'candidate' ? item.facts : item.kind))
      const text = source.example.content
      for (const variant of [`\ufeff${text}`, text.replaceAll('\n', '\r\n'), text.replace(/\n$/, '')]) {
        expect(facts(await itemsOf(source, await folder.write(variant)))).toEqual(facts(plain))
      }
    })

    it('reads an empty file as no line, and blank lines as blank', async () => {
      expect(await itemsOf(source, await folder.write(''))).toEqual([])
      const kinds = (await itemsOf(source, await folder.write('\n  \n\t\r\n '))).map((item) => item.kind)
      expect(kinds).toEqual(['blank', 'blank', 'blank', 'blank'])
    })

    it('throws with a code on what cannot be read at all: nothing there, a directory, a FIFO', async () => {
      const fifo = folder.path(`${name}-fifo`)
      execFileSync('mkfifo', [fifo])
      await expect(itemsOf(source, folder.path('missing'))).rejects.toMatchObject({ code: 'ENOENT' })
      await expect(itemsOf(source, folder.path('.'))).rejects.toMatchObject({ code: 'NOT_REGULAR' })
      await expect(itemsOf(source, fifo)).rejects.toMatchObject({ code: 'NOT_REGULAR' })
    })

    it('stops when it is told to', async () => {
      const path = await folder.write(example)
      const reading = itemsOf(source, path, AbortSignal.abort(new Error('enough')))
      await expect(reading).rejects.toThrow('enough')
    })
  },
)
