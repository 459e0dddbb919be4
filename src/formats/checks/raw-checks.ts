/** Owns the checks of a physical line, before anything is known of what it teaches. */
import type { RawCheck, RawLine } from './consumer.ts'
import { isObject } from './shape.ts'

function rawCheck(code: string, advice: string, find: (raw: RawLine) => string | null): RawCheck {
  return { of: 'raw', code, advice, find }
}

export const invalidJson = rawCheck('invalid_json', 'Write the file again.', ({ broken }) =>
  broken === null ? null : `the line cannot be read (${broken})`,
)

export const notObject = rawCheck(
  'not_object',
  'One line holds one object, { … }.',
  ({ broken, isBlank, json }) =>
    broken !== null || isBlank || isObject(json) ? null : 'the line is no JSON object',
)

export const blankLine = rawCheck('blank_line', 'Delete the empty line.', ({ isBlank }) =>
  isBlank ? 'the line is empty' : null,
)

export const bom = rawCheck('bom', 'Save the file as UTF-8 without a byte order mark.', ({ hasBom }) =>
  hasBom ? 'the line begins with a byte order mark' : null,
)

export const crlf = rawCheck('crlf', 'Save the file with line feeds alone (LF).', ({ endsWithCr }) =>
  endsWithCr ? 'the line ends with CR LF' : null,
)

export const loneSurrogate = rawCheck(
  'lone_surrogate',
  'Find the emoji that was cut in two, and delete what is left of it.',
  ({ json }) => (isWellFormed(json) ? null : 'the line holds half of a character (a lone surrogate)'),
)

/** Walked with a stack of our own: a line may be nested deeper than calls can be. */
function isWellFormed(json: unknown): boolean {
  const left = [json]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value === 'string' && !value.isWellFormed()) return false
    if (Array.isArray(value)) for (const item of value) left.push(item)
    else if (isObject(value)) for (const key of Object.keys(value)) left.push(key, value[key])
  }
  return true
}
