/** The reader and the importer on input that nobody wrote by hand: 10 000 lines, or as many millions as are asked for. */
import { writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import benchmark from '../../src/sources/benchmark.ts'
import { openSqlite } from '../../src/store/dialect.ts'
import { migrated } from '../../src/store/open.ts'
import { verifyStore } from '../../src/store/verify.ts'
import { importRun } from '../../src/workflow/import-run.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { testDeps } from '../support/test-deps.ts'
import { anyFile, holdToLaws } from './fuzz.ts'

const folder = tempFolder()
const isLong = process.env.AVOCET_LONG === '1'
const LINES = Number(process.env.AVOCET_FUZZ_LINES ?? (isLong ? 10_000_000 : 10_000))
const HOURS = 3_600_000

it(`gives each of ${LINES} lines one fate, and changes no byte of what it keeps`, {
  timeout: 12 * HOURS,
}, async () => {
  const path = folder.path('any.jsonl')
  const seen = { lines: 0, files: 0 }
  while (seen.lines < LINES) {
    const law = fc.asyncProperty(anyFile, async (file) => {
      seen.lines += await holdToLaws(path, file)
      seen.files += 1
    })
    await fc.assert(law, { numRuns: 100 })
  }
  expect(seen.lines / seen.files).toBeGreaterThan(20)
})

it('imports any file: the counts add up, and the second time nothing is new', {
  timeout: HOURS,
}, async () => {
  const store = await migrated(openSqlite(folder.path('fuzz.db')))
  const path = folder.path('import.jsonl')
  const importIt = async () =>
    (await importRun(testDeps(store), [path], { source: benchmark, reviewer: 'ada' })).totals
  try {
    const law = fc.asyncProperty(anyFile, async (file) => {
      await writeFile(path, file)
      const { lines, ...fates } = await importIt()
      expect(Object.values(fates).reduce((sum, n) => sum + n)).toBe(lines)
      const again = await importIt()
      expect(again).toEqual({ ...fates, lines, imported: 0, duplicate: fates.duplicate + fates.imported })
    })
    await fc.assert(law, { numRuns: isLong ? 1000 : 40 })
    expect((await verifyStore(store)).differences).toEqual([])
  } finally {
    await store.close()
  }
})
