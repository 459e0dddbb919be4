/** Proves that what was decided and typed outlives the page: a reload, a tab that is gone, a browser that keeps nothing. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cards, problem } from './fake-network.ts'
import { type Bench, openBeside, openStore, reload } from './open-store.ts'

let bench: Bench

beforeEach(async () => {
  bench = await openStore(cards(8))
})
afterEach(() => {
  bench.close()
  vi.restoreAllMocks()
})

const ids = () => bench.store.cards.map((each) => each.id)
const undone = () => bench.store.undone.map(({ card }) => card.id)
const acts = () => bench.store.acts.map(({ card }) => card.id)
const decided = () => bench.network.world.log.map(({ id, action }) => `${action} ${id}`)

/** The server reads, but saves nothing. */
function fillDisk(times: number): void {
  const full = () => problem(507, 'store_full', 'The disk is full.')
  for (let n = 0; n < times; n += 1) bench.network.answerOnce('submit', full)
}

describe('after a reload', () => {
  it('unsent decisions are sent, and meanwhile their cards stay away and are listed as being saved', async () => {
    fillDisk(2)
    bench.correct('first')
    bench.store.decide('flag')
    await expect.poll(() => bench.store.status.words).toBe('2 waiting: The disk is full.')
    bench = await reload(bench)
    expect(ids()).toEqual(['c3', 'c4', 'c5', 'c6', 'c7', 'c8'])
    expect(acts()).toEqual(['c1', 'c2'])
    expect(bench.store.saving.size).toBe(2)
    await bench.settled()
    expect(decided()).toEqual(['correct c1', 'flag c2'])
    expect(bench.network.world.stored[0]?.corrected_response).toBe('first')
    expect(bench.store.saving.size).toBe(0)
  })

  it('what was answered is not told again', async () => {
    bench.store.decide('discard')
    bench.store.undo()
    await bench.settled()
    bench = await reload(bench)
    await bench.store.look()
    expect(bench.network.calls.filter(({ method }) => method === 'POST')).toHaveLength(2)
  })

  it('a decision that the server had already is not made twice', async () => {
    bench.network.loseAnswer('submit')
    bench.store.decide('discard')
    await expect.poll(decided).toEqual(['discard c1'])
    bench = await reload(bench)
    await bench.settled()
    expect(decided()).toEqual(['discard c1'])
    expect(bench.store.refusal).toBeUndefined()
  })

  it('a refused decision brings its card to the front with its text and the reason', async () => {
    fillDisk(1)
    bench.store.toggleCategory('wrong_answer')
    bench.correct('mine')
    await expect.poll(() => bench.store.status.isStuck).toBe(true)
    bench.store.stop()
    await bench.decideElsewhere('c1', 'flag')
    bench = await reload(bench)
    await bench.settled()
    expect(bench.store.current?.id).toBe('c1')
    expect(bench.store.draft).toMatchObject({ text: 'mine', category: 'wrong_answer', editing: true })
    expect(bench.store.refusal?.reason).toMatch(/^ada flagged the model on this card .* Your text is kept\.$/)
  })

  it('decisions can be taken back: the card comes to the front with text and category', async () => {
    bench.store.toggleCategory('partial_answer')
    bench.correct('mine')
    bench.store.decide('discard')
    await bench.settled()
    bench = await reload(bench)
    expect(acts()).toEqual(['c1', 'c2'])
    bench.store.undo()
    bench.store.undo()
    await bench.settled()
    expect(decided()).toEqual(['correct c1', 'discard c2', 'undo c2', 'undo c1'])
    expect(bench.store.current?.id).toBe('c1')
    expect(bench.store.draft).toMatchObject({ text: 'mine', category: 'partial_answer', editing: true })
  })

  it('what was taken back can be made again', async () => {
    bench.correct('mine')
    bench.store.undo()
    await bench.settled()
    bench = await reload(bench)
    expect([acts(), undone()]).toEqual([[], ['c1']])
    bench.store.redo()
    await bench.settled()
    expect(decided()).toEqual(['correct c1', 'undo c1', 'correct c1'])
    expect(bench.network.world.stored[0]?.corrected_response).toBe('mine')
  })

  it('the last hundred can be taken back', { timeout: 60_000 }, async () => {
    bench.close()
    sessionStorage.clear()
    bench = await openStore(cards(110))
    for (let n = 0; n < 105; n += 1) {
      await expect.poll(() => bench.store.current).not.toBeNull()
      bench.store.decide('discard')
      if (n % 8 === 0) await bench.settled()
    }
    await bench.settled()
    bench = await reload(bench)
    for (let n = 0; n < 100; n += 1) bench.store.undo()
    await expect.poll(() => bench.store.sending, { timeout: 20_000 }).toBe(0)
    const waiting = bench.network.world.stored.filter(({ status }) => status === 'needs_review')
    expect(waiting).toHaveLength(105)
    expect(acts()).toEqual(['c1', 'c2', 'c3', 'c4', 'c5'])
  })

  it('words typed in the last moment stand in the editor', async () => {
    bench.store.openEditor()
    bench.store.write('typed and g')
    bench.network.goDown(true)
    bench.store.write('typed and gone')
    const reloading = reload(bench)
    bench.network.goDown(false)
    bench = await reloading
    await expect.poll(() => bench.store.draft?.text).toBe('typed and gone')
    await expect.poll(() => bench.network.world.stored[0]?.draft?.text).toBe('typed and gone')
  })
})

