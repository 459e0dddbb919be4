/** Proves that a decision moves the screen at once, reaches the server exactly, and that cards come and go in order. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cards } from './fake-network.ts'
import { type Bench, openStore } from './open-store.ts'

let bench: Bench

beforeEach(async () => {
  bench = await openStore(cards(3))
})
afterEach(() => bench.close())

describe('deciding', () => {
  it('sends a correction without a category, and shows the next card in the same tick', async () => {
    bench.correct('return 1')
    expect(bench.store.current?.id).toBe('c2')
    await bench.settled()
    expect(bench.bodies('submit')).toEqual([
      {
        id: 'c1',
        action: 'correct',
        corrected_response: 'return 1',
        failure_category: null,
        decision_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        version: 0,
        active_seconds: expect.any(Number),
        began_from: 'blank',
      },
    ])
  })

  it('sends a correction with its category', async () => {
    bench.store.toggleCategory('partial_answer')
    bench.correct('return 1')
    await bench.settled()
    expect(bench.bodies('submit')[0]).toMatchObject({ action: 'correct', failure_category: 'partial_answer' })
  })

  it.each(['discard', 'flag'] as const)('sends %s with its category and no text', async (kind) => {
    bench.store.toggleCategory('hallucination')
    bench.store.decide(kind)
    await bench.settled()
    expect(bench.bodies('submit')[0]).toMatchObject({
      id: 'c1',
      action: kind,
      corrected_response: null,
      failure_category: 'hallucination',
    })
  })

  it('keeps the text exactly as typed, leading spaces and all', async () => {
    const text = '    def f():\n\treturn "ü"  \n\n'
    bench.correct(text)
    await bench.settled()
    expect(bench.bodies('submit')[0]?.corrected_response).toBe(text)
  })

  it('chooses one category at a time, and none when it is chosen twice', () => {
    bench.store.toggleCategory('wrong_answer')
    bench.store.toggleCategory('format_error')
    expect(bench.store.draft?.category).toBe('format_error')
    bench.store.toggleCategory('format_error')
    expect(bench.store.draft?.category).toBeNull()
  })

  it('leaves nothing of one card on the next', async () => {
    bench.store.toggleCategory('wrong_answer')
    bench.correct('mine')
    expect(bench.store.draft).toMatchObject({ text: '', category: null, editing: false })
    expect(bench.store.refusal).toBeUndefined()
  })

  it('refuses a blank correction without asking the server', () => {
    bench.correct(' \n ')
    expect(bench.store.current?.id).toBe('c1')
    expect(bench.store.refusal?.reason).toContain('needs text')
    expect(bench.store.draft).toMatchObject({ text: ' \n ', editing: true })
    expect(bench.network.of('submit')).toHaveLength(0)
  })

  it('submits nothing while the editor is closed', () => {
    bench.store.openEditor()
    bench.store.write('parked')
    bench.store.closeEditor()
    bench.store.submit()
    expect(bench.store.current?.id).toBe('c1')
  })

  it('sends decisions one at a time, in order', async () => {
    const release = bench.network.hold('submit')
    bench.store.decide('discard')
    bench.store.decide('flag')
    await expect.poll(() => bench.network.of('submit').length).toBe(1)
    expect(bench.store.current?.id).toBe('c3')
    release()
    await bench.settled()
    expect(bench.bodies('submit').map((body) => [body.id, body.action])).toEqual([
      ['c1', 'discard'],
      ['c2', 'flag'],
    ])
  })

  it('moves the counts at once', () => {
    bench.store.toggleCategory('wrong_answer')
    bench.correct('x')
    expect(bench.store.left).toBe(2)
    expect(bench.store.stats).toMatchObject({
      by_status: { needs_review: 2, approved: 1 },
      by_failure_category: { wrong_answer: 1 },
      export_ready: 1,
    })
  })
})

describe('the queue', () => {
  it('fetches more before it runs dry, and shows no card twice', async () => {
    bench.close()
    bench = await openStore(cards(45))
    const seen: string[] = []
    while (bench.store.current) {
      seen.push(bench.store.current.id)
      expect(bench.store.cards.length).toBeGreaterThan(Math.min(5, 45 - seen.length))
      bench.store.decide('discard')
      await bench.settled()
      await new Promise((done) => setTimeout(done))
    }
    expect(seen).toEqual(cards(45).map((each) => each.id))
  })

  it('does not bring back a card that is decided while its page is under way', async () => {
    const release = bench.network.hold('queue')
    const looking = bench.store.look()
    bench.store.decide('discard')
    await bench.settled()
    release()
    await looking
    expect(bench.store.cards.map((each) => each.id)).toEqual(['c2', 'c3'])
  })

  it('does not bring back a card whose decision is under way', async () => {
    const release = bench.network.hold('submit')
    bench.store.decide('discard')
    await bench.store.look()
    expect(bench.store.cards.map((each) => each.id)).toEqual(['c2', 'c3'])
    release()
  })

  it('finds cards that are imported while it is empty', async () => {
    bench.close()
    const stored: ReturnType<typeof cards> = []
    bench = await openStore(stored)
    expect(bench.store.phase).toBe('nothing')
    stored.push(...cards(2))
    await expect.poll(() => bench.store.phase, { timeout: 4000 }).toBe('card')
    await expect.poll(() => bench.store.stats?.total).toBe(2)
  })
})
