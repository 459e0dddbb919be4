/** Whole files of cf-orch's benchmark: what each of their lines becomes. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeRecord, toJsonl } from '../../tests/support/make-record.ts'
import { tempFolder } from '../../tests/support/temp-folder.ts'
import benchmark from './benchmark.ts'
import { MAX_LINE_BYTES } from './read-lines.ts'
import type { SourceItem } from './source.ts'

const folder = tempFolder()

async function itemsIn(path: string): Promise<SourceItem[]> {
  const items: SourceItem[] = []
  for await (const batch of benchmark.open(path, {})) items.push(...batch)
  return items
}

async function itemsOf(content: string | Uint8Array): Promise<SourceItem[]> {
  return itemsIn(await folder.write(content))
}

/** Each line as its id, its code or its kind, with its warnings behind it. */
async function summaryOf(content: string | Uint8Array): Promise<string[]> {
  return (await itemsOf(content)).map((item) => {
    if (item.kind === 'candidate') return [item.facts.id, ...item.warnings].join(' ')
    return item.kind === 'problem' ? item.code : item.kind
  })
}

const ONE = JSON.stringify({
  id: 'a',
  status: 'needs_review',
  corrected_response: null,
  prompt_messages: [{ role: 'user', content: 'Hi' }],
  model_response: 'x',
})
const TWO = ONE.replace('"a"', '"b"').replace('"x"', '"y"')

describe('a file', () => {
  it.each([
    ['good lines', `${ONE}\n${TWO}\n`, ['a', 'b']],
    ['nothing', '', []],
    ['blank lines between', `\n${ONE}\n  \n\r\n${TWO}\n\n`, ['blank', 'a', 'blank', 'blank', 'b', 'blank']],
    ['no last line feed', `${ONE}\n${TWO}`, ['a', 'b']],
    ['CRLF', `${ONE}\r\n${TWO}\r\n`, ['a', 'b']],
    ['a lone CR between two records', `${ONE}\r${TWO}\n`, ['TRAILING_DATA']],
    ['a BOM', `\ufeff${ONE}\n${TWO}\n`, ['a BOM_STRIPPED', 'b']],
    ['joined files with a BOM each', `\ufeff${ONE}\n\ufeff${TWO}\n`, ['a BOM_STRIPPED', 'b BOM_STRIPPED']],
    ['a half-written last line', `${ONE}\n${TWO.slice(0, 30)}`, ['a', 'TRUNCATED_LAST_LINE']],
    ['a last line that ends inside its id', `${ONE}\n{"id":"b"`, ['a', 'TRUNCATED_LAST_LINE']],
    ['a half-written line, ended', `${ONE}\n${TWO.slice(0, 30)}\n`, ['a', 'JSON_SYNTAX']],
    ['a half-written line in the middle', `${ONE.slice(0, 30)}\n${TWO}\n`, ['JSON_SYNTAX', 'b']],
    [
      'a half-written line with the next one on it',
      `${ONE.slice(0, 30)}${TWO}\n${ONE}\n`,
      ['JSON_SYNTAX', 'a'],
    ],
    ['an array among the records', `${ONE}\n[${ONE}]\n${TWO}\n`, ['a', 'NOT_OBJECT', 'b']],
    ['other JSON', '42\nnull\n"x"\n{}\n', ['NOT_OBJECT', 'NOT_OBJECT', 'NOT_OBJECT', 'ID_MISSING']],
    ['NaN', `${ONE.replace('"x"', '"x","quality_score":NaN')}\n${TWO}\n`, ['JSON_NONFINITE', 'b']],
    ['a number too large', `${ONE.replace('"x"', '"x","tokens_per_sec":1e999')}\n`, ['NUMBER_OVERFLOW']],
    ['a raw tab in a string', `${ONE.replace('"x"', '"\t"')}\n${TWO}\n`, ['CONTROL_CHAR', 'b']],
    [
      'escaped NUL and halves of characters',
      `${ONE.replace('"x"', '"\\u0000\\ud800"')}\n`,
      ['a LONE_SURROGATE NUL_IN_TEXT'],
    ],
    ['keys that are almost right', `${ONE.replace('"id"', '"Id"')}\n`, ['ID_MISSING']],
    ['the same record twice, which is for the store to see', `${ONE}\n${ONE}\n`, ['a', 'a']],
  ])('may hold %s', async (_, content, summary) => {
    expect(await summaryOf(content)).toEqual(summary)
  })

  it('that is one array of all records is refused as such', async () => {
    await expect(itemsOf(`[${ONE},\n${TWO}]\n`)).rejects.toMatchObject({ code: 'NOT_JSONL' })
  })

  it('may hold U+2028, U+2029 and U+0085 inside strings: still one line each', async () => {
    const text = 'a\u2028b\u2029c\u0085d'
    const items = await itemsOf(toJsonl([makeRecord(1, { model_response: text }), makeRecord(2)]))
    expect(items).toMatchObject([{ facts: { model_response: text } }, { facts: { id: 'record-0002' } }])
  })

  it('may hold bytes that are not UTF-8: that line is kept as it is, the others are taken', async () => {
    const bad = Buffer.from(ONE.replace('"x"', '"caf\u00e9"'), 'latin1')
    const items = await itemsOf(Buffer.concat([bad, Buffer.from(`\n${TWO}\n`)]))
    expect(items).toMatchObject([{ kind: 'problem', code: 'INVALID_UTF8', raw: bad }, { facts: { id: 'b' } }])
  })

  it.each([
    [MAX_LINE_BYTES - 1, 'a'],
    [MAX_LINE_BYTES, 'a'],
    [MAX_LINE_BYTES + 1, 'LINE_TOO_LONG'],
  ])('may hold a record of %i bytes: %s', async (length, first) => {
    const long = ONE.replace('"x"', `"${'x'.repeat(length - ONE.length + 1)}"`)
    expect(long).toHaveLength(length)
    expect(await summaryOf(`${long}\n${TWO}\n`)).toEqual([first, 'b'])
  })
})

