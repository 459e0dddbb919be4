/** Owns the check of a file: its lines, streamed past the rules of the consumers that shall read it. */
import { isUtf8 } from 'node:buffer'
import type { Consumer } from '../formats/checks/consumer.ts'
import type { TokenLimit } from '../formats/checks/token-check.ts'
import { parseJsonLine } from '../sources/json-line.ts'
import { type Line, readLines } from '../sources/read-lines.ts'
import type { ReadOptions } from '../sources/source.ts'
import { type Checked, createLineCheck } from './check-lines.ts'

export type CheckFileOptions = ReadOptions & { tokens?: TokenLimit | undefined }

/** Yields what is found in each chunk of the file, and at last in all of it. Throws as `readLines` does. */
export async function* checkFile(
  path: string,
  consumers: Consumer[],
  options: CheckFileOptions,
): AsyncGenerator<Checked> {
  const check = createLineCheck(consumers, { tokens: options.tokens, explain })
  for await (const lines of readLines(path, options)) {
    const told = lines.flatMap((line) => {
      const { text, broken } = decode(line)
      return check.line(text, { broken })
    })
    yield { lines: lines.length, told, notes: [] }
  }
  yield check.end()
}

function decode(line: Line): { text: string; broken: string | undefined } {
  if (line.bytes === null || !isUtf8(line.bytes)) return { text: '', broken: reasonOf(line) }
  return { text: line.bytes.toString('utf8'), broken: undefined }
}

function explain(text: string): string {
  const bytes = Buffer.from(text)
  return reasonOf({ number: 0, bytes, length: bytes.length, terminated: true })
}

/** As of a line with an end: that a harness may still be writing is no advice for a finished file. */
function reasonOf(line: Line): string {
  const parsed = parseJsonLine({ ...line, terminated: true })
  return parsed.kind === 'problem' ? parsed.reason : 'it is not valid JSON'
}
