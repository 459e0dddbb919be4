/** Owns what a checker says of a line: a stable code for programs, words for people. */

export type Severity = 'error' | 'warning'

export type Finding = {
  /** From 1; null when it is about the file as a whole. */
  line: number | null
  /** Stable, lower case with underscores; docs/checks.md lists them. */
  code: string
  /** An error is refused, dropped or learnt wrongly by the consumer; a warning is worth a look. */
  severity: Severity
  /** What, where, why it matters and what to do. Text of the line itself is quoted: it needs the terminal's care. */
  words: string
  /** The candidate that the line teaches, where it is known. */
  id: string | null
}
