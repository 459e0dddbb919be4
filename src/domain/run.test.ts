import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newestRunFirst, timestampOfDirectory } from './run.ts'

type Run = { run_id: string; directory: string | null; timestamp: string | null }

function runIn(directory: string | null, run_id = `id-of-${directory}`): Run {
  return { run_id, directory, timestamp: timestampOfDirectory(directory) }
}

describe('timestampOfDirectory', () => {
  it.each([
    ['2026-04-07-143022', '2026-04-07T14:30:22'],
    ['2026-04-07_14-30-22', '2026-04-07T14:30:22'],
    ['2026-04-07T14:30:22', '2026-04-07T14:30:22'],
    ['2024-02-29-000000', '2024-02-29T00:00:00'],
    ['2026-12-31-235959', '2026-12-31T23:59:59'],
  ])('reads %s as %s', (directory, timestamp) => {
    expect(timestampOfDirectory(directory)).toBe(timestamp)
  })

  it.each([
    [null],
    [''],
    ['baseline'],
    ['2026-04-07'],
    ['2026-04-07-1430'],
    ['2026-04-07-143022-rerun'],
    ['old-2026-04-07-143022'],
    ['2026-04-07-143022\n'],
    ['2026-13-01-000000'],
    ['2026-02-30-120000'],
    ['2025-02-29-120000'],
    ['2026-04-31-120000'],
    ['2026-04-00-120000'],
    ['2026-04-07-240000'],
    ['2026-04-07-143060'],
    ['2026-04-07-146022'],
  ])('finds no time in %j', (directory) => {
    expect(timestampOfDirectory(directory)).toBeNull()
  })
})

describe('newestRunFirst', () => {
  it('sorts by the time of the directory, then those without one by name', () => {
    const names = ['baseline', '2025-12-31-235959', null, '2026-04-09-091512', 'Zeta', '2026-04-07-143022']
    const sorted = names.map((name) => runIn(name)).sort(newestRunFirst)
    expect(sorted.map((run) => run.directory)).toEqual([
      '2026-04-09-091512',
      '2026-04-07-143022',
      '2025-12-31-235959',
      'Zeta',
      'baseline',
      null,
    ])
  })

  it('breaks a tie of equal times by name, and of equal names by id', () => {
    const runs = [
      runIn('2026-04-07_14-30-22', 'a'),
      runIn('2026-04-07-143022', 'z'),
      runIn('2026-04-07-143022', 'b'),
    ]
    expect(runs.sort(newestRunFirst).map((run) => run.run_id)).toEqual(['b', 'z', 'a'])
  })

  it('names a run without a directory by its id', () => {
    const runs = [runIn('m'), runIn(null, 'z'), runIn(null, 'a')]
    expect(runs.sort(newestRunFirst).map((run) => run.directory ?? run.run_id)).toEqual(['a', 'm', 'z'])
  })

  it('leaves runs alone that are the same', () => {
    expect(newestRunFirst(runIn('a'), runIn('a'))).toBe(0)
  })

  it('gives one order, whatever order the runs came in', () => {
    const runs = fc.uniqueArray(
      fc.record({
        run_id: fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 4 }),
        directory: fc.constantFrom(
          null,
          'a',
          'b',
          '2026-04-07-143022',
          '2026-04-07_14-30-22',
          '2026-02-30-000000',
        ),
      }),
      { selector: (run) => run.run_id },
    )
    fc.assert(
      fc.property(runs, (list) => {
        const dated = list.map(({ run_id, directory }) => runIn(directory, run_id))
        const sorted = [...dated].sort(newestRunFirst)
        expect([...dated].reverse().sort(newestRunFirst)).toEqual(sorted)
        for (const [index, run] of sorted.slice(1).entries()) {
          expect(newestRunFirst(sorted[index] as Run, run)).toBeLessThanOrEqual(0)
        }
      }),
    )
  })
})
