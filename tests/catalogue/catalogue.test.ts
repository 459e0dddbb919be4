/** Every row of the catalogue of odd inputs, through the real importer into a real store. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { remedyFor, WARNINGS } from '../../src/domain/import-problems.ts'
import benchmark from '../../src/sources/benchmark.ts'
import { openSqlite } from '../../src/store/dialect.ts'
import { migrated, type Store } from '../../src/store/open.ts'
import { verifyStore } from '../../src/store/verify.ts'
import { readImportReport } from '../../src/workflow/import-ledger.ts'
import { importRun } from '../../src/workflow/import-run.ts'
import { eachEngine } from '../support/each-engine.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { testDeps } from '../support/test-deps.ts'
import { FILE_ROWS, PACKED_ROWS } from './files.ts'
import { ENCODING_ROWS, JSON_ROWS, NUMBER_ROWS } from './lines.ts'
import { FIELD_ROWS, IDENTITY_ROWS } from './records.ts'
import type { Expected, Row } from './row.ts'

const folder = tempFolder()
const GROUPS = {
  'bytes and lines': ENCODING_ROWS,
  JSON: JSON_ROWS,
  numbers: NUMBER_ROWS,
  identity: IDENTITY_ROWS,
  fields: FIELD_ROWS,
  files: FILE_ROWS,
  'compressed files': PACKED_ROWS,
}

/** Lays the row's input down, once, and says which path to import. */
async function lay(row: Row): Promise<string> {
  const place = folder.path(row.id)
  const name = row.name ?? 'sft_candidates.jsonl'
  const isNew = (await mkdir(place, { recursive: true })) !== undefined
  if (isNew && typeof row.file === 'function') await row.file(place)
  else if (isNew) await writeFile(join(place, name), row.file as string)
  return join(place, name)
}

async function report(store: Store, path: string) {
  const deps = testDeps(store)
  const { import_id } = await importRun(deps, [path], { source: benchmark, reviewer: 'ada' })
  return readImportReport(deps, String(import_id), { offset: 0, limit: 100 }, () => null)
}

type Report = Awaited<ReturnType<typeof report>>

function summaryOf({ totals, problems, files, warnings, ignored }: Report): Required<Expected> {
  const { imported, duplicate, conflict, blank } = totals
  return {
    ...{ imported, duplicate, conflict, blank, ignored: ignored.count },
    rejected: problems.map(({ code }) => code),
    refused: files.flatMap(({ refused }) => (refused ? [refused.code] : [])),
    warnings: Object.keys(warnings).sort(),
  }
}

function expectedOf({ id, what, file, name, ...expected }: Row): Required<Expected> {
  const nothing = { imported: 0, duplicate: 0, conflict: 0, blank: 0, ignored: 0 }
  return { ...nothing, rejected: [], refused: [], warnings: [], ...expected }
}

function expectWords({ problems, conflicts, files, warnings }: Report): void {
  const found = [...problems, ...conflicts, ...files.flatMap(({ refused }) => refused ?? [])]
  for (const { code, reason } of found) {
    expect(reason).not.toBe('')
    expect(remedyFor(code), code).toMatch(/\.$/)
  }
  for (const code of Object.keys(warnings)) expect(WARNINGS).toHaveProperty(code)
}

/** What the file came to the first time is known the second time; everything else is said again. */
function secondTime({ imported, duplicate, ...expected }: Required<Expected>): Required<Expected> {
  return { ...expected, imported: 0, duplicate: duplicate + imported }
}

describe.each(Object.entries(GROUPS))('%s', (_, rows) => {
  it.each(rows.map((row) => [row.id, row.what, row] as const))('%s: %s', async (_, __, row) => {
    const store = await migrated(openSqlite(folder.path(`${row.id}.db`)))
    try {
      const path = await lay(row)
      const first = await report(store, path)
      expectWords(first)
      expect(summaryOf(first)).toEqual(expectedOf(row))
      const again = summaryOf(await report(store, path))
      expect({ ...again, warnings: [] }).toEqual({ ...secondTime(expectedOf(row)), warnings: [] })
      expect((await verifyStore(store)).differences).toEqual([])
      expect({}).not.toHaveProperty('polluted')
    } finally {
      await store.close()
    }
  })
})

describe('both engines', () => {
  const summaries: Record<string, unknown>[] = []

  eachEngine((open) => {
    it('tell the same of every row, all of them in one store', async () => {
      const { store } = await open()
      const told: Record<string, unknown> = {}
      for (const row of Object.values(GROUPS).flat()) {
        const { totals, problems, conflicts, files, warnings } = await report(store, await lay(row))
        told[row.id] = { totals, problems, conflicts, refused: files.map(({ refused }) => refused), warnings }
      }
      summaries.push(told)
      expect(told).toEqual(summaries[0])
    }, 120_000)
  })
})
