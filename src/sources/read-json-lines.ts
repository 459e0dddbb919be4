/** Owns what every source of JSON Lines does the same: each line becomes exactly one item. */
import type { Facts } from '../domain/candidate.ts'
import { parseJsonLine } from './json-line.ts'
import { type Line, readLines } from './read-lines.ts'
import type { Location, ReadOptions, SourceItem } from './source.ts'

/** What a source makes of one JSON value. */
export type Understanding =
  | { facts: Facts; warnings: string[] }
  | { fault: { code: string; reason: string } }
  | { skip: true }

export async function* readJsonLines(
  location: Location,
  options: ReadOptions,
  understand: (json: unknown) => Understanding,
): AsyncGenerator<SourceItem[]> {
  const path = String(location)
  for await (const lines of readLines(location, options)) {
    yield lines.map((line) => toItem(line, path, understand))
  }
}

function toItem(line: Line, path: string, understand: (json: unknown) => Understanding): SourceItem {
  const place = { path, line: line.number }
  const bytes = line.length + (line.terminated ? 1 : 0)
  const parsed = parseJsonLine(line)
  if (parsed.kind === 'blank') return { kind: 'blank', place, bytes }
  if (parsed.kind === 'problem') {
    return { kind: 'problem', place, bytes, raw: line.bytes, code: parsed.code, reason: parsed.reason }
  }
  const understood = understand(parsed.json)
  if ('skip' in understood) return { kind: 'skip', place, bytes }
  if ('fault' in understood) return { kind: 'problem', place, bytes, raw: line.bytes, ...understood.fault }
  const warnings = [...parsed.warnings, ...understood.warnings]
  return { kind: 'candidate', place, bytes, raw: parsed.raw, facts: understood.facts, warnings }
}
