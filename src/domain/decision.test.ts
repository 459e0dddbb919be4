import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { STATUSES, type Status, UNDECIDED } from './candidate.ts'
import {
  ACTIONS,
  checkCorrection,
  checkDecidable,
  checkText,
  checkUndoable,
  foldDecisions,
  isBlank,
  isSameText,
  type LoggedAct,
  STATUS_AFTER,
  standingAfter,
} from './decision.ts'
import { AvocetError, type ErrorCode } from './error.ts'

const WHITE_SPACE = [
  '\t\n\v\f\r ',
  '\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a',
  '\u2028\u2029\u202f\u205f\u3000\ufeff',
].join('')

/** The code of the error, or null where it passes. */
function codeOf(check: () => unknown): ErrorCode | null {
  try {
    check()
    return null
  } catch (error) {
    if (error instanceof AvocetError) return error.code
    throw error
  }
}

describe('isSameText', () => {
  it('sees through white space of any kind, and through nothing else', () => {
    expect(isSameText('def f():\n\treturn 1\n', ' def f(): return 1')).toBe(true)
    expect(isSameText(`a${WHITE_SPACE}b`, 'ab')).toBe(true)
    expect(isSameText('', ' \n')).toBe(true)
    expect(isSameText('return 1', 'return 2')).toBe(false)
    expect(isSameText('Yes', 'yes')).toBe(false)
    expect(isSameText('a\u200bb', 'ab')).toBe(false)
  })
})

describe('isBlank', () => {
  it.each([...WHITE_SPACE].map((space) => [space.codePointAt(0)?.toString(16), space]))(
    'holds U+%s for blank',
    (_, space) => {
      expect(isBlank(space)).toBe(true)
      expect(isBlank(`${space}x`)).toBe(false)
      expect(isBlank(`x${space}`)).toBe(false)
    },
  )

  it('holds nothing, and all spaces together, for blank', () => {
    expect(isBlank('')).toBe(true)
    expect(isBlank(WHITE_SPACE.repeat(1000))).toBe(true)
  })

  it.each(['.', '0', '\0', '\u{1f426}', '\ud800', '\u3164'])('holds %j for text', (text) => {
    expect(isBlank(text)).toBe(false)
  })

  it('agrees with trim on all text but U+0085', () => {
    const characters = fc.constantFrom(...WHITE_SPACE.replace('\u0085', ''), 'x', '\u{1f426}')
    fc.assert(
      fc.property(fc.string({ unit: characters }), (text) => {
        expect(isBlank(text)).toBe(text.trim() === '')
      }),
    )
  })
})

describe('a correction', () => {
  it.each([
    ['leading spaces', '    return n * 2\n'],
    ['trailing spaces and line feeds', 'x  \n\n'],
    ['CRLF', 'a\r\nb\r\n'],
    ['a lone CR', 'a\rb'],
    ['a BOM', '\ufeffx'],
    ['U+2028', 'a\u2028b'],
    ['decomposed letters', 'e\u0301'],
    ['emoji of many parts', '\u{1f469}\u200d\u{1f4bb}'],
    ['markup', '<script>alert(1)</script>'],
    ['escape sequences', '\u001b[31mred'],
    ['five million characters', 'x'.repeat(5_000_000)],
  ])('keeps %s', (_, text) => {
    expect(checkCorrection(text)).toBe(text)
    expect(standingAfter({ action: 'correct', corrected_response: text }).corrected_response).toBe(text)
  })

  it.each([[undefined], [null], [''], [' '], ['\n\t\r\n'], [WHITE_SPACE]])(
    'is refused when it is %j',
    (text) => {
      expect(codeOf(() => checkCorrection(text))).toBe('correction_blank')
      expect(codeOf(() => standingAfter({ action: 'correct', corrected_response: text }))).toBe(
        'correction_blank',
      )
    },
  )

  it.each([
    ['a high surrogate alone', 'x\ud83d'],
    ['a low surrogate alone', '\udc26x'],
    ['surrogates the wrong way round', '\udc26\ud83d'],
    ['only a surrogate', '\ud800'],
    ['a NUL', 'a\0b'],
    ['only a NUL', '\0'],
  ])('is refused with %s', (_, text) => {
    expect(codeOf(() => checkCorrection(text))).toBe('correction_unreadable')
    expect(codeOf(() => checkText(text))).toBe('correction_unreadable')
  })

  it('is refused with a sentence that says what to do', () => {
    expect(() => checkCorrection(' ')).toThrow('Write what the model should have said')
    expect(() => checkCorrection('\ud800')).toThrow('Delete it and submit again')
    expect(() => checkCorrection('\0')).toThrow('Delete it and submit again')
  })

  it('may be blank while it is only a draft', () => {
    expect(checkText(' \n')).toBe(' \n')
    expect(checkText('')).toBe('')
  })
})

