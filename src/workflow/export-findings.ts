/** Owns what trainers say of an export: the codes of the index, told in words again. */
import { toExample } from '../domain/example.ts'
import { createChecker } from '../formats/checks/checker.ts'
import { type Consumer, wordsOf } from '../formats/checks/consumer.ts'
import type { Severity } from '../formats/checks/finding.ts'
import { consumers } from '../formats/checks/index.ts'
import type { Shape } from '../formats/checks/shape.ts'
import { judge, verdictsOf } from '../formats/checks/verdicts.ts'
import type { Format, Row } from '../formats/format.ts'
import { findIds, readStandings, readTeachings } from '../store/example-index.ts'
import type { Reading } from '../store/open.ts'
import type { Conflicts } from './export-conflicts.ts'
import { ENOUGH_LINES, parsed, type Tally } from './export-plan.ts'

export type Reason = { code: string; explain: string; count: number; ids: string[] }
export type Finding = Reason & { severity: Severity }
export type ConsumerVerdict = Pick<Consumer, 'name' | 'title' | 'rules_of'> & {
  verdict: 'passes' | 'warnings' | 'refused'
  findings: Finding[]
}

/** Everybody who reads the shape, those that the format is made for first. */
export function readersOf({ shape, consumers: meant }: Format): Consumer[] {
  if (!shape) return []
  const readers = [...consumers.values()].filter(({ shapes }) => shapes[shape])
  return [
    ...readers.filter(({ name }) => meant.includes(name)),
    ...readers.filter(({ name }) => !meant.includes(name)),
  ]
}

/** Those alone that the format is made for: what they call an error stops an export. */
export function ownReadersOf(format: Format): Consumer[] {
  return readersOf(format).filter(({ name }) => format.consumers.includes(name))
}

/** `verdicts`: from the JSON of a row's verdicts to who has them. */
export async function findingsOf(
  db: Reading,
  consumer: Consumer,
  shape: Shape,
  verdicts: Map<string, Tally>,
): Promise<Finding[]> {
  const byCode = new Map<string, { severity: Severity; tally: Tally }>()
  for (const [json, { count, seqs }] of verdicts) {
    for (const { code, severity } of judge(consumer, shape, parsed(json), { line: null, id: '' })) {
      const { tally } = byCode.get(code) ?? { tally: { count: 0, seqs: [] } }
      const sorted = [...tally.seqs, ...seqs].sort((a, b) => a - b).slice(0, 20)
      byCode.set(code, { severity, tally: { count: tally.count + count, seqs: sorted } })
    }
  }
  const findings: Finding[] = []
  for (const [code, { severity, tally }] of byCode) {
    const explain = await wordsFor(db, consumer, shape, code, tally.seqs[0] ?? 0)
    findings.push({ code, severity, explain, count: tally.count, ids: await findIds(db, tally.seqs) })
  }
  return findings.sort((a, b) => rank(a) - rank(b) || b.count - a.count)
}

function rank({ severity }: Finding): number {
  return severity === 'error' ? 0 : 1
}

/** In the words of the first candidate that has it: the index keeps codes alone. */
async function wordsFor(
  db: Reading,
  consumer: Consumer,
  shape: Shape,
  code: string,
  seq: number,
): Promise<string> {
  for await (const [first] of readTeachings(db, await readStandings(db, [seq]))) {
    const example = first && toExample(first.teaching, true)
    if (typeof example !== 'object') continue
    const findings = judge(consumer, shape, verdictsOf(example), { line: null, id: example.id })
    const found = findings.find((finding) => finding.code === code)
    if (found) return found.words
  }
  return code
}

/** What is the same for every line: the shape and its keys. One row tells it. */
export function shapeFindings(consumer: Consumer, sample: Row | undefined, lines: number): Finding[] {
  if (!sample) return []
  const sameForAll = consumer.rules.filter(({ check }) => check.of === 'shape').map(({ check }) => check.code)
  return createChecker(consumer)
    .line(sample)
    .filter(({ code }) => sameForAll.includes(code))
    .map(({ code, severity, words }) => ({ code, severity, explain: words, count: lines, ids: [] }))
}

const NO_LINE = { shape: null, record: {}, parts: [], turns: [], rejected: null }

/** What only the file as a whole shows: how many lines there are, and prompts with several answers. */
export function fileFindings(consumer: Consumer, lines: number, conflicts: Conflicts): Finding[] {
  return consumer.rules.flatMap((rule) => {
    const { check, severity } = rule
    if (check.of !== 'file') return []
    if (check.code === 'two_answers' && conflicts.prompts > 0) {
      const explain = wordsOf(`${conflicts.prompts} prompts have different corrections`, rule)
      return [{ code: check.code, severity, explain, count: conflicts.examples, ids: [] }]
    }
    const pass = check.start()
    for (let line = 1; line <= Math.min(lines, ENOUGH_LINES); line++) pass.line(NO_LINE, { line, bytes: 0 })
    const found = pass.end(0)
    return found === null
      ? []
      : [{ code: check.code, severity, explain: wordsOf(found, rule), count: 1, ids: [] }]
  })
}

export function verdictOf(consumer: Consumer, findings: Finding[]): ConsumerVerdict {
  const { name, title, rules_of } = consumer
  const isRefused = findings.some(({ severity }) => severity === 'error')
  const verdict = isRefused ? 'refused' : findings.length > 0 ? 'warnings' : 'passes'
  return { name, title, rules_of, verdict, findings }
}

/** Which of the verdicts are errors to those that the format is made for, each code once. */
export async function errorsOf(
  db: Reading,
  format: Format,
  verdicts: Map<string, Tally>,
): Promise<Finding[]> {
  const errors = new Map<string, Finding>()
  for (const consumer of ownReadersOf(format)) {
    if (!format.shape) continue
    for (const finding of await findingsOf(db, consumer, format.shape, verdicts)) {
      if (finding.severity === 'error' && !errors.has(finding.code)) errors.set(finding.code, finding)
    }
  }
  return [...errors.values()]
}
