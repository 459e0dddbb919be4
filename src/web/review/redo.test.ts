/** Proves that what was taken back can be made again, as a decision of its own, until its words are changed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cards } from './fake-network.ts'
import { type Bench, openStore } from './open-store.ts'

let bench: Bench

beforeEach(async () => {
  bench = await openStore(cards(4))
})
afterEach(() => bench.close())

describe('redo', () => {
  it('decides again with the same words, under an id of its own', async () => {
    bench.store.toggleCategory('format_error')
    bench.store.startFromAnswer()
    bench.store.write('the answer, put right')
    bench.store.submit()
    bench.store.undo()
    expect(bench.store.current?.id).toBe('c1')
    bench.store.redo()
    expect(bench.store.current?.id).toBe('c2')
    await bench.settled()
    const [first, second] = bench.bodies('submit')
    expect(second).toEqual({ ...first, version: 2, decision_id: expect.any(String) })
    expect(second).toMatchObject({ began_from: 'answer', failure_category: 'format_error' })
    expect(second?.decision_id).not.toBe(first?.decision_id)
  })

  it('goes forward through all that was taken back, and back again', async () => {
    bench.store.decide('discard')
    bench.store.decide('flag')
    bench.correct('third')
    for (let n = 0; n < 3; n += 1) bench.store.undo()
    for (let n = 0; n < 3; n += 1) bench.store.redo()
    expect(bench.store.current?.id).toBe('c4')
    bench.store.undo()
    expect(bench.store.draft?.text).toBe('third')
    await bench.settled()
    expect(bench.network.world.stored.map(({ status }) => status)).toEqual([
      'discarded',
      'model_rejected',
      'needs_review',
      'needs_review',
    ])
  })

  it('is over once something else is decided, or the words of its card are changed', () => {
    bench.store.decide('discard')
    bench.store.decide('flag')
    bench.store.undo()
    bench.store.undo()
    bench.store.openEditor()
    bench.store.write('other words')
    expect(bench.store.undone.map(({ card }) => card.id)).toEqual(['c2'])
    bench.store.decide('flag')
    expect(bench.store.undone).toHaveLength(0)
    bench.store.redo()
    expect(bench.store.announcement).toContain('Nothing to redo')
  })
})

describe('a card that somebody else took back, and that is decided here once more', () => {
  it('is one step back, not two', async () => {
    bench.correct('first')
    await bench.settled()
    await bench.undoElsewhere('c1')
    await bench.store.show({}, 'c1')
    await expect.poll(() => bench.store.current?.id).toBe('c1')
    bench.store.write('second')
    bench.store.submit()
    await bench.settled()
    expect(bench.store.acts.map(({ text }) => text)).toEqual(['second'])
    bench.store.undo()
    bench.store.undo()
    await bench.settled()
    expect(bench.store.draft?.text).toBe('second')
    expect(bench.store.notice).toBe('')
  })
})
