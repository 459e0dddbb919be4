/** Owns the inputs and the laws of the fuzzer: any bytes, lines and JSON, and what must hold of them in any case. */
import { writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { expect } from 'vitest'
import { remedyFor } from '../../src/domain/import-problems.ts'
import benchmark from '../../src/sources/benchmark.ts'
import { type FileEnd, Refusal, type SourceItem } from '../../src/sources/source.ts'
import { makeRecord } from '../support/make-record.ts'

const FIELDS = [...Object.keys(makeRecord(1)), 'failure_category', '__proto__', 'constructor', 'seed']
const SNIPPETS = [
  '"',
  '\\',
  '\\"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '1e999',
  '-0',
  'NaN',
  '\\ud800',
  '\\u0000',
  '\t',
  '\r',
  '\ufeff',
  '\0',
  '\u2028',
]

const value = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue() },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom('needs_review', 'approved', '', null, 42, 1e308, -1, true) },
)
/** A record with some fields replaced, some said twice, and keys nobody knows. */
const record = fc
  .tuple(fc.nat(40), fc.array(fc.tuple(fc.constantFrom(...FIELDS), value), { maxLength: 3 }))
  .map(([number, odd]) => {
    const pairs = odd.map(([key, content]) => `${JSON.stringify(key)}:${JSON.stringify(content)}`)
    // Every other answer is so long that a mark stands for it.
    const answer =
      number % 2 ? {} : { model_response: 'An answer, "quoted" and\\broken,\nof some length. '.repeat(26) }
    return `{${[...pairs, JSON.stringify(makeRecord(number, answer)).slice(1)].join(',')}`
  })
/** A good record that somebody typed into, or cut. */
const mangled = fc
  .tuple(record, fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...SNIPPETS), fc.boolean())
  .map(([text, part, snippet, isCut]) => {
    const at = Math.floor(part * text.length)
    return isCut ? text.slice(0, at) : text.slice(0, at) + snippet + text.slice(at)
  })
const content = fc.oneof(
  { weight: 5, arbitrary: record.map((text) => Buffer.from(text)) },
  { weight: 5, arbitrary: mangled.map((text) => Buffer.from(text)) },
  { weight: 2, arbitrary: fc.jsonValue().map((json) => Buffer.from(JSON.stringify(json))) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.constantFrom('', ' ', '\r', '\ufeff', '[]').map((text) => Buffer.from(text)) },
)
const ended = fc.tuple(content, fc.constantFrom('\n', '\n', '\n', '\r\n', ''))

/** About fifty lines; now and then two of them run together, and the last has no end. */
export const anyFile: fc.Arbitrary<Buffer> = fc
  .array(ended, { minLength: 20, maxLength: 80 })
  .map((lines) => Buffer.concat(lines.flatMap(([bytes, end]) => [bytes, Buffer.from(end)])))

export type Reading = { items: SourceItem[]; refusal: Refusal | null; end: FileEnd | null }

export async function read(path: string): Promise<Reading> {
  const reading: Reading = { items: [], refusal: null, end: null }
  const onEnd = (end: FileEnd) => {
    reading.end = end
  }
  try {
    for await (const items of benchmark.open(path, { onEnd })) reading.items.push(...items)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    reading.refusal = error
  }
  return reading
}

/** Reads the file, holds it to the laws, and tells how many lines it had. */
export async function holdToLaws(path: string, file: Buffer): Promise<number> {
  await writeFile(path, file)
  const { items, refusal, end } = await read(path)
  if (refusal) {
    expect(remedyFor(refusal.code)).not.toBeNull()
    return items.length
  }
  const physical = physicalLines(file)
  expect(end).toMatchObject({ bytes: file.length, lines: physical.length })
  expect(items.length).toBe(physical.length)
  for (const [at, item] of items.entries()) expectFaithful(item, physical[at] as Buffer, at + 1)
  return items.length
}

/** Every line with its end. */
function physicalLines(file: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < file.length; ) {
    const feed = file.indexOf(0x0a, start)
    const end = feed === -1 ? file.length : feed + 1
    lines.push(file.subarray(start, end))
    start = end
  }
  return lines
}

/** Plain comparisons where they hold, because this runs for millions of lines. */
function expectFaithful(item: SourceItem, physical: Buffer, number: number): void {
  if (item.bytes !== physical.length || item.place.line !== number)
    throw new Error(`line ${number} is misplaced`)
  if (item.kind === 'blank')
    expect(
      physical
        .toString()
        .replace(/^\ufeff/, '')
        .trim(),
    ).toBe('')
  if (item.kind === 'problem') {
    if (remedyFor(item.code) === null || item.reason === '') expect.fail(item.code)
    if (item.raw && !physical.subarray(0, item.raw.length).equals(item.raw))
      expect.fail(`line ${number} is changed`)
  }
  if (item.kind !== 'candidate') return
  const text = physical
    .toString()
    .replace(/^\ufeff/, '')
    .replace(/\n$/, '')
    .replace(/\r$/, '')
  if (Buffer.from(item.raw).toString() !== text) expect.fail(`line ${number} is changed`)
  expectTaken(item, JSON.parse(text))
}

function expectTaken({ facts }: SourceItem & { kind: 'candidate' }, json: Record<string, unknown>): void {
  const { id } = json
  const isKept =
    typeof id === 'number'
      ? facts.id.startsWith('n:')
      : facts.id === String(id).toWellFormed().replaceAll('\0', '\u2400')
  if (!isKept) expect(facts.id).toBe(id)
  if (facts.model_response !== json.model_response && !isMarkOf(facts.model_response, json.model_response))
    expect(facts.model_response).toBe(json.model_response)
  expect(facts.prompt_messages).toEqual(json.prompt_messages)
}

function isMarkOf(mark: string, text: unknown): boolean {
  return typeof text === 'string' && text.length > 1000 && /^text \d+ \d+$/.test(mark)
}
