/** Proves that going from card to card loses nothing: the text stays, the way back leads there, a skipped card comes at the end. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { card, cards } from './fake-network.ts'
import { type Bench, openStore } from './open-store.ts'

let bench: Bench

beforeEach(async () => {
  bench = await openStore(cards(4))
})
afterEach(() => bench.close())

const current = () => bench.store.current?.id

describe('next and back', () => {
  it('go on in the same tick, decide nothing, and say where they are', () => {
    bench.store.next()
    expect(current()).toBe('c2')
    expect(bench.store.announcement).toBe('Next: Task c2')
    bench.store.back()
    expect(current()).toBe('c1')
    expect(bench.store.announcement).toBe('Back: Task c1')
    expect(bench.network.of('submit')).toHaveLength(0)
    expect(bench.store.left).toBe(4)
  })

  it('save what is typed on the card that is left, and find it again', async () => {
    bench.store.openEditor()
    bench.store.write('half a thought')
    bench.store.toggleCategory('wrong_answer')
    bench.store.next()
    expect(bench.store.draftOf('c1')?.saving).toBe('sending')
    expect(bench.store.draft).toMatchObject({ text: '', editing: false })
    await expect.poll(() => bench.bodies('drafts/c1')).toMatchObject([{ text: 'half a thought' }])
    bench.store.back()
    expect(bench.store.draft).toMatchObject({
      text: 'half a thought',
      category: 'wrong_answer',
      editing: true,
    })
  })

  it('save what is typed on the card that is left backwards too', () => {
    bench.store.next()
    bench.store.openEditor()
    bench.store.write('on the second')
    bench.store.back()
    expect(bench.store.draftOf('c2')).toMatchObject({ text: 'on the second', saving: 'sending' })
  })

  it('go round: after the last card the first that was passed comes again', async () => {
    const seen = []
    for (let n = 0; n < 6; n += 1) {
      seen.push(current())
      bench.store.next()
      await expect.poll(() => bench.store.cards.length).toBe(4)
    }
    expect(seen).toEqual(['c1', 'c2', 'c3', 'c4', 'c1', 'c2'])
  })

  it('pass over a card that was decided from here meanwhile', async () => {
    bench.store.next()
    bench.store.next()
    bench.store.back()
    bench.store.decide('discard')
    bench.store.back()
    expect(current()).toBe('c1')
    await bench.settled()
  })

  it('say that there is no way where there is none', async () => {
    bench.store.back()
    expect(bench.store.announcement).toBe('No card was left before this one.')
    bench.close()
    bench = await openStore(cards(1))
    bench.store.next()
    expect(current()).toBe('c1')
    expect(bench.store.announcement).toBe('No other card is ready.')
  })

  it('do nothing while the card that was asked for is on its way', async () => {
    const release = bench.network.hold('candidates/c3')
    const shown = bench.store.show({}, 'c3')
    bench.store.next()
    bench.store.putLast()
    bench.store.back()
    release()
    await shown
    await expect.poll(current).toBe('c3')
    expect(bench.store.cards.map(({ id }) => id)).toEqual(['c3', 'c1', 'c2', 'c4'])
    expect(bench.store.skipped).toEqual([])
  })
})

describe('back beyond what is in memory', () => {
  beforeEach(async () => {
    bench.close()
    bench = await openStore(cards(60))
    for (let n = 0; n < 25; n += 1) {
      bench.store.next()
      await expect.poll(() => bench.store.cards.length).toBeGreaterThan(10)
    }
    for (let n = 25; n > 5; n -= 1) bench.store.back()
    expect(current()).toBe('c6')
    expect(bench.network.of('candidates/')).toHaveLength(0)
  })

  it('fetches the card', async () => {
    bench.store.back()
    expect(current()).toBeUndefined()
    await expect.poll(current).toBe('c5')
  })

  it('passes over one that somebody else decided', async () => {
    const fifth = bench.network.world.stored[4]
    if (fifth) fifth.status = 'discarded'
    bench.store.back()
    await expect.poll(current).toBe('c4')
    expect(bench.store.astray).toBeNull()
  })

  it('stays here while the server is away, and can be tried again', async () => {
    bench.network.goDown(true)
    bench.store.back()
    await expect.poll(() => bench.store.trouble?.status).toBe(0)
    expect(current()).toBe('c6')
    bench.network.goDown(false)
    bench.store.back()
    await expect.poll(current).toBe('c5')
  })
})

describe('skip', () => {
  it('keeps the card for the end, and says so', async () => {
    bench.store.putLast()
    expect(current()).toBe('c2')
    expect(bench.store.announcement).toBe('Skipped, it comes back at the end. Next: Task c2')
    expect(bench.store.skipped).toEqual(['c1'])
    for (const id of ['c2', 'c3', 'c4', 'c1']) {
      await expect.poll(current).toBe(id)
      bench.store.decide('discard')
    }
    expect(bench.store.skipped).toEqual([])
    await bench.settled()
    await expect.poll(() => bench.store.phase).toBe('finished')
  })

  it('is undone by going back', () => {
    bench.store.putLast()
    bench.store.back()
    expect(current()).toBe('c1')
    expect(bench.store.skipped).toEqual([])
  })

  it('survives a reload', async () => {
    bench.store.putLast()
    bench.close()
    bench = await openStore(cards(4))
    expect(current()).toBe('c2')
    expect(bench.store.skipped).toEqual(['c1'])
  })

  it('lets an undo come first all the same', async () => {
    bench.store.decide('discard')
    bench.store.putLast()
    bench.store.undo()
    expect(current()).toBe('c1')
    await bench.settled()
  })
})

describe('a link', () => {
  it('finds a card that was skipped, and one that is far behind', async () => {
    bench.close()
    bench = await openStore(cards(300))
    bench.store.putLast()
    await bench.store.show({}, 'c1')
    await expect.poll(current).toBe('c1')
    expect(bench.store.skipped).toEqual([])
    await bench.store.show({}, 'c300')
    await expect.poll(current).toBe('c300')
    bench.store.next()
    expect(current()).toBe('c1')
  })
})

describe('a decision', () => {
  it('tells the seconds that its card was worked on, wherever the reviewer was between', async () => {
    const stir = () => window.dispatchEvent(new Event('pointermove'))
    const rest = () => new Promise((done) => setTimeout(done, 150))
    await rest()
    stir()
    bench.store.next()
    await rest()
    stir()
    bench.store.back()
    bench.store.decide('discard')
    await bench.settled()
    bench.store.decide('flag')
    await bench.settled()
    const [first, second] = bench.bodies('submit').map((body) => Number(body.active_seconds))
    expect(first).toBeGreaterThan(0)
    expect(second).toBeGreaterThan(0)
  })
})

describe('how a text began', () => {
  const began = () => bench.store.draft?.began_from

  it('is told with it', async () => {
    bench.store.startFromAnswer()
    bench.store.write(`${bench.store.draft?.text} # better`)
    bench.store.submit()
    bench.correct('anew')
    await bench.settled()
    expect(bench.bodies('submit').map((body) => body.began_from)).toEqual(['answer', 'blank'])
  })

  it('is blank again for who empties the field and types', () => {
    bench.store.startFromAnswer()
    expect(began()).toBe('answer')
    bench.store.write('')
    bench.store.write('x')
    expect(began()).toBe('blank')
  })

  it.each(['reference', 'target', 'expected', 'ideal', 'expected_output'])(
    'is the reference where the record has one as %s',
    async (field) => {
      bench.close()
      bench = await openStore([card('c1', { [field]: 'the right\0 answer' })])
      bench.store.startFromReference()
      expect(bench.store.draft).toMatchObject({
        text: 'the right␀ answer',
        began_from: 'reference',
        editing: true,
      })
    },
  )

  it.each([{}, { reference: null }, { reference: ['a'] }, { target: ' ' }, { expected: 4 }])(
    'is never a reference in %j',
    async (fields) => {
      bench.close()
      bench = await openStore([card('c1', fields)])
      bench.store.startFromReference()
      expect(bench.store.draft?.text).toBe('')
    },
  )
})
