/** Owns the checks of a file as a whole: lines that repeat or contradict each other, and how many there are. */

import { createSeen } from '../../domain/seen.ts'
import type { FileCheck } from './consumer.ts'
import type { Shape } from './shape.ts'
import { hashOf } from './turns-hash.ts'

const nothing = () => null

export const duplicate: FileCheck = {
  of: 'file',
  code: 'duplicate',
  advice: 'Keep one of them.',
  start() {
    const seen = createSeen()
    return {
      line({ shape, turns, rejected, record }, { line }) {
        if (shape === null) return null
        const label = { place: '', role: 'label', content: String(record.label === true), keys: [] }
        const first = seen.firstLine(hashOf([...turns, ...(rejected ?? []), label]), line)
        return first === 0 ? null : `the line teaches the same as line ${first}`
      },
      end: nothing,
    }
  },
}

export const twoAnswers: FileCheck = {
  of: 'file',
  code: 'two_answers',
  advice: 'Decide which of them is right, or write --conflicts newest at the export.',
  start() {
    const prompts = createSeen()
    const lines = createSeen()
    return {
      line({ shape, turns }, { line }) {
        if (shape === null || turns.length < 2) return null
        const asked = prompts.firstLine(hashOf(turns.slice(0, -1)), line)
        const told = lines.firstLine(hashOf(turns), line)
        return asked === 0 || told !== 0 ? null : `the line answers the prompt of line ${asked} differently`
      },
      end: nothing,
    }
  },
}

export const shapesMixed: FileCheck = {
  of: 'file',
  code: 'shapes_mixed',
  advice: 'Write one file for each shape.',
  start() {
    let first: { shape: Shape; line: number } | null = null
    return {
      line({ shape }, { line }) {
        if (shape === null) return null
        first ??= { shape, line }
        return shape === first.shape
          ? null
          : `the line is of the shape ${shape}, and line ${first.line} of ${first.shape}`
      },
      end: nothing,
    }
  },
}

/** A file that has at least `from` examples, and fewer than `least`. */
export function fewerLines(code: string, from: number, least: number): FileCheck {
  return {
    of: 'file',
    code,
    advice: 'Correct more cards, or take fewer filters.',
    start() {
      let lines = 0
      return {
        line() {
          lines += 1
          return null
        },
        end: () => (lines >= from && lines < least ? `the file has ${lines} of ${least} examples` : null),
      }
    },
  }
}

export const noLines = fewerLines('no_lines', 0, 1)

export function largerThan(megabytes: number): FileCheck {
  return {
    of: 'file',
    code: 'file_too_large',
    advice: 'Write several files, by run or by task type.',
    start: () => ({
      line: nothing,
      end: (bytes) => (bytes > megabytes * 1_000_000 ? `the file has more than ${megabytes} MB` : null),
    }),
  }
}
