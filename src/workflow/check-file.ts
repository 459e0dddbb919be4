/** Owns the check of a file: its lines, streamed past the rules of the consumers that shall read it. */
import { isUtf8 } from 'node:buffer'
import { type CheckerOptions, createChecker } from '../formats/checks/checker.ts'
import type { Consumer } from '../formats/checks/consumer.ts'
import type { Finding } from '../formats/checks/finding.ts'
import { parseJsonLine } from '../sources/json-line.ts'
import { type Line, readLines } from '../sources/read-lines.ts'
import type { ReadOptions } from '../sources/source.ts'

/** A finding, and whose rule it breaks. */
export type Told = { consumer: Consumer; finding: Finding }

export type CheckFileOptions = ReadOptions & Pick<CheckerOptions, 'tokens'>

/** Yields what is found in each chunk of the file; `lines` counts them. Throws as `readLines` does. */
export async function* checkFile(
  path: string,
  consumers: Consumer[],
  options: CheckFileOptions,
): AsyncGenerator<{ told: Told[]; lines: number }> {
  const checkers = consumers.map((consumer) => ({
    consumer,
    checker: createChecker(consumer, { tokens: options.tokens, explain }),
  }))
  for await (const lines of readLines(path, options)) {
    const told: Told[] = []
    for (const line of lines) {
      const { text, broken } = decode(line)
      for (const { consumer, checker } of checkers) {
        for (const finding of checker.line(text, { broken })) told.push({ consumer, finding })
      }
    }
    yield { told, lines: lines.length }
  }
  const told = checkers.flatMap(({ consumer, checker }) =>
    checker.end().map((finding) => ({ consumer, finding })),
  )
  yield { told, lines: 0 }
}

function decode(line: Line): { text: string; broken: string | undefined } {
  if (line.bytes === null || !isUtf8(line.bytes))
    return { text: '', broken: reasonOf({ ...line, terminated: true }) }
  return { text: line.bytes.toString('utf8'), broken: undefined }
}

function explain(text: string): string {
  const bytes = Buffer.from(text)
  return reasonOf({ number: 0, bytes, length: bytes.length, terminated: true })
}

function reasonOf(line: Line): string {
  const parsed = parseJsonLine(line)
  return parsed.kind === 'problem' ? parsed.reason : 'it is not valid JSON'
}
