/** Imports of real files into both engines: what is counted, what is kept, and how a later import goes on. */
import { appendFile, link, symlink, truncate, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { eachEngine } from '../../tests/support/each-engine.ts'
import { exported } from '../../tests/support/export-query.ts'
import { locksOn, TELLS_LOCKS } from '../../tests/support/locks-on.ts'
import { makeRecord, toJsonl } from '../../tests/support/make-record.ts'
import { tempFolder } from '../../tests/support/temp-folder.ts'
import { testDeps } from '../../tests/support/test-deps.ts'
import { sources } from '../sources/index.ts'
import type { Source } from '../sources/source.ts'
import { openSqlite } from '../store/dialect.ts'
import { migrated, type Store } from '../store/open.ts'
import { readPayloads } from '../store/payloads.ts'
import { verifyStore } from '../store/verify.ts'
import { checkNothingLost } from './import-file.ts'
import { readImportReport, readProblemLines } from './import-ledger.ts'
import { CANCELLED, type ImportOptions, importRun } from './import-run.ts'

const source = sources.get('benchmark') as Source
const folder = tempFolder()

async function run(store: Store, paths: string | string[], options: Partial<ImportOptions> = {}) {
  const deps = testDeps(store)
  const ended = await importRun(deps, [paths].flat(), { source, reviewer: 'ada', ...options })
  const page = { offset: 0, limit: 100 }
  return { ...ended, report: await readImportReport(deps, String(ended.import_id), page, () => null) }
}

async function rejectedOf(store: Store, importId: number): Promise<string> {
  const chunks: Uint8Array[] = []
  const lines = await readProblemLines(testDeps(store), String(importId), 'rejected')
  for await (const line of lines) chunks.push(line)
  return Buffer.concat(chunks).toString()
}

async function countProblems(store: Store): Promise<number> {
  return (await store.db.selectFrom('import_problems').select('seq').execute()).length
}

const GOOD = makeRecord(1)
const MIXED = [
  JSON.stringify(GOOD),
  '',
  JSON.stringify(GOOD),
  JSON.stringify({ ...GOOD, model_response: 'other' }),
  '[1]',
  JSON.stringify(makeRecord(2, { status: 'approved', corrected_response: 'right' })),
  '{"id": "x',
].join('\n')

eachEngine((open) => {
  it('reports an unchanged file as before, from its hash alone, and stores nothing twice', async () => {
    const { store } = await open()
    const path = await folder.write(MIXED)
    const first = await run(store, path)
    const before = await countProblems(store)
    const again = await run(store, path)
    expect(first.totals).toMatchObject({
      lines: 7,
      imported: 2,
      duplicate: 1,
      conflict: 1,
      rejected: 2,
      blank: 1,
    })
    expect(again.totals).toEqual({ ...first.totals, imported: 0, duplicate: 3 })
    expect(again.report.problems).toEqual(first.report.problems)
    expect(again.report.conflicts).toEqual(first.report.conflicts)
    expect(again.report.problems).toMatchObject([
      {
        line: 5,
        code: 'NOT_OBJECT',
        text: '[1]',
        is_cut: false,
        remedy: expect.stringContaining('one record'),
      },
      { line: 7, code: 'TRUNCATED_LAST_LINE', text: '{"id": "x' },
    ])
    expect(await countProblems(store)).toBe(before)
    expect(await rejectedOf(store, again.import_id)).toBe('[1]\n{"id": "x\n')
    expect((await verifyStore(store)).differences).toEqual([])
  })

  it('reads a grown file from where it ended, and its cut-off last line again', async () => {
    const { store } = await open()
    const whole = `[1]\n${toJsonl([makeRecord(1), makeRecord(2)])}`
    const path = await folder.write(whole.slice(0, -30))
    expect((await run(store, path)).report.problems.map(({ line }) => line)).toEqual([1, 3])
    await appendFile(path, `${whole.slice(-30)}[2]\n`)
    const grown = await run(store, path)
    expect(grown.totals).toMatchObject({ lines: 4, imported: 1, duplicate: 1, rejected: 2 })
    expect(grown.report.problems.map(({ line, code }) => [line, code])).toEqual([
      [1, 'NOT_OBJECT'],
      [4, 'NOT_OBJECT'],
    ])
    expect(await countProblems(store)).toBe(3)
    await appendFile(path, '\n')
    const third = await run(store, path)
    expect(third.totals).toMatchObject({ lines: 5, imported: 0, duplicate: 2, rejected: 2, blank: 1 })
    expect(third.report.problems).toEqual(grown.report.problems)
    expect(await countProblems(store)).toBe(3)
  })

  it('leaves a last line that is cut off for later while somebody writes it', async () => {
    const { store } = await open()
    const line = JSON.stringify(makeRecord(2))
    const path = await folder.write(`${toJsonl([makeRecord(1)])}${line.slice(0, 50)}`)
    expect((await run(store, path, { leaveTail: true })).totals).toMatchObject({ lines: 1, imported: 1 })
    await appendFile(path, line.slice(50))
    expect((await run(store, path, { leaveTail: true })).totals).toMatchObject({ lines: 2, imported: 1 })
    await appendFile(path, `\n${JSON.stringify(makeRecord(3)).slice(0, 50)}`)
    expect((await run(store, path, { leaveTail: true })).totals).toMatchObject({ lines: 2, duplicate: 2 })
  })

  it('tells of a mended line no more, and of one broken otherwise as it is', async () => {
    const { store } = await open()
    const start = toJsonl([makeRecord(1), makeRecord(2)])
    const end = toJsonl([makeRecord(4), makeRecord(5)])
    const path = await folder.write(start)
    const content = async (text: string) => {
      await writeFile(path, text)
      const { report, totals } = await run(store, path)
      const told = report.problems.map(({ line, text }) => [line, text])
      return { told, lines: totals.lines, rejected: totals.rejected }
    }
    await content(start)
    expect(await content(`${start}{"old\n${end}`)).toEqual({ told: [[3, '{"old']], lines: 5, rejected: 1 })
    expect(await content(`${start}{"new\n${end}`)).toEqual({ told: [[3, '{"new']], lines: 5, rejected: 1 })
    expect(await content(start)).toEqual({ told: [], lines: 2, rejected: 0 })
    const mended = `${start}${toJsonl([makeRecord(3)])}${end}`
    expect(await content(mended)).toEqual({ told: [], lines: 5, rejected: 0 })
    expect(await content(`${mended}[6]\n`)).toEqual({ told: [[6, '[6]']], lines: 6, rejected: 1 })
    expect(await content(`${mended}[6]\n[7]\n`)).toMatchObject({ rejected: 2 })
  })

  it('gives every line back that it could not take, of many and of several imports', async () => {
    const { store } = await open()
    const bad = [...Array(5000).keys()].map((n) => `[${n}]`)
    const other = await folder.write(`${toJsonl([makeRecord(1)])}[]\n`)
    const path = await folder.write(`${toJsonl([makeRecord(2)])}${bad.slice(0, 3000).join('\n')}\n`)
    await run(store, [path, other])
    await appendFile(path, `${bad.slice(3000).join('\n')}\n`)
    const { import_id, totals } = await run(store, [other, path])
    expect(totals.rejected).toBe(5001)
    expect(await rejectedOf(store, import_id)).toBe(`${['[]', ...bad].join('\n')}\n`)
  })

  it('reads a file anew whose beginning has changed, or that became shorter', async () => {
    const { store } = await open()
    const path = await folder.write(toJsonl([makeRecord(1), makeRecord(2), makeRecord(3)]))
    await run(store, path)
    await writeFile(path, toJsonl([makeRecord(9), makeRecord(2), makeRecord(3), makeRecord(4)]))
    expect((await run(store, path)).totals).toMatchObject({ lines: 4, imported: 2, duplicate: 2 })
    await truncate(path, toJsonl([makeRecord(9), makeRecord(2)]).length)
    expect((await run(store, path)).totals).toMatchObject({ lines: 2, imported: 0, duplicate: 2 })
  })

  it('keeps what was committed when it is cancelled, and goes on from there', async () => {
    const { store } = await open()
    const model_response = 'wrong '.repeat(500)
    const records = [...Array(2000).keys()].map((n) => makeRecord(n, { model_response }))
    const path = await folder.write(toJsonl(records))
    const stopping = new AbortController()
    const onProgress = ({ lines }: { lines: number }) => lines > 500 && stopping.abort(CANCELLED)
    const cancelled = await run(store, path, { signal: stopping.signal, onProgress })
    expect(cancelled.state).toBe('cancelled')
    expect(cancelled.totals.imported).toBeGreaterThan(500)
    expect(cancelled.totals.imported).toBeLessThan(2000)
    expect(cancelled.report.trouble).toContain('import again to go on')
    const rest = await run(store, path)
    expect(rest.totals).toMatchObject({
      lines: 2000,
      imported: 2000 - cancelled.totals.imported,
      duplicate: cancelled.totals.imported,
    })
    expect((await verifyStore(store)).candidates).toBe(2000)
  })

  it('imports a file once that two of them read at the same time', async () => {
    const { store, again } = await open()
    const other = await again()
    const records = [...Array(3000).keys()].map((n) => makeRecord(n))
    const path = await folder.write(`${toJsonl(records)}[1]\n`)
    const [a, b] = await Promise.all([run(store, path), run(other, path)])
    expect(a.totals.imported + b.totals.imported).toBe(3000)
    for (const { totals } of [a, b]) expect(totals).toMatchObject({ lines: 3001, rejected: 1, conflict: 0 })
    const third = await run(store, path)
    expect(third.totals).toMatchObject({ lines: 3001, imported: 0, duplicate: 3000, rejected: 1 })
    expect(third.report.problems).toHaveLength(1)
    expect((await verifyStore(store)).differences).toEqual([])
  })

  it('keeps the bytes of a batch that waits for the next one, while the file is read on', async () => {
    const { store } = await open()
    const lengths = [...Array(400).fill(600), 800_000, ...Array(3000).fill(600)]
    const lines = lengths.map((length, n) =>
      JSON.stringify(makeRecord(n, { model_response: String(n % 10).repeat(length) })),
    )
    await run(store, await folder.write(lines.join('\n')))
    const places = await store.db.selectFrom('candidates').selectAll().orderBy('seq').execute()
    const kept = await readPayloads(store.db, places)
    expect(kept.map((raw) => Buffer.from(raw).toString())).toEqual(lines)
  })

  it('gives the same report and the same export as any other engine', async () => {
    const { store } = await open()
    const other = await migrated(openSqlite(folder.path(`other-${Math.random()}.db`)))
    const path = await folder.write(MIXED)
    const both = await Promise.all([store, other].map((each) => run(each, path)))
    expect(both[0]?.report).toEqual(both[1]?.report)
    const [mine, theirs] = await Promise.all(
      [store, other].map((each) => exported(testDeps(each), { include_imported: true })),
    )
    expect(mine?.lines).toEqual(theirs?.lines)
    expect(mine?.lines.join()).toContain('right')
    await other.close()
  })
})

describe('a thread of its own for reading', () => {
  it('comes to the same as reading here', async () => {
    const records = [...Array(5000).keys()].map((n) => makeRecord(n))
    const path = await folder.write(`${MIXED}"}\n${toJsonl(records)}`)
    const reports = []
    for (const alone of [false, true]) {
      const store = await migrated(openSqlite(folder.path(`alone-${alone}.db`)))
      const { report } = await run(store, path, { alone })
      reports.push(report)
      expect((await verifyStore(store)).differences).toEqual([])
      await store.close()
    }
    expect(reports[0]).toMatchObject({ totals: { lines: 5007, rejected: 2 } })
    expect({ ...reports[1], lines_per_second: 0 }).toEqual({ ...reports[0], lines_per_second: 0 })
  })

  it('hands over why a file cannot be read', async () => {
    const store = await migrated(openSqlite(folder.path('refused.db')))
    const path = await folder.write(Buffer.from('\ufffe{\u0000}\u0000', 'utf16le'))
    const here = await run(store, path)
    const there = await run(store, path, { alone: true })
    expect(here.report.files[0]?.refused).toBeDefined()
    expect(there.report.files[0]?.refused).toEqual(here.report.files[0]?.refused)
    await store.close()
  })
})

describe('the database itself', () => {
  it('is not read as if it were a run, by any name: that would end the lock on it', async () => {
    const store = await migrated(openSqlite(folder.path('own.db')))
    const path = await folder.write(toJsonl([makeRecord(1), makeRecord(2)]))
    await link(store.name, folder.path('another name'))
    await symlink(store.name, folder.path('a link'))
    const names = [store.name, folder.path('another name'), folder.path('a link'), `${store.name}-wal`]
    const { report } = await run(store, names)
    expect(report.files.map(({ refused }) => refused?.reason)).toEqual(
      names.map(() => 'it is the database of Avocet itself'),
    )
    expect(locksOn(store)).toBe(TELLS_LOCKS ? 1 : 0)
    expect((await run(store, path)).report.totals.imported).toBe(2)
    await store.close()
  })
})

describe('the law that nothing is lost', () => {
  const counts = { lines: 3, imported: 1, duplicate: 1, conflict: 0, rejected: 1, skipped: 0, blank: 0 }
  const end = { bytes: 100, lines: 3, warnings: [] }

  it('holds when every line has one place', () => {
    expect(() => checkNothingLost('f', counts, { bytes: 100, lines: 3 }, end)).not.toThrow()
  })

  it.each([
    ['a line without a place', { ...counts, imported: 0 }, { bytes: 100, lines: 3 }],
    ['a line that never came', { ...counts, lines: 2, imported: 0 }, { bytes: 100, lines: 2 }],
    ['bytes that never came', counts, { bytes: 99, lines: 3 }],
  ])('is broken by %s, and says so in words', (_, wrong, at) => {
    expect(() => checkNothingLost('f', wrong, at, end)).toThrow(/fault of Avocet: of f it read 3 lines/)
  })
})
