/** Proves that the last decisions of everybody are listed, and that each can be taken back on its own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cards, problem } from './fake-network.ts'
import { type Bench, openStore } from './open-store.ts'

let bench: Bench

/** Three cards were decided before this tab opened; the second is still decided, the third was taken back. */
beforeEach(async () => {
  bench = await openStore(cards(5))
  bench.store.decide('discard')
  bench.store.toggleCategory('partial_answer')
  bench.correct('their text')
  bench.store.decide('flag')
  bench.store.undo()
  await bench.settled()
  const { world } = bench.network
  bench.close()
  // It was another tab.
  sessionStorage.clear()
  bench = await openStore(world.stored, { log: world.log })
  await bench.store.refreshRecent()
})
afterEach(() => bench.close())

const rowOf = (id: string) => bench.store.recent.find((row) => row.id === id)!

describe('the decisions of others', () => {
  it('are those that stand, newest first', () => {
    expect(bench.store.recent.map(({ id, action }) => [id, action])).toEqual([
      ['c2', 'correct'],
      ['c1', 'discard'],
    ])
  })

  it('can each be taken back: the card comes to the front with its text and its reason', async () => {
    bench.store.takeBackRow(rowOf('c2'))
    await bench.settled()
    expect(bench.bodies('undo')).toEqual([{ id: 'c2', decision_id: expect.any(String), version: 1 }])
    expect(bench.store.current?.id).toBe('c2')
    expect(bench.store.draft).toMatchObject({ text: 'their text', category: 'partial_answer', editing: true })
    expect(bench.store.recent.map(({ id }) => id)).toEqual(['c1'])
    bench.store.decide('flag')
    await bench.settled()
    expect(bench.bodies('submit').at(-1)).toMatchObject({ id: 'c2', action: 'flag', version: 2 })
  })

  it('save what is being typed when a card comes back', async () => {
    bench.store.openEditor()
    bench.store.write('mine')
    bench.store.takeBackRow(rowOf('c1'))
    await bench.settled()
    expect(bench.store.current?.id).toBe('c1')
    await expect.poll(() => bench.bodies('drafts/c3')).toMatchObject([{ text: 'mine' }])
  })

  it('stay where they are when the server refuses, which says why', async () => {
    bench.network.answerOnce('undo', () => problem(409, 'stale_version', 'Somebody changed this card.'))
    bench.store.takeBackRow(rowOf('c1'))
    await bench.settled()
    expect(bench.store.notice).toBe('Not undone: Task c1. Somebody changed this card.')
    expect(bench.store.current?.id).toBe('c3')
    expect(bench.store.undoing.size).toBe(0)
  })

  it('are asked again under the same id while nobody answers, and never twice at once', async () => {
    bench.network.goDown(true)
    bench.store.takeBackRow(rowOf('c1'))
    await expect.poll(() => bench.store.status.isStuck).toBe(true)
    bench.store.takeBackRow(rowOf('c1'))
    expect([...bench.store.undoing]).toEqual(['c1'])
    bench.network.goDown(false)
    await bench.settled()
    const [first, second] = bench.bodies('undo')
    expect(second).toEqual(first)
    expect(bench.store.current?.id).toBe('c1')
  })

  it('are not told again once this tab has decided the card itself', async () => {
    bench.store.takeBackRow(rowOf('c1'))
    await bench.settled()
    bench.store.decide('flag')
    await bench.settled()
    expect(bench.store.recent.map(({ id }) => id)).toEqual(['c2'])
    expect(bench.store.acts.map(({ card }) => card.id)).toEqual(['c1'])
  })
})

describe('an older decision of this tab', () => {
  it('is taken back alone, and its card comes to the front with its text', async () => {
    bench.correct('third')
    bench.store.decide('discard')
    await bench.settled()
    bench.store.undo(bench.store.acts[0])
    expect(bench.store.current?.id).toBe('c3')
    expect(bench.store.draft).toMatchObject({ text: 'third', editing: true })
    await bench.settled()
    expect(bench.bodies('undo').map((body) => body.id)).toEqual(['c3'])
    expect(bench.store.acts.map(({ card }) => card.id)).toEqual(['c4'])
  })
})

describe('a decision taken back from the page of its card', () => {
  it('waits again without coming to the front, and is nothing to undo any more', async () => {
    bench.store.decide('discard')
    await bench.settled()
    await bench.store.takeBackCard('c3', 3)
    expect(bench.store.acts).toHaveLength(0)
    expect(bench.store.current?.id).toBe('c4')
    await expect.poll(() => bench.store.cards.map((each) => each.id)).toEqual(['c4', 'c5', 'c3'])
  })
})
