/** Proves that every state of the list survives its way through the address, and how a column is sorted. */
import { describe, expect, it } from 'vitest'
import { addressOfList, type ListQuery, listOf, nextSort } from './list-address.ts'

describe('the list in the address', () => {
  it.each<ListQuery>([
    {},
    { q: 'two words', page: 3 },
    { status: 'model_rejected', failure_category: 'none', sort: 'decided', order: 'desc' },
    { run_id: 'r', model_name: 'm', task_type: 't', score_band: 'high', failure_category: 'hallucination' },
  ])('comes back as it went: %j', (list) => {
    const query = Object.fromEntries(
      Object.entries(addressOfList(list)).map(([key, value]) => [key, String(value)]),
    )
    expect(listOf(query)).toEqual(list)
  })

  it.each([{ page: '0' }, { page: '-2' }, { page: '1.5' }, { page: 'x' }, { page: '1' }])(
    'begins at the first page for %j',
    (query) => {
      expect(listOf(query)).toEqual({})
    },
  )

  it('takes no status, reason, column or order that there is not', () => {
    expect(listOf({ status: 'lost', category: 'bad', sort: 'colour', order: 'up' })).toEqual({})
  })
})

describe('a column', () => {
  it('is sorted upwards, downwards, then not at all', () => {
    const up = nextSort({}, 'task')
    const down = nextSort(up, 'task')
    expect([up, down, nextSort(down, 'task')]).toEqual([
      { sort: 'task', order: 'asc' },
      { sort: 'task', order: 'desc' },
      { sort: undefined, order: undefined },
    ])
  })

  it('of times begins with the latest', () => {
    expect(nextSort({ sort: 'task', order: 'desc' }, 'decided')).toEqual({ sort: 'decided', order: 'desc' })
    expect(nextSort({ sort: 'decided', order: 'desc' }, 'decided')).toEqual({ sort: 'decided', order: 'asc' })
  })
})
