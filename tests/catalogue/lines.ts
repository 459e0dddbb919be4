/** Owns the rows about bytes, lines, JSON and numbers. */
import { gzipSync } from 'node:zlib'
import { beginning, bytes, GOOD, line, type Row, SECOND, withSource } from './row.ts'

const MIB = 1024 * 1024
const times = (count: number, code: string): string[] => Array.from({ length: count }, () => code)
const sized = (length: number, number: number) => {
  const bare = line({ model_response: '' }, number).length - 1
  return line({ model_response: 'x'.repeat(length - bare) }, number)
}

export const ENCODING_ROWS: Row[] = [
  { id: 'E01', what: 'a good line', file: GOOD, imported: 1 },
  { id: 'E02', what: 'an empty file', file: '', warnings: ['EMPTY_FILE'] },
  { id: 'E03', what: 'blank lines only', file: '\n\n  \n', blank: 3, warnings: ['NO_RECORDS'] },
  { id: 'E04', what: 'no last line feed', file: `${GOOD}${SECOND.trimEnd()}`, imported: 2 },
  {
    id: 'E05',
    what: 'a cut last line',
    file: `${GOOD}{"id":"a","mod`,
    imported: 1,
    rejected: ['TRUNCATED_LAST_LINE'],
  },
  {
    id: 'E06',
    what: 'a cut line in the middle',
    file: `${GOOD.slice(0, 60)}\n${SECOND}`,
    imported: 1,
    rejected: ['JSON_SYNTAX'],
  },
  { id: 'E07', what: 'CRLF', file: (GOOD + SECOND).replaceAll('\n', '\r\n'), imported: 2 },
  {
    id: 'E08',
    what: 'a lone CR between records',
    file: `${GOOD.trimEnd()}\r${SECOND}`,
    rejected: ['TRAILING_DATA'],
  },
  {
    id: 'E09',
    what: 'U+2028 and U+2029 in a text',
    file: line({ model_response: 'a\u2028b\u2029c' }),
    imported: 1,
  },
  { id: 'E10', what: 'a BOM', file: `\ufeff${GOOD}`, imported: 1, warnings: ['BOM_STRIPPED'] },
  {
    id: 'E11',
    what: 'a BOM on a later line',
    file: `${GOOD}\ufeff${SECOND}`,
    imported: 2,
    warnings: ['BOM_STRIPPED'],
  },
  {
    id: 'E12a',
    what: 'UTF-16 LE',
    file: Buffer.from(`\ufeff${GOOD}`, 'utf16le'),
    refused: ['ENCODING_UTF16'],
  },
  {
    id: 'E12b',
    what: 'UTF-16 BE',
    file: Buffer.from(`\ufeff${GOOD}`, 'utf16le').swap16(),
    refused: ['ENCODING_UTF16'],
  },
  {
    id: 'E13',
    what: 'UTF-16 without a BOM',
    file: Buffer.from(GOOD, 'utf16le'),
    refused: ['ENCODING_UTF16'],
  },
  {
    id: 'E14',
    what: 'a byte that is no UTF-8',
    file: bytes('{', [0xff], '\n', GOOD),
    imported: 1,
    rejected: ['INVALID_UTF8'],
  },
  {
    id: 'E15',
    what: 'overlong bytes and halves of pairs',
    file: bytes('{"a":"', [0xc0, 0xaf], '"}\n{"a":"', [0xed, 0xa0, 0x80], '"}\n'),
    rejected: times(2, 'INVALID_UTF8'),
  },
  {
    id: 'E16',
    what: 'Latin-1',
    file: Buffer.from(line({ model_response: 'caf\u00e9' }), 'latin1'),
    rejected: ['INVALID_UTF8'],
  },
  { id: 'E17', what: 'a raw NUL', file: withSource('model_response', '"a\0b"'), rejected: ['CONTROL_CHAR'] },
  { id: 'E18', what: 'a raw tab', file: withSource('model_response', '"a\tb"'), rejected: ['CONTROL_CHAR'] },
  {
    id: 'E19',
    what: 'an escaped NUL',
    file: withSource('model_response', '"a\\u0000b"'),
    imported: 1,
    warnings: ['NUL_IN_TEXT'],
  },
  {
    id: 'E20',
    what: 'half of a pair',
    file: withSource('model_response', '"a\\ud800b"'),
    imported: 1,
    warnings: ['LONE_SURROGATE'],
  },
  {
    id: 'E21',
    what: 'a line far over the limit',
    file: `${sized(20 * MIB, 1)}${SECOND}`,
    imported: 1,
    rejected: ['LINE_TOO_LONG'],
  },
  {
    id: 'E22',
    what: 'lines at the limit',
    file: sized(8 * MIB - 1, 1) + sized(8 * MIB, 2) + sized(8 * MIB + 1, 3),
    imported: 2,
    rejected: ['LINE_TOO_LONG'],
  },
  { id: 'E24', what: 'gzip under a plain name', file: gzipSync(GOOD), refused: ['COMPRESSED_UNDECLARED'] },
]

