import { describe, expect, it } from 'vitest'
import { makeRecord } from '../../tests/support/make-record.ts'
import { type Facts, STATUSES, type Standing } from './candidate.ts'
import { LEFT_OUT_WORDS, promptFault, toExample } from './example.ts'
import { readRecord } from './record.ts'

function factsOf(fields: Record<string, unknown> = {}): Facts {
  const reading = readRecord(makeRecord(1, fields))
  if ('fault' in reading) throw new Error(reading.fault.reason)
  return reading.facts
}

const APPROVED: Standing = {
  status: 'approved',
  corrected_response: '    return n * 2\n',
  failure_category: 'partial_answer',
}
const ELSEWHERE = { status: 'approved', corrected_response: 'decided before' }
const IMAGE = [{ role: 'user', content: [{ type: 'image_url' }] }]

describe('toExample', () => {
  it('takes prompt, correction, wrong answer and category as they are', () => {
    const prompt_messages = [
      { role: 'system', content: '' },
      { role: 'user', content: '  Indent\u2028\n' },
    ]
    expect(toExample(factsOf({ prompt_messages }), APPROVED, false)).toEqual({
      id: 'record-0001',
      prompt: prompt_messages,
      completion: '    return n * 2\n',
      rejected: 'wrong answer 1',
      failure_category: 'partial_answer',
    })
  })

  it('takes of a message its role and text only', () => {
    const example = toExample(
      factsOf({ prompt_messages: [{ role: 'user', content: 'Hi', name: 'Ada' }] }),
      APPROVED,
      false,
    )
    expect(example).toHaveProperty('prompt', [{ role: 'user', content: 'Hi' }])
  })

  it('takes no category for null', () => {
    const example = toExample(factsOf(), { ...APPROVED, failure_category: null }, false)
    expect(example).toHaveProperty('failure_category', null)
  })

  it.each(STATUSES.filter((status) => status !== 'approved'))('leaves out %s, even with a text', (status) => {
    expect(toExample(factsOf(), { ...APPROVED, status }, true)).toBe('not_approved')
  })

  it.each([[null], [''], ['  \n\u3000']])('leaves out an approval with %j for text', (corrected_response) => {
    expect(toExample(factsOf(), { ...APPROVED, corrected_response }, true)).toBe('no_correction')
  })

  it('leaves out an empty prompt', () => {
    expect(toExample(factsOf({ prompt_messages: [] }), APPROVED, true)).toBe('empty_prompt')
  })

  it('leaves out a prompt that holds more than text', () => {
    expect(toExample(factsOf({ prompt_messages: IMAGE }), APPROVED, true)).toBe('prompt_not_text')
  })

  it('takes what was decided elsewhere only when asked to', () => {
    const facts = factsOf(ELSEWHERE)
    if (!facts.decided) throw new Error('not decided')
    expect(toExample(facts, facts.decided, false)).toBe('decided_elsewhere')
    expect(toExample(facts, facts.decided, true)).toHaveProperty('completion', 'decided before')
  })

  it('turns half characters of the source into U+FFFD and keeps whole ones', () => {
    const facts = factsOf({
      prompt_messages: [{ role: 'user\ud800', content: 'a\ud83d\u{1f426}' }],
      model_response: '\udc26b',
    })
    expect(toExample(facts, { ...APPROVED, corrected_response: 'c\ud83d' }, false)).toMatchObject({
      prompt: [{ role: 'user\ufffd', content: 'a\ufffd\u{1f426}' }],
      rejected: '\ufffdb',
      completion: 'c\ufffd',
    })
  })

  it('has words for each reason that it gives', () => {
    const reasons = [
      toExample(factsOf(), { ...APPROVED, status: 'discarded' }, false),
      toExample(factsOf(), { ...APPROVED, corrected_response: null }, false),
      toExample(factsOf(ELSEWHERE), APPROVED, false),
      toExample(factsOf({ prompt_messages: [] }), APPROVED, false),
      toExample(factsOf({ prompt_messages: IMAGE }), APPROVED, false),
    ]
    expect([...reasons].sort()).toEqual(Object.keys(LEFT_OUT_WORDS).sort())
  })
})

describe('promptFault', () => {
  it.each([
    ['nothing to say of text', [{ role: 'user', content: 'Hi' }], null],
    ['an empty prompt', [], 'empty_prompt'],
    ['images', IMAGE, 'prompt_not_text'],
    ['tool calls', [{ role: 'assistant', content: null, tool_calls: [] }], 'prompt_not_text'],
  ])('finds %s', (_, prompt_messages, fault) => {
    expect(promptFault(factsOf({ prompt_messages }))).toBe(fault)
  })

  it('says before the decision what toExample says after it', () => {
    for (const prompt_messages of [[], IMAGE]) {
      const facts = factsOf({ prompt_messages })
      expect(promptFault(facts)).toBe(toExample(facts, APPROVED, false))
    }
  })
})
