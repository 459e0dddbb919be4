/** Proves that a mark stands only for a text that JSON.parse would have taken, and tells what the text would have told. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tempFolder } from '../../tests/support/temp-folder.ts'
import { readRecord } from '../domain/record.ts'
import benchmark from './benchmark.ts'
import { parseJsonLine } from './json-line.ts'
import { LONG_BYTES, markOrText } from './long-texts.ts'
import { readJsonLines } from './read-json-lines.ts'

const folder = tempFolder()
const FILLER = 'x'.repeat(LONG_BYTES)

function parsed(text: string | Buffer, keys: string[]) {
  const bytes = Buffer.from(text)
  return parseJsonLine({ number: 1, bytes, length: bytes.length, terminated: true }, keys)
}

/** What becomes of a text, as it stands in JSON between its quotes. */
function answerOf(inner: string | Buffer): unknown {
  const line = Buffer.concat([Buffer.from('{"answer":"'), Buffer.from(inner), Buffer.from('"}')])
  const found = parsed(line, ['"answer"'])
  return found.kind === 'json' ? (found.json as { answer: unknown }).answer : found
}

const isMarked = (inner: string) => /^text \d+ \d+$/.test(String(answerOf(inner)))

describe('a mark', () => {
  it.each([
    ['a long text', FILLER],
    ['every plain escape', `${FILLER}\\"\\\\\\b\\f\\n\\r\\t`],
    ['what only looks like an escape behind an escaped backslash', `${FILLER}\\\\x\\\\u12`],
    ['characters beyond ASCII', `${FILLER} é 😀 \u2028`],
    ['a text of many pieces', `a${'\\\\\\n'.repeat(50_000)}`],
  ])('stands for %s', (_, inner) => {
    expect(isMarked(inner)).toBe(true)
  })

  it.each([
    ['a short text', 'x'.repeat(LONG_BYTES - 1)],
    ['a character by its number', `${FILLER}\\u0041`],
    ['a slash that is escaped without need', `${FILLER}\\/`],
    ['half a character', `${FILLER}\\ud800`],
    ['a NUL', `${FILLER}\\u0000`],
    ['spaces alone', ' '.repeat(LONG_BYTES)],
    ['line feeds alone', '\\n'.repeat(LONG_BYTES)],
    ['no-break spaces alone', '\u00a0'.repeat(LONG_BYTES)],
    ['a text that begins with a space', ` ${FILLER}`],
  ])('does not stand for %s', (_, inner) => {
    expect(answerOf(inner)).toBe(JSON.parse(`"${inner}"`))
  })

  it('is the same for the same text, and another for every other', () => {
    const piece = 'long '.repeat(13_107)
    const texts = [
      ...[0, 1, 2, 3, 15, 16, 17, 255].map((more) => FILLER + 'y'.repeat(more)),
      ...[0, 1, 100, LONG_BYTES - 1].map((at) => `${FILLER.slice(0, at)}#${FILLER.slice(at + 1)}`),
      ...[`${FILLER} `, `${FILLER}  `, `${FILLER}\\n`, `${FILLER}\\t`],
      ...[piece, `${piece}a`, `${piece}ab`, `a${piece}`, `${piece}${piece}`],
    ]
    expect(texts.every(isMarked)).toBe(true)
    expect(new Set(texts.map(answerOf)).size).toBe(texts.length)
    expect(texts.map(answerOf)).toEqual(texts.map(answerOf))
  })

  it('is what the same text comes to that is spelled in another way', () => {
    const text = `${FILLER}/é😀"\\\n\x7f\u2028`
    const mark = answerOf(inJson(text))
    const spelled = answerOf(respelled(inJson(text)))
    expect(spelled).toBe(text)
    expect(markOrText(String(spelled))).toBe(mark)
    expect(markOrText(String(mark))).toBe(mark)
    for (const left of [`${FILLER.slice(1)}`, ` ${FILLER}`, `${FILLER}\0`, `${FILLER}\ud800`, `"${FILLER}`]) {
      expect(answerOf(inJson(left))).toBe(left)
      expect(markOrText(left)).toBe(left)
    }
  })

  it('stands only within the fields that were named', () => {
    const record = { id: FILLER, turns: [{ content: FILLER }], answers: FILLER, end: FILLER, answer: FILLER }
    const line = `${JSON.stringify(record).slice(0, -1)},"${FILLER}":1,"\\u0061nswer2":"${FILLER}"}`
    const found = parsed(line, ['"answer"', '"turns"', '"answer2"'])
    const mark = expect.stringMatching(/^text \d/)
    expect(found).toMatchObject({
      kind: 'json',
      json: { ...record, answer: mark, turns: [{ content: mark }], answer2: FILLER, [FILLER]: 1 },
    })
  })

  it.each([
    ['a raw control character', `${FILLER}\x01`, 'CONTROL_CHAR'],
    ['a line feed as it is', `${FILLER.repeat(300)}\n`, 'CONTROL_CHAR'],
    ['a tab at the very end of a stripe', `${'x'.repeat(271)}\t`, 'CONTROL_CHAR'],
    ['a control character at the beginning', `\x1f${FILLER}`, 'CONTROL_CHAR'],
    ['an escape that JSON does not know', `${FILLER}\\x`, 'JSON_SYNTAX'],
    ['an escape behind an escaped backslash', `${FILLER}\\\\\\q`, 'JSON_SYNTAX'],
    ['half an escape', `${FILLER}\\u12`, 'JSON_SYNTAX'],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.from(FILLER), Buffer.from([0xff])]), 'INVALID_UTF8'],
  ])('hides no fault: %s', (_, inner, code) => {
    const text = Buffer.concat([Buffer.from('{"answer":"'), Buffer.from(inner), Buffer.from('"}')])
    expect(parsed(text, ['"answer"'])).toMatchObject({ kind: 'problem', code })
    expect(parsed(text, ['"answer"'])).toEqual(parsed(text, []))
    expect(isMarked(FILLER)).toBe(true)
  })
})

