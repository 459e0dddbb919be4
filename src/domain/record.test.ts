import { describe, expect, it } from 'vitest'
import { makeRecord, RUN_ID } from '../../tests/support/make-record.ts'
import type { Facts } from './candidate.ts'
import { cleanText, type RecordFault, type RecordReading, readRecord } from './record.ts'

type Taken = { facts: Facts; warnings: string[] }

function read(fields: Record<string, unknown>): RecordReading {
  return readRecord(makeRecord(1, fields))
}

function taken(fields: Record<string, unknown> = {}): Taken {
  const reading = read(fields)
  if ('fault' in reading) throw new Error(`${reading.fault.code}: ${reading.fault.reason}`)
  return reading
}

function faultOf(json: unknown): RecordFault {
  const reading = readRecord(json)
  if (!('fault' in reading)) throw new Error('taken')
  return reading.fault
}

const OPTIONAL = Object.keys(makeRecord(1)).filter(
  (key) => !['id', 'prompt_messages', 'model_response', 'status', 'corrected_response'].includes(key),
)

describe('a good record', () => {
  it('is taken field by field, without a warning', () => {
    const { status, corrected_response, ...known } = makeRecord(1)
    expect(taken()).toEqual({ facts: { ...known, extra: {}, decided: null }, warnings: [] })
    expect([status, corrected_response]).toEqual(['needs_review', null])
    expect(known).toHaveProperty('benchmark_run_id', RUN_ID)
  })

  it('needs id, prompt_messages and model_response, and nothing else', () => {
    const { facts, warnings } = readRecord({
      id: 'a',
      prompt_messages: [{ role: 'user' }],
      model_response: 'x',
    }) as Taken
    expect(Object.fromEntries(OPTIONAL.map((key) => [key, facts[key as keyof Facts]]))).toEqual(
      Object.fromEntries(OPTIONAL.map((key) => [key, null])),
    )
    expect(facts.decided).toBeNull()
    expect(warnings).toEqual(['FIELD_MISSING', 'STATUS_UNKNOWN', 'CONTENT_NOT_TEXT'])
  })

  it.each(OPTIONAL)('takes null for %s', (field) => {
    const { facts, warnings } = taken({ [field]: null })
    expect(facts).toHaveProperty(field, null)
    expect(warnings).toEqual([])
  })

  it('keeps unknown keys, whatever they hold, and no known one among them', () => {
    const extra = {
      seed: 1,
      Id: 'b',
      'id ': 'c',
      nested: { a: [null, '\ud800'] },
      constructor: 'x',
      hasOwnProperty: 1,
    }
    expect({ ...taken(extra).facts.extra }).toEqual(extra)
    expect(taken(extra).facts.id).toBe('record-0001')
  })

  it('keeps the text of prompt and response as it is', () => {
    const text = '  \tdef f():\r\n\u2028e\u0301\u{1f426}\u001b[0m\u202e '
    const { facts } = taken({ prompt_messages: [{ role: 'Human', content: text }], model_response: text })
    expect(facts.model_response).toBe(text)
    expect(facts.prompt_messages).toEqual([{ role: 'Human', content: text }])
  })
})

describe('a record is refused', () => {
  it.each([
    [null, 'null'],
    [42, 'a number'],
    ['text', 'a string'],
    [true, 'a boolean'],
    [[makeRecord(1)], 'an array'],
    [undefined, 'a undefined'],
  ])('when it is %j', (json, words) => {
    expect(faultOf(json)).toEqual({ code: 'NOT_OBJECT', reason: `expected a JSON object, found ${words}` })
  })

  it.each([
    [undefined, 'ID_MISSING'],
    [null, 'ID_MISSING'],
    ['', 'ID_MISSING'],
    [' \t\u3000\ufeff', 'ID_MISSING'],
    [false, 'ID_TYPE'],
    [['a'], 'ID_TYPE'],
    [{ $oid: 'a' }, 'ID_TYPE'],
    ['x'.repeat(513), 'ID_TOO_LONG'],
    ['\u{1f426}'.repeat(129), 'ID_TOO_LONG'],
    ['\u00e9'.repeat(257), 'ID_TOO_LONG'],
    ['\ud800'.repeat(171), 'ID_TOO_LONG'],
    ['x'.repeat(1_000_000), 'ID_TOO_LONG'],
  ])('for its id %j', (id, code) => {
    expect(faultOf(makeRecord(1, { id })).code).toBe(code)
  })

  it.each([
    [{ prompt_messages: undefined }, 'FIELD_MISSING', '"prompt_messages" is missing'],
    [{ prompt_messages: null }, 'FIELD_MISSING', '"prompt_messages" is missing'],
    [{ prompt_messages: 'Hi' }, 'FIELD_TYPE', '"prompt_messages" must be an array, found a string'],
    [{ prompt_messages: { role: 'user' } }, 'FIELD_TYPE', 'found an object'],
    [
      { prompt_messages: [{ role: 'user' }, 'Hi'] },
      'FIELD_TYPE',
      '"prompt_messages[1]" must be an object, found a string',
    ],
    [{ prompt_messages: [null] }, 'FIELD_TYPE', '"prompt_messages[0]" must be an object, found null'],
    [{ prompt_messages: [[]] }, 'FIELD_TYPE', 'found an array'],
    [{ prompt_messages: [{ content: 'Hi' }] }, 'FIELD_MISSING', '"prompt_messages[0].role" must be text'],
    [{ prompt_messages: [{ role: null, content: 'Hi' }] }, 'FIELD_MISSING', '[0].role"'],
    [
      { prompt_messages: [{ role: 'user', content: 7 }] },
      'FIELD_TYPE',
      '"prompt_messages[0].content" must be text, found a number',
    ],
    [{ prompt_messages: [{ role: 'user', content: true }] }, 'FIELD_TYPE', 'found a boolean'],
    [{ model_response: undefined }, 'FIELD_MISSING', '"model_response" is missing'],
    [{ model_response: null }, 'FIELD_MISSING', 'nothing to judge'],
    [{ model_response: 1 }, 'FIELD_TYPE', '"model_response" must be text, found a number'],
    [{ model_response: [{ type: 'text', text: 'x' }] }, 'CONTENT_PARTS_UNSUPPORTED', 'found an array'],
    [{ model_response: {} }, 'CONTENT_PARTS_UNSUPPORTED', 'found an object'],
    [
      { tokens_per_sec: Number.POSITIVE_INFINITY },
      'NUMBER_OVERFLOW',
      '"tokens_per_sec" is a number too large',
    ],
    [{ corrected_response: 5 }, 'FIELD_TYPE', '"corrected_response" must be text or null, found a number'],
    [{ corrected_response: {} }, 'FIELD_TYPE', 'found an object'],
  ])('for %j', (fields, code, reason) => {
    const fault = faultOf(makeRecord(1, fields))
    expect(fault.code).toBe(code)
    expect(fault.reason).toContain(reason)
  })
})

