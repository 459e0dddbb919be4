/** Files that a harness, or anybody else, changes while they are read. */
import { appendFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { tempFolder } from '../../tests/support/temp-folder.ts'
import { readLines } from './read-lines.ts'
import type { FileEnd } from './source.ts'

const MIB = 1024 * 1024
const folder = tempFolder()
const CONTENT = `{"a":"${'x'.repeat(MIB)}"}\n`.repeat(3)

/** Reads a file of three lines, does something to it after the first, and tells what came of it. */
async function readWhile(change: (path: string) => Promise<void>): Promise<{ lines: number; end: string[] }> {
  const path = await folder.write(CONTENT)
  const seen = { lines: 0, end: [] as string[] }
  const onEnd = ({ warnings }: FileEnd) => {
    seen.end = warnings
  }
  try {
    for await (const lines of readLines(path, { onEnd })) {
      if (seen.lines === 0) await change(path)
      seen.lines += lines.length
    }
  } catch (error) {
    seen.end = [(error as { code: string }).code]
  }
  return seen
}

it('tells of a file that grew, and reads it to where it ended', async () => {
  expect(await readWhile((path) => appendFile(path, '{}\n'))).toEqual({ lines: 3, end: ['GREW'] })
})

it('tells of a file that was deleted, and reads it to its end', async () => {
  expect(await readWhile((path) => rm(path))).toEqual({ lines: 3, end: ['DELETED_DURING_IMPORT'] })
})

it.each([
  ['became shorter', 2, (path: string) => truncate(path, 2 * MIB + 50)],
  [
    'gave way to another of its name',
    3,
    async (path: string) => {
      await rename(path, `${path}.1`)
      await writeFile(path, CONTENT)
    },
  ],
  ['was written over, as long as before', 3, (path: string) => writeFile(path, CONTENT.replaceAll('x', 'y'))],
  ['was written over, longer than before', 3, (path: string) => writeFile(path, `[${CONTENT}`)],
])('refuses a file that %s, behind the lines that were read', async (_, lines, change) => {
  const seen = await readWhile(change)
  expect(seen.end).toEqual(['CHANGED_DURING_IMPORT'])
  expect(seen.lines).toBeGreaterThan(0)
  expect(seen.lines).toBeLessThanOrEqual(lines)
})

it('tells nothing of a file that stayed as it was', async () => {
  expect(await readWhile(async () => {})).toEqual({ lines: 3, end: [] })
})
