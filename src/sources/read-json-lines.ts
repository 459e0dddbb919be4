/** Owns what every source of JSON Lines does the same: each line becomes exactly one item. */
import type { Facts } from '../domain/candidate.ts'
import { parseJsonLine } from './json-line.ts'
import { type Line, readLines } from './read-lines.ts'
import type { Place, ReadOptions, SourceItem } from './source.ts'

/** What a source makes of one JSON value. */
export type Understanding =
  | { facts: Facts; warnings: string[] }
  | { fault: { code: string; reason: string } }
  | { skip: true }

export async function* readJsonLines(
  path: string,
  options: ReadOptions,
  understand: (json: unknown) => Understanding,
): AsyncGenerator<SourceItem[]> {
  for await (const lines of readLines(path, options)) {
    yield lines.map((line) => toItem(line, { path, line: line.number }, understand))
  }
}

function toItem(line: Line, place: Place, understand: (json: unknown) => Understanding): SourceItem {
  const parsed = parseJsonLine(line)
  if (parsed.kind === 'blank') return { kind: 'blank', place }
  if (parsed.kind === 'problem') {
    return { kind: 'problem', place, raw: line.bytes, code: parsed.code, reason: parsed.reason }
  }
  const understood = understand(parsed.json)
  if ('skip' in understood) return { kind: 'skip', place }
  if ('fault' in understood) return { kind: 'problem', place, raw: line.bytes, ...understood.fault }
  const warnings = [...parsed.warnings, ...understood.warnings]
  return { kind: 'candidate', place, raw: parsed.raw, facts: understood.facts, warnings }
}
