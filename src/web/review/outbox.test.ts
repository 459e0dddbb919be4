/** Proves that decisions reach the server once each and in order, however long it is away, and that a refusal says why. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cards, problem } from './fake-network.ts'
import { type Bench, openStore } from './open-store.ts'

let bench: Bench

beforeEach(async () => {
  bench = await openStore(cards(14))
})
afterEach(() => bench.close())

const stuck = () => expect.poll(() => bench.store.status.isStuck).toBe(true)

describe('while the server is away', () => {
  it('ten decisions are made, and each is saved once and in order when it is back', async () => {
    bench.network.goDown(true)
    for (let n = 0; n < 10; n += 1) bench.correct(`text ${n}`)
    expect(bench.store.current?.id).toBe('c11')
    await stuck()
    expect(bench.store.status).toEqual({ words: 'Offline, 10 waiting', isSafe: false, isStuck: true })
    expect(bench.network.world.log).toHaveLength(0)
    bench.network.goDown(false)
    await bench.settled()
    expect(bench.network.world.log.map(({ id, corrected_response }) => [id, corrected_response])).toEqual(
      Array.from({ length: 10 }, (_, n) => [`c${n + 1}`, `text ${n}`]),
    )
    expect(bench.store.status).toEqual({ words: 'Saved', isSafe: true, isStuck: false })
    expect(bench.store.current?.id).toBe('c11')
  })

  it('an answer that was lost on its way is asked for again, in exactly the same words', async () => {
    bench.network.loseAnswer('submit')
    bench.correct('text')
    await stuck()
    bench.store.retry()
    await bench.settled()
    const [first, second] = bench.bodies('submit')
    expect(second).toEqual(first)
    expect(bench.network.world.log).toHaveLength(1)
  })

  it('it is asked again by itself', async () => {
    bench.network.answerOnce('submit', () => problem(503, 'store_busy', 'The database is busy.'))
    bench.store.decide('discard')
    await stuck()
    expect(bench.store.status.words).toBe('1 waiting: The database is busy.')
    await bench.settled()
    expect(bench.network.world.stored[0]?.status).toBe('discarded')
  })

  it('decisions are taken back, made again, and all told in order', async () => {
    bench.network.goDown(true)
    bench.correct('first')
    bench.store.undo()
    bench.store.write('second')
    bench.store.submit()
    bench.store.decide('flag')
    bench.store.undo()
    bench.store.redo()
    await stuck()
    bench.network.goDown(false)
    await bench.settled()
    expect(bench.network.world.log.map(({ id, action, version }) => [id, action, version])).toEqual([
      ['c1', 'correct', 1],
      ['c1', 'undo', 2],
      ['c1', 'correct', 3],
      ['c2', 'flag', 1],
      ['c2', 'undo', 2],
      ['c2', 'flag', 3],
    ])
    expect(bench.network.world.stored[0]?.corrected_response).toBe('second')
    expect(bench.store.notice).toBe('')
  })

  it('text typed beside a discard waits with it', async () => {
    bench.network.goDown(true)
    bench.store.openEditor()
    bench.store.write('half a thought')
    bench.store.decide('discard')
    await stuck()
    bench.network.goDown(false)
    await bench.settled()
    expect(bench.network.world.stored[0]).toMatchObject({
      status: 'discarded',
      draft: { text: 'half a thought' },
    })
  })

  it('closing the tab warns, and does not once all is saved', async () => {
    const asks = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))
    expect(asks()).toBe(false)
    bench.network.goDown(true)
    bench.store.decide('discard')
    expect(asks()).toBe(true)
    bench.network.goDown(false)
    await bench.settled()
    expect(asks()).toBe(false)
  })
})

describe('typing on a card that was taken back', () => {
  it('never overtakes the undo, and is no text of its own in the way', async () => {
    bench.correct('first')
    await bench.settled()
    const release = bench.network.hold('undo')
    bench.store.undo()
    bench.store.write('first, better')
    await new Promise((done) => setTimeout(done, 700))
    expect(bench.network.of('drafts/c1')).toHaveLength(0)
    release()
    await expect.poll(() => bench.store.draft?.saving).toBe('kept')
    bench.store.write('first, even better')
    await expect.poll(() => bench.network.world.stored[0]?.draft?.text).toBe('first, even better')
    expect(bench.store.draft).toMatchObject({ saving: 'kept', rival: null })
  })
})

describe('a refusal', () => {
  it('brings its card back with what built on it, and decisions on other cards go on', async () => {
    const release = bench.network.hold('submit', problem(422, 'correction_unreadable', 'Half a character.'))
    bench.correct('first')
    bench.store.undo()
    bench.store.write('second')
    bench.store.submit()
    bench.store.decide('discard')
    release()
    await bench.settled()
    expect(bench.store.current?.id).toBe('c1')
    expect(bench.store.draft).toMatchObject({ text: 'second', editing: true })
    expect(bench.store.refusal).toEqual({ reason: 'Not saved: Half a character.', isFinal: false })
    expect(bench.network.world.log.map(({ id }) => id)).toEqual(['c2'])
    expect(bench.store.acts.map(({ card }) => card.id)).toEqual(['c2'])
    bench.store.submit()
    await bench.settled()
    expect(bench.network.world.stored[0]).toMatchObject({ corrected_response: 'second', version: 1 })
  })

  it('is what a fault of the server becomes when it does not pass', async () => {
    for (let n = 0; n < 5; n += 1) bench.network.answerOnce('submit', () => problem(500, 'internal', 'Oh.'))
    bench.correct('text')
    const nudge = window.setInterval(bench.store.retry, 20)
    await bench.settled()
    window.clearInterval(nudge)
    expect(bench.network.of('submit')).toHaveLength(5)
    expect(bench.store.current?.id).toBe('c1')
    expect(bench.store.draft?.text).toBe('text')
    expect(bench.store.refusal?.reason).toContain('Oh.')
  })

  it('of an undo leaves the text of whoever typed on in the editor', async () => {
    bench.correct('mine')
    await bench.settled()
    const release = bench.network.hold('undo', problem(409, 'stale_version', 'Somebody was faster.'))
    bench.store.undo()
    bench.store.write('mine, better')
    release()
    await bench.settled()
    expect(bench.store.current?.id).toBe('c1')
    expect(bench.store.draft?.text).toBe('mine, better')
    expect(bench.store.notice).toContain('Somebody was faster.')
  })
})
