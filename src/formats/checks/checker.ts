/** Owns a pass over the lines of one file by the rules of one consumer, in a few bytes of memory for each line. */
import { type At, appliesTo, type Consumer, error, type RawLine, type Rule, wordsOf } from './consumer.ts'
import type { Finding } from './finding.ts'
import { readRaw } from './raw-line.ts'
import { isObject, type Reading, readRecord, type Shape, shapeOf } from './shape.ts'
import { type TokenLimit, tooManyTokens } from './token-check.ts'

export type Checker = {
  /**
   * One line: its text without its line feed, or the value that was parsed from it.
   * `broken` says why it could not be read; `id` is the candidate that the line teaches.
   */
  line(line: unknown, about?: { id?: string | undefined; broken?: string | undefined }): Finding[]
  /** The shapes that were met, of those that the consumer reads. */
  shapes: ReadonlySet<Shape>
  /** What only the whole file shows. Once, after the last line. */
  end(): Finding[]
}

export type CheckerOptions = {
  tokens?: TokenLimit | undefined
  /** Why a text is no JSON, better than the checker itself can say it: the end of a clause. */
  explain?: (text: string) => string
}

type Tell = (rule: Rule, found: string | null) => void
type Pass = { rule: Rule; line(reading: Reading, at: At): string | null; end(bytes: number): string | null }

export function createChecker(consumer: Consumer, options: CheckerOptions = {}): Checker {
  const { tokens } = options
  const rules = tokens ? [...consumer.rules, error(tooManyTokens(tokens), consumer.too_long)] : consumer.rules
  const passes: Pass[] = rules.flatMap((rule) =>
    rule.check.of === 'file' ? [{ rule, ...rule.check.start() }] : [],
  )
  const shapes = new Set<Shape>()
  const at: At = { line: 0, bytes: 0 }
  return {
    shapes,
    line(input, { id, broken } = {}) {
      at.line += 1
      const raw = readRaw(input, broken, options.explain)
      at.bytes += raw.bytes
      return collect({ line: at.line, id: id ?? null }, (tell) => {
        askRaw(rules, raw, tell)
        if (!isObject(raw.json)) return
        const reading = readAs(raw.json, consumer)
        if (reading.shape) shapes.add(reading.shape)
        askReading(rules, reading, consumer, tell)
        for (const pass of passes) {
          if (appliesTo(pass.rule, reading.shape)) tell(pass.rule, pass.line(reading, at))
        }
      })
    },
    end: () =>
      collect({ line: null, id: null }, (tell) => {
        for (const pass of passes) tell(pass.rule, pass.end(at.bytes))
      }),
  }
}

function collect(place: Pick<Finding, 'line' | 'id'>, ask: (tell: Tell) => void): Finding[] {
  const findings: Finding[] = []
  ask((rule, found) => {
    if (found === null) return
    const { check, severity } = rule
    findings.push({ line: place.line, code: check.code, severity, words: wordsOf(found, rule), id: place.id })
  })
  return findings
}

function askRaw(rules: Rule[], raw: RawLine, tell: Tell): void {
  for (const rule of rules) if (rule.check.of === 'raw') tell(rule, rule.check.find(raw))
}

function askReading(rules: Rule[], reading: Reading, consumer: Consumer, tell: Tell): void {
  for (const rule of rules) {
    const { check } = rule
    if (!appliesTo(rule, reading.shape)) continue
    if (check.of === 'shape') tell(rule, check.find(reading, consumer))
    else if (check.of === 'example' && reading.shape) tell(rule, check.find(reading))
  }
}

/** A shape that the consumer does not read is none: its rules could say nothing of it. */
function readAs(record: Record<string, unknown>, consumer: Consumer): Reading {
  const shape = shapeOf(record)
  if (shape && consumer.shapes[shape]) return readRecord(record, shape)
  return { shape: null, record, parts: [], turns: [], rejected: null }
}
