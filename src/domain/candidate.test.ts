import { describe, expect, it } from 'vitest'
import { makeRecord, RUN_ID } from '../../tests/support/make-record.ts'
import { type Facts, type Message, textMessages, toQueueItem, UNDECIDED } from './candidate.ts'
import { readRecord } from './record.ts'

function factsOf(fields: Record<string, unknown> = {}): Facts {
  const reading = readRecord(makeRecord(1, fields))
  if ('fault' in reading) throw new Error(reading.fault.reason)
  return reading.facts
}

const PLACE = { run_id: RUN_ID, version: 3 }

describe('toQueueItem', () => {
  it('shows every known field under the name of the record', () => {
    const item = toQueueItem(factsOf(), UNDECIDED, PLACE)
    const { benchmark_run_id } = item
    expect(item).toEqual({
      ...makeRecord(1),
      benchmark_run_id,
      failure_category: null,
      run_id: RUN_ID,
      version: 3,
      decided_elsewhere: false,
    })
  })

  it('always says that a correction is missing, as null', () => {
    const item = toQueueItem(factsOf({ corrected_response: undefined }), UNDECIDED, PLACE)
    expect(JSON.parse(JSON.stringify(item))).toHaveProperty('corrected_response', null)
    expect(JSON.parse(JSON.stringify(item))).toHaveProperty('failure_category', null)
  })

  it('shows the standing it is given, not the one of the import', () => {
    const standing = {
      status: 'approved',
      corrected_response: '  x = 1\n',
      failure_category: 'wrong_answer',
    } as const
    expect(toQueueItem(factsOf(), standing, PLACE)).toMatchObject(standing)
  })

  it('marks a candidate that came in decided', () => {
    expect(toQueueItem(factsOf({ status: 'discarded' }), UNDECIDED, PLACE).decided_elsewhere).toBe(true)
  })

  it('keeps unknown keys at the top level, and lets none of them hide ours', () => {
    const facts = factsOf({ prompt_hash: 'abc', run_id: 'forged', version: 99, decided_elsewhere: true })
    const item = toQueueItem(facts, UNDECIDED, PLACE)
    expect(item).toMatchObject({ prompt_hash: 'abc', run_id: RUN_ID, version: 3, decided_elsewhere: false })
    expect(item).not.toHaveProperty('extra')
    expect(item).not.toHaveProperty('decided')
  })

  it('keeps a key named __proto__ as a key', () => {
    const json: unknown = JSON.parse(
      `{"__proto__":{"status":"approved","polluted":1},${JSON.stringify(makeRecord(1)).slice(1)}`,
    )
    const reading = readRecord(json)
    if ('fault' in reading) throw new Error(reading.fault.reason)
    const item = toQueueItem(reading.facts, UNDECIDED, PLACE)
    expect(Object.getPrototypeOf(item)).toBe(Object.prototype)
    expect(item).not.toHaveProperty('polluted')
    expect(JSON.stringify(item)).toContain('"__proto__":{"status":"approved","polluted":1}')
  })
})

describe('textMessages', () => {
  it('gives role and text of each message, in order, and nothing else of it', () => {
    const messages: Message[] = [
      { role: 'system', content: '', name: 'x' },
      { role: 'user', content: 'Hi' },
    ]
    expect(textMessages(messages)).toEqual([
      { role: 'system', content: '' },
      { role: 'user', content: 'Hi' },
    ])
  })

  it('gives an empty list for an empty prompt', () => {
    expect(textMessages([])).toEqual([])
  })

  it.each([
    ['null beside tool calls', { role: 'assistant', content: null, tool_calls: [{ id: 'a' }] }],
    ['parts', { role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    ['no content', { role: 'user' } as unknown as Message],
  ])('gives null where one message holds %s', (_, message) => {
    expect(textMessages([{ role: 'user', content: 'text' }, message])).toBeNull()
  })
})
