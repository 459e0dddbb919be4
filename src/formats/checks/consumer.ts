/**
 * Owns the interface of a consumer: what one trainer or service reads, and what it does with the rest.
 *
 * To add a consumer, add one file to this folder that default-exports `defineConsumer({...})`; nothing else changes.
 * `index.ts` finds it, the CLI and the docs list it, and `checks.test.ts` demands a line that breaks each of its rules.
 */
import type { Severity } from './finding.ts'
import type { Kind, Reading, Shape } from './shape.ts'

/** What is known of a line before its JSON is. */
export type RawLine = {
  hasBom: boolean
  endsWithCr: boolean
  isBlank: boolean
  /** Why it is not JSON; null when it is. */
  broken: string | null
  json: unknown
  /** Of the line with its line feed; 0 for what was never text. */
  bytes: number
}

export type At = {
  line: number
  /** Bytes of the file up to this line; 0 for what was never text. */
  bytes: number
}

type Asked = {
  code: string
  /** What to do about it: a sentence. */
  advice: string
}

/** Asked of the physical line. Every `find` says what is wrong and where, or null. */
export type RawCheck = Asked & { of: 'raw'; find(raw: RawLine): string | null }
/** Asked of keys and kinds: the same for every line of a format. */
export type ShapeCheck = Asked & { of: 'shape'; find(reading: Reading, consumer: Consumer): string | null }
/** Depends on one candidate alone, whatever the format: its verdicts can be kept beside the decision. */
export type ExampleCheck = Asked & { of: 'example'; find(reading: Reading): string | null }
/** Looks at all lines together, and remembers a few bytes of each. */
export type FileCheck = Asked & {
  of: 'file'
  start(): { line(reading: Reading, at: At): string | null; end(bytes: number): string | null }
}

export type Check = RawCheck | ShapeCheck | ExampleCheck | FileCheck

export type Rule = {
  check: Check
  severity: Severity
  /** What this consumer does with such a line: a clause that follows a colon. */
  why: string
  /** Only for these shapes; all when left out. */
  shapes?: Shape[]
}

export type Reads = {
  /** How the first part may be written: the whole conversation, or the prompt. */
  first: Kind[]
  /** How the answers may be written. */
  answers: Kind[]
  /** What must be set on the consumer's side, or null. */
  note: string | null
}

export type Consumer = {
  /** What the user types after `--for`; also the file's name. */
  name: string
  title: string
  /** Whose rules these are, with their version: "checked against the rules of …". */
  rules_of: string
  /** One sentence: who that is. */
  explain: string
  shapes: Partial<Record<Shape, Reads>>
  /** Keys beside those of the shape: what happens to them. A sentence for the docs. */
  extra_keys: string
  /** What happens to a line with more tokens than it takes: a clause. */
  too_long: string
  rules: Rule[]
}

export function defineConsumer(consumer: Consumer): Consumer {
  return consumer
}

export function error(check: Check, why: string, shapes?: Shape[]): Rule {
  return { check, severity: 'error', why, ...(shapes && { shapes }) }
}

export function warning(check: Check, why: string, shapes?: Shape[]): Rule {
  return { check, severity: 'warning', why, ...(shapes && { shapes }) }
}

export function appliesTo(rule: Rule, shape: Shape | null): boolean {
  return rule.shapes === undefined || (shape !== null && rule.shapes.includes(shape))
}

/** A finding in words. */
export function wordsOf(found: string, { why, check }: Rule): string {
  return `${found}: ${why}. ${check.advice}`
}