/** Of 0 to 2500 bytes, of what stands in answers, and of what breaks them. */
const inner = fc
  .array(
    fc.oneof(
      { weight: 20, arbitrary: fc.string({ minLength: 20, maxLength: 60 }).map(inJson) },
      { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 9 }).map(inJson) },
      { weight: 4, arbitrary: fc.constantFrom('\\n', '\\\\', '\\"', '\\/', '\\u00e9', 'é', '😀') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('\\', '"', '\t', '\x01', '\\u', '\\ud83d', '\\x', '\x7f', '\\u0000'),
      },
    ),
    { maxLength: 60 },
  )
  .map((pieces) => pieces.join(''))

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** The same text as another writer would put it; what is no text as it is. */
function respelled(inner: string): string {
  try {
    const units = inJson(JSON.parse(`"${inner}"`)).replaceAll('/', '\\/')
    return units.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  } catch {
    return inner
  }
}

function lineOf(id: number, prompt: string, answer: string): string {
  const record = `"id":"${id}","prompt_messages":[{"role":"user","content":"${prompt}"}],"model_response":"${answer}"`
  return `{${record},"model_name":"m"}\n`
}

/** The items of a file, without what a mark may stand for. */
async function itemsOf(content: Buffer, marked: string[] | null) {
  const path = await folder.write(content)
  const items = marked ? readJsonLines(path, {}, readRecord, marked) : benchmark.open(path, {})
  const found: unknown[] = []
  for await (const batch of items) {
    for (const item of batch) {
      if (item.kind !== 'candidate') found.push(item)
      else {
        const { prompt_messages, model_response: _, ...facts } = item.facts
        found.push({ ...item, facts, roles: prompt_messages.map(({ role }) => role) })
      }
    }
  }
  return found.map((item) => JSON.stringify(item).replaceAll(path, ''))
}

it('leaves every item, problem and warning of a file as it is without marks', async () => {
  const texts = fc.array(fc.tuple(inner, inner, fc.boolean()), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 }),
      async (all, changes) => {
        // Some twice, so that there is something to find beside others.
        const lines = all.flatMap(([prompt, answer, twice], id) =>
          twice
            ? [lineOf(id, prompt, answer), lineOf(id + 100, respelled(prompt), respelled(answer))]
            : [lineOf(id, prompt, answer)],
        )
        const content = Buffer.from(lines.join(''))
        for (const [at, byte] of changes) content[at % content.length] = byte
        expect(await itemsOf(content, null)).toEqual(await itemsOf(content, []))
      },
    ),
    { numRuns: 300 },
  )
})