describe('two tabs', () => {
  it('have names of their own, also where one is a copy of the other', async () => {
    const name = sessionStorage.getItem('avocet.tab')
    const first = bench
    bench = await openBeside(first)
    expect(sessionStorage.getItem('avocet.tab')).not.toBe(name)
    sessionStorage.setItem('avocet.tab', name ?? '')
    const copy = await reload(bench)
    expect(sessionStorage.getItem('avocet.tab')).not.toBe(name)
    copy.store.stop()
    first.store.stop()
  })

  it('leave each other their unsent decisions, until one is closed: then the other sends them', async () => {
    const first = bench
    first.network.goDown(true)
    first.correct('of the first')
    first.store.decide('discard')
    await expect.poll(() => first.store.status.isStuck).toBe(true)
    bench = await openBeside(first)
    expect(bench.store.sending).toBe(0)
    first.store.stop()
    first.network.goDown(false)
    bench = await reload(bench)
    await bench.settled()
    expect(decided()).toEqual(['correct c1', 'discard c2'])
    expect(acts()).toEqual(['c1', 'c2'])
    expect(ids()[0]).toBe('c3')
  })

  it('keep both texts when both write on one card while the server is away', async () => {
    const first = bench
    first.store.openEditor()
    bench = await openBeside(first)
    bench.store.openEditor()
    bench.network.goDown(true)
    first.store.write('of the first')
    bench.store.write('of the second')
    await expect.poll(() => bench.store.draft?.saving).toBe('failed')
    first.store.stop()
    bench.store.stop()
    bench.network.goDown(false)
    bench = await openBeside(bench)
    await expect
      .poll(() => bench.network.world.texts.map(({ text }) => text).sort())
      .toEqual(['of the first', 'of the second'])
  })

  it('deciding one card: the first wins, the other sees who and when, and keeps its text', async () => {
    const first = bench
    bench = await openBeside(first)
    first.store.decide('discard')
    await first.settled()
    bench.correct('mine')
    await bench.settled()
    expect(decided()).toEqual(['discard c1'])
    expect(bench.store.current?.id).toBe('c1')
    expect(bench.store.draft?.text).toBe('mine')
    expect(bench.store.refusal).toMatchObject({ isFinal: true })
    expect(bench.store.refusal?.reason).toContain('ada discarded this card')
    await expect.poll(() => bench.network.world.texts.map(({ text }) => text)).toContain('mine')
    first.store.stop()
  })
})

describe('where the browser keeps nothing', () => {
  it('the tab works on, and says what that means', async () => {
    bench.close()
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException('Not allowed.', 'SecurityError')
    })
    bench = await openStore(cards(3))
    bench.network.goDown(true)
    bench.correct('mine')
    expect(bench.store.status.words).toBe('Saving 1 · not kept if you close this tab')
    bench.store.undo()
    expect(bench.store.draft?.text).toBe('mine')
    bench.store.submit()
    bench.network.goDown(false)
    await bench.settled()
    expect(decided()).toEqual(['correct c1', 'undo c1', 'correct c1'])
    expect(bench.store.status.words).toBe('Saved')
  })
})
