/** Owns what an import says of itself: every line counted once, every refused one named. */

/** `lines` is the sum of the others: a line is never lost between them. */
export type LineCounts = {
  lines: number
  imported: number
  /** Same id, equal content: nothing to do. */
  duplicate: number
  /** Same id, other content: the first one stands. */
  conflict: number
  rejected: number
  /** Understood, and not a wrong answer. */
  skipped: number
  blank: number
}

/** Trouble in the data of one line; the import goes on. `code` is for programs, `reason` for people. */
export type ImportProblem = { path: string; line: number; code: string; reason: string }

export type FileReport = LineCounts & {
  path: string
  /** Set when the file as a whole could not be read; its counts then tell how far it came. */
  refused?: { code: string; reason: string }
}

export type ImportReport = {
  files: FileReport[]
  totals: LineCounts
  /** The rejected lines, all of them, in order. */
  problems: ImportProblem[]
  conflicts: ImportProblem[]
  /** How often each warning came up in records that were taken, and in files as a whole. */
  warnings: Record<string, number>
  ignored: Ignored
}

/** What lay beside the files that were read, and is nothing of ours: all counted, the first ones named. */
export type Ignored = { count: number; paths: string[] }

export const MAX_IGNORED_NAMED = 100

export function addIgnored(ignored: Ignored, path: string): void {
  ignored.count += 1
  if (ignored.paths.length < MAX_IGNORED_NAMED) ignored.paths.push(path)
}

export function noLines(): LineCounts {
  return { lines: 0, imported: 0, duplicate: 0, conflict: 0, rejected: 0, skipped: 0, blank: 0 }
}

export function addCounts(sum: LineCounts, more: LineCounts): void {
  for (const key of Object.keys(noLines()) as (keyof LineCounts)[]) sum[key] += more[key]
}
