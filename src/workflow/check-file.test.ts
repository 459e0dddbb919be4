/** Proves that a file is checked as it lies on the disk: by its bytes, line by line, and never with a crash. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { tempFolder } from '../../tests/support/temp-folder.ts'
import type { Consumer } from '../formats/checks/consumer.ts'
import { consumers } from '../formats/checks/index.ts'
import { Refusal } from '../sources/source.ts'
import { checkFile } from './check-file.ts'
import { createCheckReport } from './check-report.ts'

const GOOD = JSON.stringify({
  messages: [
    { role: 'user', content: 'Double n.' },
    { role: 'assistant', content: 'return n * 2\u2028' },
  ],
})
const consumer = (name: string) => consumers.get(name) as Consumer
const folder = tempFolder()

async function report(bytes: Uint8Array | string, ...names: string[]) {
  const path = await folder.write(bytes)
  const report = createCheckReport(2)
  for await (const checked of checkFile(path, names.map(consumer), {})) report.add(checked)
  return report
}

async function codes(bytes: Uint8Array | string, name: string) {
  const { groups } = await report(bytes, name)
  return groups.map(({ code, first }) => `${first[0]?.line ?? 'file'} ${code}`)
}

it.each([
  ['a cut-off line', `${GOOD}\n${GOOD.slice(0, -3)}`, '2 invalid_json', 'the line is cut off'],
  ['NaN', `{"a":NaN}\n${GOOD}\n`, '1 invalid_json', 'NaN or Infinity is not JSON'],
  [
    'bytes that are not UTF-8',
    Buffer.from([0x22, 0xff, 0x22, 0x0a]),
    '1 invalid_json',
    'not UTF-8 at byte 2',
  ],
  ['a line of 9 MiB', `"${'x'.repeat(9 * 1024 * 1024)}"\n${GOOD}`, '1 invalid_json', 'the limit is 8 MiB'],
])('finds %s, and goes on', async (_, bytes, found, words) => {
  const { groups } = await report(bytes, 'trl')
  const group = groups.find(({ code }) => code === 'invalid_json')
  expect(`${group?.first[0]?.line} ${group?.code}`).toBe(found)
  expect(group?.first[0]?.words).toContain(words)
})

it('tells a byte order mark, CR LF and empty lines from what trainers do not mind', async () => {
  const bytes = `\ufeff${GOOD}\r\n\n${GOOD.replace('Double', 'Triple')}`
  expect(await codes(bytes, 'openai')).toEqual([
    '1 bom',
    '2 blank_line',
    'file too_few_lines',
    '1 crlf',
    '1 hidden_characters',
  ])
  expect(await codes(bytes, 'trl')).toEqual(['1 hidden_characters'])
})

it('asks several consumers at once, counts all and keeps the first', async () => {
  const lines = Array.from({ length: 5 }, (_, n) => JSON.stringify({ note: n }))
  const { groups, lines: counted } = await report(lines.join('\n'), 'trl', 'axolotl')
  expect(counted).toBe(5)
  expect(
    groups.map(({ consumer: { name }, code, count, first }) => [name, code, count, first.length]),
  ).toEqual([
    ['trl', 'shape_unknown', 5, 2],
    ['axolotl', 'shape_unknown', 5, 2],
  ])
})

it('says once what must be set for the shape that was met', async () => {
  const { notes } = await report(`${GOOD}\n${GOOD}\n`, 'trl', 'unsloth', 'openai')
  expect(notes.map(({ consumer: { name }, note }) => [name, note.slice(0, 12)])).toEqual([
    ['trl', 'Set assistan'],
    ['unsloth', 'Give the tra'],
  ])
})

it('says of an empty file that it has no examples', async () => {
  for (const name of consumers.keys()) expect(await codes('', name)).toContain('file no_lines')
})

it('reads any bytes, or refuses the file in words', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      await report(bytes, ...consumers.keys()).catch((error) => expect(error).toBeInstanceOf(Refusal))
    }),
    { numRuns: 50 },
  )
})
