/** Proves that the filter of the address decides which cards are reviewed, and that nothing typed or asked before gets lost in it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { card } from './fake-network.ts'
import { type Bench, openStore } from './open-store.ts'

let bench: Bench

beforeEach(async () => {
  bench = await openStore([
    card('a1', { run_id: 'A' }),
    card('b1', { run_id: 'B', quality_score: 0.9 }),
    card('a2', { run_id: 'A', task_type: 'math' }),
    card('b2', { run_id: 'B', status: 'discarded' }),
    card('a3', { run_id: 'A', quality_score: null }),
  ])
})
afterEach(() => bench.close())

const ids = () => bench.store.cards.map((each) => each.id)

describe('a filter', () => {
  it('is asked of the server, and only its cards are shown and counted', async () => {
    await bench.store.show({ run_id: 'B' })
    expect(bench.network.of('/queue').at(-1)?.query.toString()).toBe('run_id=B&page=1&per_page=20')
    expect(ids()).toEqual(['b1'])
    await expect.poll(() => [bench.store.left, bench.store.total]).toEqual([1, 2])
    expect(bench.store.waiting).toBe(4)
  })

  it.each([
    [{ task_type: 'math' }, ['a2']],
    [{ score_band: 'high' } as const, ['b1']],
    [{ score_band: 'none' } as const, ['a3']],
    [{ run_id: 'A', score_band: 'low' } as const, ['a1', 'a2']],
  ])('of %j leaves %j', async (filter, left) => {
    await bench.store.show(filter)
    expect(ids()).toEqual(left)
  })

  it('given up brings all cards back', async () => {
    await bench.store.show({ run_id: 'B' })
    await bench.store.show({})
    expect(ids()).toEqual(['a1', 'b1', 'a2', 'a3'])
    expect(bench.store.left).toBe(4)
  })

  it('never shows an answer that was asked for under the one before', async () => {
    const release = bench.network.hold('queue')
    const first = bench.store.show({ run_id: 'A' })
    await bench.store.show({ run_id: 'B' })
    expect(ids()).toEqual(['b1'])
    release()
    await first
    await new Promise((done) => setTimeout(done, 20))
    expect(ids()).toEqual(['b1'])
    expect(bench.store.left).toBe(1)
  })

  it('keeps and saves what is being typed', async () => {
    bench.store.openEditor()
    bench.store.write('half a thought')
    await bench.store.show({ run_id: 'B' })
    await expect.poll(() => bench.bodies('drafts/a1')).toMatchObject([{ text: 'half a thought' }])
    await bench.store.show({})
    expect(bench.store.draft).toMatchObject({ text: 'half a thought', editing: true })
  })

  it('moves its count at once with each decision, and back with each undo', async () => {
    await bench.store.show({ run_id: 'A' })
    expect(bench.store.left).toBe(3)
    bench.store.decide('discard')
    expect(bench.store.left).toBe(2)
    bench.store.undo()
    expect(bench.store.left).toBe(3)
    await bench.settled()
    await expect.poll(() => bench.store.left).toBe(3)
  })

  it('says when nothing is left under it although other cards wait', async () => {
    await bench.store.show({ run_id: 'B' })
    bench.store.decide('discard')
    await bench.settled()
    await expect.poll(() => bench.store.phase).toBe('filtered')
  })
})

describe('a card asked for by its id', () => {
  it('comes first, whatever the filter', async () => {
    await bench.store.show({ run_id: 'B' }, 'a3')
    await expect.poll(() => bench.store.current?.id).toBe('a3')
    bench.store.decide('discard')
    await bench.settled()
    expect(bench.store.current?.id).toBe('b1')
    await expect.poll(() => bench.store.left).toBe(1)
  })

  it('lets no other card be decided while it is on its way', async () => {
    const release = bench.network.hold('candidates/a3')
    const shown = bench.store.show({}, 'a3')
    bench.store.decide('discard')
    bench.store.undo()
    expect(bench.store.current).toBeNull()
    release()
    await shown
    await expect.poll(() => bench.store.current?.id).toBe('a3')
    expect(bench.network.of('submit')).toHaveLength(0)
  })

  it('that is decided already is named, and the queue goes on', async () => {
    await bench.store.show({}, 'b2')
    await expect
      .poll(() => bench.store.astray)
      .toMatchObject({ id: 'b2', candidate: { status: 'discarded' } })
    expect(bench.store.current?.id).toBe('a1')
  })

  it('that does not exist is named as such', async () => {
    await bench.store.show({}, 'nobody')
    await expect.poll(() => bench.store.astray).toEqual({ id: 'nobody', candidate: null })
  })
})
