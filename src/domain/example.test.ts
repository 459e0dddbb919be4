import { describe, expect, it } from 'vitest'
import { makeRecord } from '../../tests/support/make-record.ts'
import { type Facts, STATUSES, type Standing } from './candidate.ts'
import {
  type Example,
  toExample as exampleOf,
  type LeftOut,
  pairFault,
  promptFault,
  type Teaching,
  toAccount,
} from './example.ts'
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

const ABOUT: Teaching['about'] = {
  ...{ run_id: 'run-a', model_name: null, task_type: null, task_name: null, quality_score: 0.3 },
  ...{ status: 'approved', reviewer: 'ada', decided_at: '2026-04-07T12:00:00.000Z' },
}

function teachingOf(facts: Facts, standing: Standing): Teaching {
  const { id, prompt_messages, model_response } = facts
  return {
    id,
    prompt_messages,
    model_response,
    decided_elsewhere: facts.decided !== null,
    standing,
    about: ABOUT,
  }
}

function toExample(facts: Facts, standing: Standing, includeImported: boolean): Example | LeftOut {
  return exampleOf(teachingOf(facts, standing), includeImported)
}

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
      about: ABOUT,
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

describe('pairFault', () => {
  const pair = (rejected: string, completion: string, failure_category: Example['failure_category'] = null) =>
    pairFault({ id: '1', prompt: [], rejected, completion, failure_category, about: ABOUT })

  it.each([
    ['nothing to say of two different answers', 'a', 'b', null],
    ['an empty answer', '', 'b', 'empty_answer'],
    ['an answer of white space', ' \n\u3000', 'b', 'empty_answer'],
    ['the same answer', 'b', 'b', 'same_answer'],
    ['the same answer but for white space around it', '\n b\t', 'b', 'same_answer'],
    ['nothing to say of white space inside', 'a b', 'a  b', null],
  ])('finds %s', (_, rejected, completion, fault) => {
    expect(pair(rejected, completion)).toBe(fault)
  })

  it('finds an answer that was right', () => {
    expect(pair('a', 'b', 'scoring_artifact')).toBe('scoring_artifact')
    expect(pair('a', 'b', 'wrong_answer')).toBeNull()
  })
})

describe('toAccount', () => {
  it('leaves nothing out and shows as JSON what is no text', () => {
    const facts = factsOf({
      prompt_messages: [...IMAGE, { role: 'assistant', content: null, tool_calls: [] }],
    })
    const standing: Standing = { status: 'discarded', corrected_response: null, failure_category: null }
    expect(toAccount(teachingOf(facts, standing))).toMatchObject({
      prompt: [
        { role: 'user', content: '[{"type":"image_url"}]' },
        { role: 'assistant', content: 'null' },
      ],
      completion: '',
      rejected: 'wrong answer 1',
    })
  })
})