describe('an id', () => {
  it.each([
    ['a/../b%2f"\'', []],
    ['x'.repeat(512), []],
    ['\u{1f426}'.repeat(128), []],
    ['e\u0301', []],
    [' a ', []],
    ['a\nb', ['ID_UNUSUAL']],
    ['a\u202eb', ['ID_UNUSUAL']],
    ['a\u200bb', ['ID_UNUSUAL']],
    ['a\u001b[0m', ['ID_UNUSUAL']],
  ])('%j is kept as it is, with the warnings %j', (id, warnings) => {
    expect(taken({ id })).toMatchObject({ facts: { id }, warnings })
  })

  it.each([
    [42, 'n:42', ['ID_NOT_STRING']],
    [0, 'n:0', ['ID_NOT_STRING']],
    ['a\0b', 'a\u2400b', ['ID_UNUSUAL']],
    ['a\ud800', 'a\ufffd', ['ID_UNUSUAL']],
  ])('%j becomes %j, with the warnings %j', (id, kept, warnings) => {
    expect(taken({ id })).toMatchObject({ facts: { id: kept }, warnings })
  })
})

describe('an odd field', () => {
  it.each([
    [{ task_name: 7 }, { task_name: null }, ['FIELD_IGNORED']],
    [{ failure_reason: ['a'] }, { failure_reason: null }, ['FIELD_IGNORED']],
    [{ benchmark_run_id: {} }, { benchmark_run_id: null }, ['FIELD_IGNORED']],
    [{ benchmark_run_id: '' }, { benchmark_run_id: null }, []],
    [{ model_name: ' \n' }, { model_name: null }, []],
    [{ timestamp: 1775572269 }, { timestamp: null }, ['TIMESTAMP']],
    [{ timestamp: 'yesterday, 24:61' }, { timestamp: 'yesterday, 24:61' }, ['TIMESTAMP']],
    [{ failure_reason: ' two\nlines ' }, { failure_reason: ' two\nlines ' }, []],
    [{ quality_score: '0.5' }, { quality_score: 0.5 }, ['SCORE_TYPE']],
    [{ quality_score: '95' }, { quality_score: null }, ['SCORE_TYPE', 'SCORE_RANGE']],
    [{ quality_score: 'good' }, { quality_score: null }, ['SCORE_TYPE']],
    [{ quality_score: true }, { quality_score: null }, ['SCORE_TYPE']],
    [{ tokens_per_sec: '38' }, { tokens_per_sec: null }, ['FIELD_IGNORED']],
    [{ tokens_per_sec: -1 }, { tokens_per_sec: null }, ['SPEED_RANGE']],
    [{ tokens_per_sec: 1e308 }, { tokens_per_sec: null }, ['SPEED_RANGE']],
    [{ gpu_id: -0, quality_score: -0 }, { gpu_id: 0, quality_score: 0 }, []],
    [{ gpu_id: '0', node_id: 1 }, { gpu_id: null, node_id: null }, ['FIELD_IGNORED', 'FIELD_IGNORED']],
    [{ gpu_id: 0 }, { gpu_id: 0 }, []],
    [{ quality_score: 0 }, { quality_score: 0 }, []],
    [{ quality_score: 1 }, { quality_score: 1 }, []],
    [{ quality_score: 1.0000001 }, { quality_score: null }, ['SCORE_RANGE']],
    [{ quality_score: -0.1 }, { quality_score: null }, ['SCORE_RANGE']],
    [{ quality_score: 95 }, { quality_score: null }, ['SCORE_RANGE']],
    [{ model_response: '' }, { model_response: '' }, ['EMPTY_RESPONSE']],
    [{ model_response: ' \n' }, { model_response: ' \n' }, ['EMPTY_RESPONSE']],
    [{ model_response: 'a\0' }, {}, ['NUL_IN_TEXT']],
    [{ model_response: 'a\ud800' }, {}, ['LONE_SURROGATE']],
    [{ prompt_messages: [] }, { prompt_messages: [] }, ['EMPTY_PROMPT']],
  ])('%j is never a reason to refuse: %j, %j', (fields, facts, warnings) => {
    const reading = taken(fields)
    expect(reading.facts).toMatchObject(facts)
    expect(reading.warnings).toEqual(warnings)
  })

  it.each([
    ['parts', { role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }, ['CONTENT_PARTS']],
    [
      'tool calls',
      { role: 'user', content: null, tool_calls: [{ id: '1', function: { name: 'f' } }] },
      ['TOOL_CALLS_NOT_SHOWN'],
    ],
    ['nothing', { role: 'user', content: null }, ['CONTENT_NOT_TEXT']],
    ['a role of its own', { role: 'developer', content: 'x' }, ['UNKNOWN_ROLE']],
    ['a reserved key', JSON.parse('{"role":"user","content":"x","__proto__":1}'), ['RESERVED_KEY']],
  ])('keeps a message with %s unchanged, with a warning', (_, message, warnings) => {
    const reading = taken({ prompt_messages: [message, { role: 'tool', content: 'x', tool_call_id: '1' }] })
    expect(reading.facts.prompt_messages[0]).toEqual(message)
    expect(reading.facts.prompt_messages[1]).toHaveProperty('tool_call_id', '1')
    expect(reading.warnings).toEqual(warnings)
  })
})

