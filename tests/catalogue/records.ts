/** Owns the rows about identity and fields. */
import { GOOD, line, type Row, withSource } from './row.ts'

const times = (count: number, code: string): string[] => Array.from({ length: count }, () => code)
const user = { role: 'user', content: 'Hi' }
const message = (...messages: unknown[]): string => line({ prompt_messages: messages })
/** A line for each value of one field. */
const each = (field: string, ...values: unknown[]): string =>
  values.map((value, at) => line({ [field]: value }, at + 1)).join('')

export const IDENTITY_ROWS: Row[] = [
  {
    id: 'I01',
    what: 'no id, or a blank one',
    file: each('id', undefined, null, '', ' \t'),
    rejected: times(4, 'ID_MISSING'),
  },
  {
    id: 'I02',
    what: 'numbers as ids: each as it was written, none like the text',
    file: ['42', '1.0', '1', '1e3', '12345678901234567890', '12345678901234567891', '"42"']
      .map((id) => withSource('id', id))
      .join(''),
    imported: 7,
    warnings: ['ID_NOT_STRING'],
  },
  {
    id: 'I03',
    what: 'ids of other kinds',
    file: each('id', true, ['a'], { a: 1 }),
    rejected: times(3, 'ID_TYPE'),
  },
  { id: 'I04', what: 'an id of 1 MB', file: each('id', 'x'.repeat(1_000_000)), rejected: ['ID_TOO_LONG'] },
  {
    id: 'I05',
    what: 'ids with hidden characters',
    file: each('id', 'a\nb', 'a\u202eb', 'a\u200bb', 'a\u001bb'),
    imported: 4,
    warnings: ['ID_UNUSUAL'],
  },
  { id: 'I06', what: 'ids equal after normalisation', file: each('id', '\u00e9', 'e\u0301'), imported: 2 },
  { id: 'I07', what: 'ids equal but for their case', file: each('id', 'abc', 'ABC'), imported: 2 },
  {
    id: 'I08',
    what: 'ids like paths and SQL',
    file: each('id', '../a', '%2f', "'; drop table runs--", '"'),
    imported: 4,
  },
  { id: 'I09', what: 'the same line twice', file: GOOD + GOOD, imported: 1, duplicate: 1 },
  {
    id: 'I10',
    what: 'the same record in another order',
    file: GOOD + JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(GOOD)).reverse())),
    imported: 1,
    duplicate: 1,
  },
  {
    id: 'I11',
    what: 'one id, two records',
    file: line() + line({ model_response: 'other' }),
    imported: 1,
    conflict: 1,
  },
  {
    id: 'I13',
    what: 'one id in two runs: the id alone is the key',
    file: line() + line({ benchmark_run_id: 'other' }),
    imported: 1,
    conflict: 1,
  },
  {
    id: 'I14',
    what: 'two ids, one content',
    file: each('id', 'a', 'b').replaceAll(/Task \d|answer \d/g, 'x'),
    imported: 2,
  },
]