describe('standingAfter', () => {
  it.each([
    ['correct', 'approved', 'text'],
    ['discard', 'discarded', null],
    ['flag', 'model_rejected', null],
  ] as const)('leads from %s to %s', (action, status, corrected_response) => {
    expect(standingAfter({ action, corrected_response: 'text', failure_category: 'hallucination' })).toEqual({
      status,
      corrected_response,
      failure_category: 'hallucination',
    })
  })

  it.each(ACTIONS)('takes no category for null after %s', (action) => {
    expect(standingAfter({ action, corrected_response: 'x' }).failure_category).toBeNull()
    expect(
      standingAfter({ action, corrected_response: 'x', failure_category: null }).failure_category,
    ).toBeNull()
  })

  it.each(['discard', 'flag'] as const)('does not look at the text of %s', (action) => {
    expect(standingAfter({ action, corrected_response: '\ud800' }).corrected_response).toBeNull()
  })
})

describe('whether a candidate may be decided or undone', () => {
  const rows: [Status, boolean, ErrorCode | null, ErrorCode | null][] = [
    ['needs_review', false, null, 'nothing_to_undo'],
    ['approved', false, 'not_in_review', null],
    ['discarded', false, 'not_in_review', null],
    ['model_rejected', false, 'not_in_review', null],
    ['needs_review', true, 'decided_elsewhere', 'decided_elsewhere'],
    ['approved', true, 'decided_elsewhere', 'decided_elsewhere'],
    ['discarded', true, 'decided_elsewhere', 'decided_elsewhere'],
    ['model_rejected', true, 'decided_elsewhere', 'decided_elsewhere'],
  ]

  it.each(rows)(
    '%s, decided elsewhere: %j → decide: %s, undo: %s',
    (status, decided_elsewhere, decide, undo) => {
      const current = { status, version: 2, decided_elsewhere }
      for (const version of [undefined, 2]) {
        expect(codeOf(() => checkDecidable(current, version))).toBe(decide)
        expect(codeOf(() => checkUndoable(current, version))).toBe(undo)
      }
    },
  )

  it.each(STATUSES)('is no at %s when the version is another one, older or newer', (status) => {
    const current = { status, version: 2, decided_elsewhere: false }
    for (const version of [0, 1, 3]) {
      expect(codeOf(() => checkDecidable(current, version))).toBe('stale_version')
      expect(codeOf(() => checkUndoable(current, version))).toBe('stale_version')
    }
  })

  it('takes version 0 for a version', () => {
    expect(
      codeOf(() => checkDecidable({ status: 'needs_review', version: 1, decided_elsewhere: false }, 0)),
    ).toBe('stale_version')
    expect(
      codeOf(() => checkDecidable({ status: 'needs_review', version: 0, decided_elsewhere: false }, 0)),
    ).toBeNull()
  })

  it('names the status that stands in the way', () => {
    const current = { status: 'model_rejected', version: 1, decided_elsewhere: false } as const
    expect(() => checkDecidable(current, undefined)).toThrow('(model_rejected)')
  })
})

describe('foldDecisions', () => {
  const correct: LoggedAct = { action: 'correct', corrected_response: ' x', failure_category: 'format_error' }
  const discard: LoggedAct = { action: 'discard', corrected_response: null, failure_category: null }
  const flag: LoggedAct = { action: 'flag', corrected_response: null, failure_category: 'wrong_answer' }
  const undo: LoggedAct = { action: 'undo', corrected_response: ' x', failure_category: 'format_error' }

  it.each([
    ['nothing', [], UNDECIDED],
    [
      'correct',
      [correct],
      { status: 'approved', corrected_response: ' x', failure_category: 'format_error' },
    ],
    ['discard', [discard], { status: 'discarded', corrected_response: null, failure_category: null }],
    [
      'flag',
      [flag],
      { status: 'model_rejected', corrected_response: null, failure_category: 'wrong_answer' },
    ],
    ['correct, undo', [correct, undo], UNDECIDED],
    ['correct, undo, flag', [correct, undo, flag], { ...flag, status: 'model_rejected', action: undefined }],
    ['correct, undo, flag, undo', [correct, undo, flag, undo], UNDECIDED],
  ])('adds up %s', (_, log, standing) => {
    expect(foldDecisions(UNDECIDED, log)).toEqual(standing)
  })

  it('gives the standing of the import while nobody decided', () => {
    const imported = { status: 'approved', corrected_response: 'y', failure_category: null } as const
    expect(foldDecisions(imported, [])).toEqual(imported)
  })

  it('leads back to review after an undo, never to what the import said', () => {
    const imported = {
      status: 'discarded',
      corrected_response: null,
      failure_category: 'wrong_answer',
    } as const
    expect(foldDecisions(imported, [correct, undo])).toEqual(UNDECIDED)
  })

  it('agrees with standingAfter on every single act', () => {
    for (const action of ACTIONS) {
      const standing = standingAfter({ action, corrected_response: ' x', failure_category: 'format_error' })
      expect(foldDecisions(UNDECIDED, [{ ...standing, action }])).toEqual(standing)
      expect(standing.status).toBe(STATUS_AFTER[action])
    }
  })
})
