/** Owns a pass over the lines of one file by the rules of one consumer, in a few bytes of memory for each line. */
import { type At, appliesTo, type Consumer, type RawLine, type Rule, wordsOf } from './consumer.ts'
import type { Finding } from './finding.ts'
import { isObject, type Reading, readRecord, shapeOf } from './shape.ts'

export type Checker = {
  /**
   * One line: its text without its line feed, or the value that was parsed from it.
   * `broken` says why it could not be read; `id` is the candidate that the line teaches.
   */
  line(line: unknown, about?: { id?: string | undefined; broken?: string }): Finding[]
  /** What only the whole file shows. Once, after the last line. */
  end(): Finding[]
}

export function createChecker(consumer: Consumer): Checker {
  const at: At = { line: 0, bytes: 0 }
  const passes = consumer.rules.flatMap((rule) =>
    rule.check.of === 'file' ? [{ rule, pass: rule.check.start() }] : [],
  )

  function line(input: unknown, about: { id?: string | undefined; broken?: string } = {}): Finding[] {
    at.line += 1
    if (typeof input === 'string') at.bytes += Buffer.byteLength(input) + 1
    const raw = readRaw(input, about.broken)
    const findings = askRaw(raw)
    if (isObject(raw.json)) {
      const reading = readAs(raw.json, consumer)
      findings.push(...askReading(reading), ...askFile(reading))
    }
    return findings.map((finding) => ({ ...finding, line: at.line, id: about.id ?? null }))
  }

  function askRaw(raw: RawLine): Found[] {
    return consumer.rules.flatMap((rule) =>
      rule.check.of === 'raw' ? toFound(rule, rule.check.find(raw)) : [],
    )
  }

  function askReading(reading: Reading): Found[] {
    return consumer.rules.flatMap((rule) => {
      if (!appliesTo(rule, reading.shape)) return []
      if (rule.check.of === 'shape') return toFound(rule, rule.check.find(reading, consumer))
      if (rule.check.of === 'example' && reading.shape) return toFound(rule, rule.check.find(reading))
      return []
    })
  }

  function askFile(reading: Reading): Found[] {
    return passes.flatMap(({ rule, pass }) =>
      appliesTo(rule, reading.shape) ? toFound(rule, pass.line(reading, at)) : [],
    )
  }

  function end(): Finding[] {
    const findings = passes.flatMap(({ rule, pass }) => toFound(rule, pass.end(at.bytes)))
    return findings.map((finding) => ({ ...finding, line: null, id: null }))
  }

  return { line, end }
}

type Found = Omit<Finding, 'line' | 'id'>

function toFound(rule: Rule, found: string | null): Found[] {
  if (found === null) return []
  return [{ code: rule.check.code, severity: rule.severity, words: wordsOf(found, rule) }]
}

/** A shape that the consumer does not read is none: its rules could say nothing of it. */
function readAs(record: Record<string, unknown>, consumer: Consumer): Reading {
  const shape = shapeOf(record)
  if (shape && consumer.shapes[shape]) return readRecord(record, shape)
  return { shape: null, record, parts: [], turns: [], rejected: null }
}

const BOM = '\ufeff'

function readRaw(input: unknown, broken: string | undefined): RawLine {
  if (typeof input !== 'string' || broken !== undefined) {
    const text = typeof input === 'string' ? input : ''
    return { ...edgesOf(text), isBlank: false, broken: broken ?? null, json: broken ? undefined : input }
  }
  const text = input.startsWith(BOM) ? input.slice(1) : input
  if (/^[ \t\r]*$/.test(text)) return { ...edgesOf(input), isBlank: true, broken: null, json: undefined }
  try {
    return { ...edgesOf(input), isBlank: false, broken: null, json: JSON.parse(text) }
  } catch {
    return { ...edgesOf(input), isBlank: false, broken: 'it is not valid JSON', json: undefined }
  }
}

function edgesOf(text: string): Pick<RawLine, 'hasBom' | 'endsWithCr'> {
  return { hasBom: text.startsWith(BOM), endsWithCr: text.endsWith('\r') }
}