export const FIELD_ROWS: Row[] = [
  { id: 'S01', what: 'no correction', file: line({ corrected_response: null }), imported: 1 },
  {
    id: 'S02',
    what: 'corrected_response left out',
    file: line({ corrected_response: undefined }),
    imported: 1,
    warnings: ['FIELD_MISSING'],
  },
  {
    id: 'S03',
    what: 'an empty correction',
    file: line({ corrected_response: '' }),
    imported: 1,
    warnings: ['CORRECTION_EMPTY'],
  },
  {
    id: 'S04',
    what: 'a correction',
    file: line({ corrected_response: 'x' }),
    imported: 1,
    warnings: ['SOURCE_HAS_CORRECTION'],
  },
  {
    id: 'S05',
    what: 'a correction that is no text',
    file: each('corrected_response', 5, {}),
    rejected: times(2, 'FIELD_TYPE'),
  },
  {
    id: 'S06',
    what: 'a status we do not know',
    file: each('status', 'PENDING ', 'Approved', undefined),
    imported: 3,
    warnings: ['STATUS_UNKNOWN'],
  },
  {
    id: 'S07',
    what: 'decided elsewhere',
    file: line({ status: 'approved', corrected_response: 'x' }) + line({ status: 'discarded' }, 2),
    imported: 2,
    warnings: ['SOURCE_ALREADY_DECIDED'],
  },
  {
    id: 'S08',
    what: 'no answer',
    file: each('model_response', undefined, null),
    rejected: times(2, 'FIELD_MISSING'),
  },
  {
    id: 'S09',
    what: 'a blank answer',
    file: each('model_response', '', ' \n'),
    imported: 2,
    warnings: ['EMPTY_RESPONSE'],
  },
  {
    id: 'S10',
    what: 'an answer in parts',
    file: each('model_response', {}, [{ type: 'text', text: 'x' }]),
    rejected: times(2, 'CONTENT_PARTS_UNSUPPORTED'),
  },
  {
    id: 'S11',
    what: 'no prompt',
    file: each('prompt_messages', undefined, null, 'Hi'),
    rejected: ['FIELD_MISSING', 'FIELD_MISSING', 'FIELD_TYPE'],
  },
  { id: 'S12', what: 'an empty prompt', file: message(), imported: 1, warnings: ['EMPTY_PROMPT'] },
  {
    id: 'S13',
    what: 'a message without a role',
    file: message({ content: 'x' }) + message({ role: null }) + message({ role: 1 }),
    rejected: ['FIELD_MISSING', 'FIELD_MISSING', 'FIELD_TYPE'],
  },
  {
    id: 'S14',
    what: 'unknown roles',
    file: message({ role: 'developer', content: 'x' }, { role: 'Human', content: 'x' }),
    imported: 1,
    warnings: ['UNKNOWN_ROLE'],
  },
  {
    id: 'S15',
    what: 'tools',
    file: message(
      { ...user, name: 'ada' },
      { role: 'assistant', content: 'x', tool_calls: [{ id: '1' }] },
      { role: 'tool', content: '3', tool_call_id: '1' },
    ),
    imported: 1,
    warnings: ['TOOL_CALLS_NOT_SHOWN'],
  },
  {
    id: 'S16',
    what: 'content in parts',
    file: message({ role: 'user', content: [{ type: 'image_url', image_url: { url: 'http://x/' } }] }),
    imported: 1,
    warnings: ['CONTENT_PARTS'],
  },
  {
    id: 'S17',
    what: 'null beside tool calls',
    file: message(user, { role: 'assistant', content: null, tool_calls: [] }, user),
    imported: 1,
  },
  {
    id: 'S18',
    what: 'content that is no text',
    file: message({ role: 'user', content: 7 }) + message({ role: 'user', content: true }),
    rejected: times(2, 'FIELD_TYPE'),
  },
  {
    id: 'S19a',
    what: 'the assistant last',
    file: message(user, { role: 'assistant', content: 'x' }),
    imported: 1,
    warnings: ['ROLE_ORDER'],
  },
  {
    id: 'S19b',
    what: 'two systems',
    file: message({ role: 'system', content: 'x' }, { role: 'system', content: 'y' }, user),
    imported: 1,
    warnings: ['ROLE_ORDER'],
  },
  {
    id: 'S19c',
    what: 'the assistant first',
    file: message({ role: 'assistant', content: 'x' }, user),
    imported: 1,
    warnings: ['ROLE_ORDER'],
  },
  {
    id: 'S20a',
    what: '10 000 messages',
    file: message(...Array.from({ length: 10_000 }, () => user)),
    imported: 1,
    warnings: ['MANY_MESSAGES'],
  },
  {
    id: 'S20b',
    what: 'more than 100 000 messages',
    file: message(...Array.from({ length: 100_001 }, () => user)),
    rejected: ['TOO_MANY_NODES'],
  },
  {
    id: 'S21',
    what: 'scores out of range',
    file: each('quality_score', 1.0000001, -0.1, 95),
    imported: 3,
    warnings: ['SCORE_RANGE'],
  },
  {
    id: 'S22',
    what: 'a score as text',
    file: each('quality_score', '0.5'),
    imported: 1,
    warnings: ['SCORE_TYPE'],
  },
  { id: 'S23', what: 'no score', file: each('quality_score', null, undefined), imported: 2 },
  {
    id: 'S24',
    what: 'odd timestamps',
    file: each(
      'timestamp',
      1775572269,
      '2026-04-07T24:00:00Z',
      '2026-04-07T23:59:60Z',
      '0000-13-01',
      '10000-01-01T00:00:00Z',
      'Apr 7',
    ),
    imported: 6,
    warnings: ['TIMESTAMP'],
  },
  {
    id: 'S24b',
    what: 'good timestamps',
    file: each('timestamp', '2026-04-07T14:31:09+14:00', '2026-04-07T14:31:09.123456', '2026-04-07 14:31'),
    imported: 3,
  },
  {
    id: 'S26',
    what: 'a reason of 5 MB, and one in a list',
    file: each('failure_reason', 'x'.repeat(5_000_000), ['a']),
    imported: 2,
    warnings: ['FIELD_IGNORED', 'LONG_TEXT'],
  },
  {
    id: 'S27',
    what: 'nothing optional',
    file: each('gpu_id', undefined) + line({ node_id: undefined, task_name: undefined }, 2),
    imported: 2,
  },
  {
    id: 'S28',
    what: 'records of something else',
    file: `${JSON.stringify({ messages: [user] })}\n`.repeat(60),
    refused: ['OTHER_SCHEMA'],
  },
]
