/** Proves that a correction which corrects nothing asks once whether the benchmark was wrong, and what each answer does. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { card } from './fake-network.ts'
import { type Bench, openStore } from './open-store.ts'

const ANSWER = 'def median(values):\n    return values[0]'
let bench: Bench

beforeEach(async () => {
  bench = await openStore([card('c1'), card('c2')])
})
afterEach(() => bench.close())

describe('the answer of the model, submitted as a correction', () => {
  it.each([ANSWER, `  ${ANSWER.replaceAll(' ', '')}\n\n`, ANSWER.replace('\n', '\u00a0\r\n')])(
    'asks: %j',
    (text) => {
      bench.correct(text)
      expect(bench.store.current?.id).toBe('c1')
      expect(bench.store.sameAnswer).toBe(1)
      expect(bench.network.of('submit')).toHaveLength(0)
    },
  )

  it('asks where it holds a character that no text can', async () => {
    bench.close()
    bench = await openStore([card('c1', { model_response: 'nul\0' })])
    bench.store.startFromAnswer()
    bench.store.submit()
    expect(bench.store.sameAnswer).toBe(1)
  })

  it('does not ask of any other text, of a blank one, or where the category says so already', async () => {
    bench.correct(`${ANSWER} `.replace('values[0]', 'values[1]'))
    expect(bench.store.current?.id).toBe('c2')
    bench.store.toggleCategory('scoring_artifact')
    bench.correct(ANSWER)
    expect(bench.store.current).toBeNull()
    await bench.settled()
    bench.close()
    bench = await openStore([card('c1', { model_response: ' ' })])
    bench.correct('  ')
    expect(bench.store.sameAnswer).toBe(0)
    expect(bench.store.refusal?.reason).toContain('needs text')
  })

  it('is not saved by the same key pressed again: the question waits, and calls once more', () => {
    bench.correct(ANSWER)
    bench.store.submit()
    expect(bench.store.current?.id).toBe('c1')
    expect(bench.store.sameAnswer).toBe(2)
  })

  it('is saved as a scoring artifact on yes', async () => {
    bench.store.toggleCategory('wrong_answer')
    bench.correct(ANSWER)
    bench.store.saveAsArtifact()
    expect(bench.store.current?.id).toBe('c2')
    await bench.settled()
    expect(bench.bodies('submit')).toMatchObject([
      { action: 'correct', corrected_response: ANSWER, failure_category: 'scoring_artifact' },
    ])
  })

  it('is saved as it is on no', async () => {
    bench.store.toggleCategory('style_violation')
    bench.correct(ANSWER)
    bench.store.saveAsItIs()
    await bench.settled()
    expect(bench.bodies('submit')).toMatchObject([{ failure_category: 'style_violation' }])
  })

  it('leaves the reviewer in the editor, and is asked about only once', async () => {
    bench.correct(ANSWER)
    const before = bench.store.draft?.openings ?? 0
    bench.store.goOnWriting()
    expect(bench.store.sameAnswer).toBe(0)
    expect(bench.store.draft).toMatchObject({ editing: true, openings: before + 1, text: ANSWER })
    bench.store.submit()
    expect(bench.store.current?.id).toBe('c2')
    await bench.settled()
  })

  it('is no question any more once the text is another, or the card', () => {
    bench.correct(ANSWER)
    bench.store.next()
    expect(bench.store.sameAnswer).toBe(0)
    bench.store.back()
    expect(bench.store.sameAnswer).toBe(1)
    bench.store.write(`${ANSWER} + 1`)
    expect(bench.store.sameAnswer).toBe(0)
  })

  it('has answers only while it is asked', () => {
    bench.store.openEditor()
    bench.store.write(ANSWER)
    bench.store.saveAsArtifact()
    bench.store.saveAsItIs()
    expect(bench.store.current?.id).toBe('c1')
    expect(bench.store.draft?.category).toBeNull()
  })
})