describe('a record that says where it stands', () => {
  const decided = (
    status: string,
    corrected_response: string | null,
    failure_category: string | null = null,
  ) => ({
    status,
    corrected_response,
    failure_category,
  })

  it.each([
    [
      { status: 'approved', corrected_response: ' x\n' },
      decided('approved', ' x\n'),
      ['SOURCE_ALREADY_DECIDED'],
    ],
    [{ status: 'discarded' }, decided('discarded', null), ['SOURCE_ALREADY_DECIDED']],
    [{ status: 'model_rejected' }, decided('model_rejected', null), ['SOURCE_ALREADY_DECIDED']],
    [{ status: 'discarded', corrected_response: 'x' }, decided('discarded', 'x'), ['SOURCE_ALREADY_DECIDED']],
    [
      { status: 'discarded', failure_category: 'hallucination' },
      decided('discarded', null, 'hallucination'),
      ['SOURCE_ALREADY_DECIDED'],
    ],
    [
      { status: 'discarded', failure_category: 'bad mood' },
      decided('discarded', null),
      ['SOURCE_ALREADY_DECIDED', 'CATEGORY_UNKNOWN'],
    ],
    [
      { status: 'approved', corrected_response: 'a\ud800\0' },
      decided('approved', 'a\ufffd\u2400'),
      ['SOURCE_ALREADY_DECIDED'],
    ],
    [{ status: 'approved' }, null, ['SOURCE_ALREADY_DECIDED', 'APPROVED_WITHOUT_TEXT']],
    [
      { status: 'approved', corrected_response: '\n \u3000' },
      null,
      ['SOURCE_ALREADY_DECIDED', 'APPROVED_WITHOUT_TEXT'],
    ],
    [{ status: 'PENDING ' }, null, ['STATUS_UNKNOWN']],
    [{ status: 'Approved', corrected_response: 'x' }, null, ['STATUS_UNKNOWN', 'SOURCE_HAS_CORRECTION']],
    [{ status: 7 }, null, ['STATUS_UNKNOWN']],
    [{ status: null }, null, ['STATUS_UNKNOWN']],
    [{ status: undefined }, null, ['STATUS_UNKNOWN']],
    [{ corrected_response: undefined }, null, ['FIELD_MISSING']],
    [{ corrected_response: '' }, null, ['CORRECTION_EMPTY']],
    [{ corrected_response: 'x' }, null, ['SOURCE_HAS_CORRECTION']],
  ])('%j stands at %j, with %j', (fields, standing, warnings) => {
    const reading = taken(fields)
    expect(reading.facts.decided).toEqual(standing)
    expect(reading.warnings).toEqual(warnings)
  })
})

describe('cleanText', () => {
  it('changes half characters and NUL, and nothing else', () => {
    expect(cleanText('a\0\ud800\u{1f426}\u2028\n')).toBe('a\u2400\ufffd\u{1f426}\u2028\n')
  })
})
