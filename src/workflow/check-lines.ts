/** Owns one pass of lines by the rules of several consumers. */
import { type CheckerOptions, createChecker } from '../formats/checks/checker.ts'
import type { Consumer } from '../formats/checks/consumer.ts'
import type { Finding } from '../formats/checks/finding.ts'

/** A finding, and whose rule it breaks. */
export type Told = { consumer: Consumer; finding: Finding }

/** What a part of the lines brought; the last part has no lines, and tells of all of them. */
export type Checked = {
  lines: number
  told: Told[]
  /** What must be set on the side of a consumer; of the last part alone. */
  notes: { consumer: Consumer; note: string }[]
}

export type LineCheck = {
  line(line: unknown, about?: { id?: string; broken?: string | undefined }): Told[]
  end(): Checked
}

export function createLineCheck(consumers: Consumer[], options: CheckerOptions): LineCheck {
  const checkers = consumers.map((consumer) => ({ consumer, checker: createChecker(consumer, options) }))
  return {
    line: (line, about) =>
      checkers.flatMap(({ consumer, checker }) =>
        checker.line(line, about).map((finding) => ({ consumer, finding })),
      ),
    end: () => ({
      lines: 0,
      told: checkers.flatMap(({ consumer, checker }) =>
        checker.end().map((finding) => ({ consumer, finding })),
      ),
      notes: checkers.flatMap(({ consumer, checker }) =>
        [...checker.shapes].flatMap((shape) => {
          const note = consumer.shapes[shape]?.note
          return note ? [{ consumer, note }] : []
        }),
      ),
    }),
  }
}