describe('a candidate', () => {
  it("keeps the record's own bytes, without BOM, CR and line feed", async () => {
    const odd = ` {"z":1.0, "2":-0 ,"1":1e2,${ONE.slice(1)} `
    const [item] = await itemsOf(`\ufeff${odd}\r\n`)
    expect(item).toMatchObject({
      kind: 'candidate',
      raw: Buffer.from(odd),
      facts: { id: 'a', extra: { z: 1, '1': 100 } },
    })
  })

  it('stands where its line stands', async () => {
    const items = await itemsOf(`\n${ONE}\n\n${TWO}`)
    expect(items.map((item) => [item.kind, item.place.line])).toEqual([
      ['blank', 1],
      ['candidate', 2],
      ['blank', 3],
      ['candidate', 4],
    ])
  })

  it('comes back equal, whatever JSON its record held, in any order of keys', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 })
    const visible = text.map((value) => `x${value}`)
    const message = fc.record({ role: text, content: text }, { requiredKeys: ['role', 'content'] })
    const record = fc.record({
      prompt_messages: fc.array(message, { maxLength: 4 }),
      model_response: text,
      task_name: fc.option(visible),
      failure_reason: fc.option(visible),
      quality_score: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      extra: fc.dictionary(
        fc.string().filter((key) => key !== 'extra' && !(key in makeRecord(1)) && key !== 'failure_category'),
        fc.jsonValue(),
      ),
    })
    const shuffled = record.chain((fields) => {
      const { extra, ...known } = fields
      const pairs = [...Object.entries(known), ...Object.entries(extra)].map(
        ([key, value]) => [key, value] as const,
      )
      return fc.shuffledSubarray(pairs, { minLength: pairs.length }).map((order) => ({ fields, order }))
    })
    await fc.assert(
      fc.asyncProperty(fc.array(shuffled, { minLength: 1, maxLength: 5 }), async (records) => {
        const lines = records.map(({ order }, index) => {
          const pairs = [...order, ['id', `id-${index}`] as const]
          return `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`
        })
        const items = await itemsOf(lines.join('\n'))
        for (const [index, item] of items.entries()) {
          if (item.kind !== 'candidate') throw new Error(JSON.stringify(item))
          const { extra, ...known } = records[index]!.fields
          const expected = JSON.parse(JSON.stringify({ ...known, id: `id-${index}` }))
          expect(item.facts).toMatchObject(expected)
          expect(JSON.parse(JSON.stringify(item.facts.extra))).toEqual(JSON.parse(JSON.stringify(extra)))
          expect(Buffer.from(item.raw).toString()).toBe(lines[index])
        }
        expect(items).toHaveLength(records.length)
      }),
    )
  })
})

describe('the runs that come with Avocet', () => {
  const runs = join(import.meta.dirname, '../../examples/bench_results')

  it('hold candidates, and the few damaged lines that they are meant to hold', async () => {
    const items: SourceItem[] = []
    for (const run of await readdir(runs)) {
      const path = join(runs, run, 'sft_candidates.jsonl')
      const found = await itemsIn(path)
      const feeds = (await readFile(path)).filter((byte) => byte === 0x0a).length
      expect(found.length - feeds).toBeOneOf([0, 1])
      items.push(...found)
    }
    const count = (kind: string) => items.filter((item) => item.kind === kind).length
    expect(count('candidate')).toBeGreaterThanOrEqual(40)
    expect(count('problem')).toBeGreaterThan(0)
    expect(count('problem')).toBeLessThan(10)
  })
})
