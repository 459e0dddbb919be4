/** Proves that the breakdown adds up, and that each sentence says what the numbers say. */
import { describe, expect, it } from 'vitest'
import { countStatuses, groupBy, matrixOf, type Row, sum } from './count.ts'
import {
  categorySentence,
  discardedSentence,
  flaggedSentence,
  modelSentence,
  statusSentence,
  typeSentence,
} from './sentences.ts'

function row(n: number, changes: Partial<Row> = {}): Row {
  return { model_name: 'A', task_type: 'code', failure_category: null, status: 'needs_review', n, ...changes }
}

const ROWS: Row[] = [
  row(30),
  row(6, { model_name: 'B', task_type: 'math' }),
  row(4, { model_name: 'B', status: 'model_rejected' }),
  row(1, { model_name: 'B', task_type: 'math', status: 'model_rejected', failure_category: 'hallucination' }),
  row(3, { model_name: null, status: 'discarded', failure_category: 'scoring_artifact' }),
  row(4, { status: 'approved', failure_category: 'wrong_answer' }),
]

describe('counting', () => {
  it('adds up by status', () => {
    expect(sum(ROWS)).toBe(48)
    expect(countStatuses(ROWS)).toEqual({ needs_review: 36, approved: 4, discarded: 3, model_rejected: 5 })
  })

  it('puts the largest group first and what has no name last', () => {
    expect(groupBy(ROWS, (each) => each.model_name).map(({ name, total }) => [name, total])).toEqual([
      ['A', 34],
      ['B', 11],
      [null, 3],
    ])
  })

  it('counts each model at each task type', () => {
    const matrix = matrixOf(ROWS.filter((each) => each.status === 'model_rejected'))
    expect([matrix.models, matrix.types, matrix.most]).toEqual([['B'], ['code', 'math'], 4])
    expect([matrix.cell('B', 'code'), matrix.cell('B', 'math'), matrix.cell('A', 'code')]).toEqual([4, 1, 0])
  })
})

describe('the sentences', () => {
  it.each([
    [statusSentence, '12 of 48 answers are decided; 36 still wait.'],
    [modelSentence, '3 models gave them; the largest share from A: 34, or 71 %.'],
    [typeSentence, 'The models failed most often at code (41) and math (7).'],
    [categorySentence, 'The most frequent reason is wrong answer: 4 of 12 decided cards.'],
    [flaggedSentence, '5 of 48 answers were flagged; B leads with 5, mostly code.'],
    [discardedSentence, '3 of 48 answers were discarded; the most frequent reason: scoring artifact.'],
  ])('%o', (sentence, words) => {
    expect(sentence(ROWS)).toBe(words)
  })

  it.each([
    [statusSentence, 'No answers yet.'],
    [categorySentence, 'Nothing is decided yet, so no reason is known.'],
    [flaggedSentence, 'No model was flagged as completely wrong for a task type.'],
    [discardedSentence, 'No answer was discarded.'],
  ])('say so when there is nothing: %o', (sentence, words) => {
    expect(sentence([])).toBe(words)
  })

  it('name no winner where there is none', () => {
    const tie = [
      row(2, { status: 'model_rejected', model_name: 'A' }),
      row(1, { status: 'model_rejected', model_name: 'B' }),
      row(1, { status: 'model_rejected', model_name: 'B', task_type: 'math' }),
      row(1, { status: 'discarded', failure_category: 'hallucination' }),
      row(1, { status: 'discarded', failure_category: 'wrong_answer' }),
    ]
    expect(flaggedSentence(tie)).toBe('4 of 6 answers were flagged; A and B lead with 2 each.')
    expect(flaggedSentence(tie.slice(1, 3))).toBe('2 of 2 answers were flagged; B leads with 2.')
    expect(discardedSentence(tie)).toBe(
      '2 of 6 answers were discarded; the most frequent reasons are hallucination and wrong answer.',
    )
    expect(categorySentence(tie)).toBe(
      'The most frequent reasons are hallucination and wrong answer: 1 each of 6 decided cards.',
    )
  })

  it('speak of one as of one', () => {
    expect(flaggedSentence([row(1, { status: 'model_rejected' })])).toBe(
      '1 of 1 answer was flagged; A leads with 1, all code.',
    )
    expect(statusSentence([row(1, { status: 'approved' })])).toBe('1 of 1 answer is decided; none waits.')
  })
})
