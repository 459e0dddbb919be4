/** Proves that a refusal, a dead network and an undo bring the card back with all that was typed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { card, cards, problem } from './fake-network.ts'
import { type Bench, openStore } from './open-store.ts'

let bench: Bench

beforeEach(async () => {
  bench = await openStore(cards(3))
})
afterEach(() => bench.close())

describe('a refusal', () => {
  it.each([
    [409, 'stale_version', 'Somebody changed this card since you opened it.'],
    [422, 'correction_unreadable', 'The text holds half of a character.'],
  ])(
    'of %d brings the card back with its text, its category and the reason',
    async (status, code, detail) => {
      bench.network.answerOnce('submit', () => problem(status, code, detail))
      bench.store.toggleCategory('style_violation')
      bench.correct('  my text')
      expect(bench.store.current?.id).toBe('c2')
      await bench.settled()
      expect(bench.store.current?.id).toBe('c1')
      expect(bench.store.draft).toMatchObject({
        text: '  my text',
        category: 'style_violation',
        editing: true,
      })
      expect(bench.store.refusal?.reason).toContain(detail)
      expect(bench.store.acts).toHaveLength(0)
      expect(bench.store.stats).toMatchObject({ by_status: { needs_review: 3, approved: 0 } })
    },
  )

  it('keeps, and saves, what is being typed on the next card', async () => {
    const release = bench.network.hold('submit', problem(409, 'stale_version', 'Changed.'))
    bench.correct('first')
    bench.store.openEditor()
    bench.store.write('second, half')
    release()
    await bench.settled()
    expect(bench.store.current?.id).toBe('c1')
    await expect
      .poll(() => bench.bodies('drafts/c2'))
      .toMatchObject([{ text: 'second, half', failure_category: null }])
    bench.store.decide('discard')
    expect(bench.store.draft).toMatchObject({ text: 'second, half', editing: true })
  })

  it('says who decided the card first and when, keeps the text, and lets the reviewer go on', async () => {
    await bench.decideElsewhere('c1', 'discard')
    bench.correct('my text')
    await bench.settled()
    expect(bench.store.refusal).toEqual({
      reason: expect.stringMatching(/^ada discarded this card on 7 Apr 2026, .*\. Your text is kept\.$/),
      isFinal: true,
    })
    expect(bench.store.draft?.text).toBe('my text')
    bench.store.goOn()
    expect(bench.store.current?.id).toBe('c2')
  })

  it('takes the newer version of a card that still waits, so that the next try fits', async () => {
    const candidate = card('c1', { version: 4 })
    bench.network.answerOnce('submit', () => problem(409, 'stale_version', 'Changed.', { candidate }))
    bench.store.decide('flag')
    await bench.settled()
    expect(bench.store.refusal?.isFinal).toBe(false)
    bench.store.decide('flag')
    await bench.settled()
    expect(bench.bodies('submit')[1]?.version).toBe(4)
  })
})

describe('undo', () => {
  it('restores card, text and category, the editor open', async () => {
    bench.store.toggleCategory('partial_answer')
    bench.correct('  my text ')
    await bench.settled()
    bench.store.undo()
    expect(bench.store.current?.id).toBe('c1')
    expect(bench.store.draft).toMatchObject({ text: '  my text ', category: 'partial_answer', editing: true })
    await bench.settled()
    expect(bench.bodies('undo')).toEqual([{ id: 'c1', decision_id: expect.any(String), version: 1 }])
    expect(bench.store.draft?.text).toBe('  my text ')
  })

  it('goes back several decisions, newest first', async () => {
    bench.store.decide('discard')
    bench.store.decide('flag')
    bench.correct('third')
    await bench.settled()
    expect(bench.store.phase).toBe('finished')
    for (const id of ['c3', 'c2', 'c1']) {
      bench.store.undo()
      expect(bench.store.current?.id).toBe(id)
    }
    await bench.settled()
    expect(bench.bodies('undo').map((body) => body.id)).toEqual(['c3', 'c2', 'c1'])
    expect(bench.store.cards.map((each) => each.id)).toEqual(['c1', 'c2', 'c3'])
  })

  it('of a decision under way waits for it, and names its version', async () => {
    const release = bench.network.hold('submit')
    bench.store.decide('discard')
    bench.store.undo()
    await new Promise((done) => setTimeout(done, 50))
    expect(bench.network.of('undo')).toHaveLength(0)
    release()
    await bench.settled()
    expect(bench.bodies('undo')[0]).toMatchObject({ id: 'c1', version: 1 })
  })

  it('lets the card be decided again, with its new version', async () => {
    bench.store.decide('discard')
    bench.store.undo()
    bench.store.decide('flag')
    await bench.settled()
    expect(bench.bodies('submit').map((body) => [body.action, body.version])).toEqual([
      ['discard', 0],
      ['flag', 2],
    ])
  })

  it('brings back text that was typed beside a discard', async () => {
    bench.store.openEditor()
    bench.store.write('half a thought')
    bench.store.decide('discard')
    await bench.settled()
    bench.store.undo()
    await bench.settled()
    expect(bench.store.draft).toMatchObject({ text: 'half a thought', editing: true })
  })

  it('that is refused leaves the card decided and says why', async () => {
    bench.store.decide('discard')
    await bench.settled()
    bench.network.answerOnce('undo', () => problem(409, 'stale_version', 'Somebody changed this card.'))
    bench.store.undo()
    await bench.settled()
    expect(bench.store.current?.id).toBe('c2')
    expect(bench.store.notice).toContain('Somebody changed this card.')
  })
})