export const JSON_ROWS: Row[] = [
  {
    id: 'J01',
    what: 'what JSON5 allows',
    file: '{"a":1,}\n{"a":1/*c*/}\n{\'a\':1}\n{a:1}\n',
    rejected: times(4, 'JSON_SYNTAX'),
  },
  {
    id: 'J02',
    what: 'NaN and Infinity',
    file: ['NaN', 'Infinity', '-Infinity'].map((n) => withSource('quality_score', n)).join(''),
    rejected: times(3, 'JSON_NONFINITE'),
  },
  {
    id: 'J03',
    what: 'two objects on a line',
    file: `${GOOD.trimEnd()}${SECOND}`,
    rejected: ['TRAILING_DATA'],
  },
  {
    id: 'J04',
    what: 'an object over many lines',
    file: JSON.stringify(JSON.parse(GOOD), null, 1),
    refused: ['NOT_JSONL'],
  },
  { id: 'J05a', what: 'an array of objects', file: `[${GOOD},${SECOND}]`, refused: ['NOT_JSONL'] },
  {
    id: 'J05b',
    what: 'an array over many lines',
    file: JSON.stringify(
      [1, 2].map((n) => ({ n })),
      null,
      2,
    ),
    refused: ['NOT_JSONL'],
  },
  {
    id: 'J04b',
    what: 'a small object over a few lines, told one by one',
    file: '{\n"id": 1\n}\n',
    rejected: ['JSON_SYNTAX', 'TRAILING_DATA', 'JSON_SYNTAX'],
  },
  {
    id: 'J05c',
    what: 'CSV',
    file: 'id,answer\n'.repeat(40),
    refused: ['NOT_JSONL'],
  },
  { id: 'J06', what: 'scalars', file: '42\nnull\n"x"\n', rejected: times(3, 'NOT_OBJECT') },
  {
    id: 'J07',
    what: '100 000 nested arrays',
    file: `${withSource('seed', '['.repeat(100_000) + ']'.repeat(100_000))}${SECOND}`,
    imported: 1,
    rejected: ['TOO_DEEP'],
  },
  {
    id: 'J07b',
    what: 'nesting at the limit',
    file:
      withSource('seed', '['.repeat(63) + ']'.repeat(63)) +
      withSource('seed', '['.repeat(64) + ']'.repeat(64), 2),
    imported: 1,
    rejected: ['TOO_DEEP'],
  },
  {
    id: 'J08',
    what: 'a million elements',
    file: `${withSource('seed', `[${'0,'.repeat(1_000_000)}0]`)}${SECOND}`,
    imported: 1,
    rejected: ['TOO_MANY_NODES'],
  },
  {
    id: 'J09',
    what: 'a key twice, the same value',
    file: beginning('"id" : "record-0001"'),
    imported: 1,
    warnings: ['DUPLICATE_KEY'],
  },
  {
    id: 'J10',
    what: 'a key twice, other values',
    file: beginning('"id":"other"') + beginning('"\\u0069d":"b"', SECOND),
    rejected: times(2, 'DUPLICATE_KEY_CONFLICT'),
  },
  { id: 'J10b', what: 'an unknown key twice', file: beginning('"seed":1,"seed":2'), imported: 1 },
  {
    id: 'J11',
    what: 'reserved keys',
    file: beginning('"__proto__":{"polluted":1},"constructor":1'),
    imported: 1,
    warnings: ['RESERVED_KEY'],
  },
  { id: 'J12', what: 'unknown keys', file: line({ seed: 7, nested: { a: [1] } }), imported: 1 },
  { id: 'J13', what: 'keys like numbers', file: beginning('"b":3,"2":2,"1":1'), imported: 1 },
  {
    id: 'J14',
    what: 'keys almost like ours',
    file: ['"Id"', '"id "', '"\u0456d"'].map((key) => GOOD.replace('"id"', key)).join(''),
    rejected: times(3, 'ID_MISSING'),
  },
  { id: 'J15', what: 'an escaped key', file: GOOD.replace('"id"', '"\\u0069d"'), imported: 1 },
]

export const NUMBER_ROWS: Row[] = [
  {
    id: 'N01a',
    what: 'an overflow in a known field',
    file: withSource('quality_score', '1e999'),
    rejected: ['NUMBER_OVERFLOW'],
  },
  {
    id: 'N01b',
    what: 'an overflow elsewhere',
    file: withSource('seed', '[1e999]'),
    imported: 1,
    warnings: ['NUMBER_OVERFLOW'],
  },
  { id: 'N02', what: 'minus zero', file: withSource('quality_score', '-0'), imported: 1 },
  {
    id: 'N03a',
    what: 'an integer beyond 2^53',
    file: withSource('gpu_id', '12345678901234567890'),
    imported: 1,
    warnings: ['NUMBER_PRECISION'],
  },
  {
    id: 'N03b',
    what: 'a float with too many digits',
    file: withSource('quality_score', '0.30000000000000000001'),
    imported: 1,
    warnings: ['NUMBER_PRECISION'],
  },
  {
    id: 'N03c',
    what: 'floats that say what they are',
    file:
      withSource('tokens_per_sec', '38.400000000000006') +
      withSource('quality_score', '0.10000000000000000', 2),
    imported: 2,
  },
  {
    id: 'N05',
    what: 'speeds that cannot be',
    file:
      withSource('tokens_per_sec', '-1') +
      withSource('tokens_per_sec', '1e308', 2) +
      withSource('tokens_per_sec', '"fast"', 3),
    imported: 3,
    warnings: ['FIELD_IGNORED', 'SPEED_RANGE'],
  },
]
