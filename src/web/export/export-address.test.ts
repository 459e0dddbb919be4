/** Proves that an export comes back from its address, and a past one from the ledger. */
import { describe, expect, it } from 'vitest'
import type { LocationQuery } from 'vue-router'
import { addressOfExport, type ExportChoice, exportOf, exportOfRecord, isNarrowed } from './export-address.ts'
import { fakeRecord } from './fake-exports.ts'
import { filterWords } from './words.ts'

const ALL: ExportChoice = {
  format: 'trl-dpo',
  as: 'parquet',
  run_id: ['a', 'b'],
  model_name: ['phi'],
  task_type: ['unknown'],
  failure_category: ['wrong_answer', 'none'],
  decided_by: ['ada'],
  decided_from: '2026-04-01',
  decided_to: '2026-04-30',
  include_imported: true,
  conflicts: 'newest',
  skip_invalid: true,
}

describe('an export in the address', () => {
  it('comes back whole, with names that the lists of cards have too', () => {
    const address = addressOfExport(ALL)
    expect(address).toMatchObject({ run: ['a', 'b'], model: ['phi'], category: ['wrong_answer', 'none'] })
    expect(exportOf(address as LocationQuery)).toEqual(ALL)
  })

  it('takes one value as a list of one, and a value once', () => {
    expect(exportOf({ run: 'a', model: ['x', 'x', null, ''] })).toEqual({ run_id: ['a'], model_name: ['x'] })
  })

  it('leaves out what nobody could mean', () => {
    const query = { as: 'zip', category: 'bad', from: 'soon', conflicts: 'x', imported: 'maybe', format: '' }
    expect(exportOf(query)).toEqual({})
  })

  it('is narrowed by filters and dates, not by its shape', () => {
    expect(isNarrowed({ format: 'kto', as: 'parquet', skip_invalid: true, conflicts: 'newest' })).toBe(false)
    expect(isNarrowed({ decided_to: '2026-04-30' })).toBe(true)
    expect(isNarrowed({ run_id: ['a'] })).toBe(true)
  })
})

describe('a past export', () => {
  it('is asked for again as it was', () => {
    const { format, as, ...rest } = ALL
    const query = rest as Record<string, string | string[] | boolean>
    expect(exportOfRecord(fakeRecord({ format: 'trl-dpo', as: 'parquet', query }))).toEqual(ALL)
  })

  it('is told in words', () => {
    const run = (id: string) => `dir-${id}`
    expect(filterWords(ALL, run)).toBe(
      'dir-a or dir-b · phi · unknown · Wrong answer or No reason given · by ada · from 2026-04-01 · ' +
        'to 2026-04-30 · with those decided before the import · the newest of each prompt · ' +
        'without what trainers refuse',
    )
    expect(filterWords({ format: 'sft' }, run)).toBe('everything')
  })
})
