/** Proves that a filter survives its way through the address, and that an address typed by hand does no harm. */
import { describe, expect, it } from 'vitest'
import { addressOf, filterOf, type QueueFilter } from './address.ts'

describe('a filter in the address', () => {
  it.each<[string, QueueFilter]>([
    ['nothing', {}],
    ['a run', { run_id: 'run 1/ü&?' }],
    ['all four', { run_id: 'r', model_name: 'Qwen/Qwen2.5', task_type: 'code', score_band: 'none' }],
  ])('comes back as it went: %s', (_, filter) => {
    expect(filterOf(JSON.parse(JSON.stringify(addressOf(filter))))).toEqual(filter)
  })

  it('has short names', () => {
    expect(addressOf({ run_id: 'a', model_name: 'b', task_type: 'c', score_band: 'low' })).toEqual({
      run: 'a',
      model: 'b',
      task_type: 'c',
      score: 'low',
    })
  })

  it('leaves out what is not chosen', () => {
    expect(addressOf({ run_id: undefined, model_name: '' })).toEqual({})
    expect(filterOf({ run: '', model: null })).toEqual({})
  })

  it('takes the first of two and no band that there is not', () => {
    expect(filterOf({ run: ['a', 'b'], score: 'superb' })).toEqual({ run_id: 'a' })
  })
})
