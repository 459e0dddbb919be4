/** Proves that the walk goes on behind the last card, past what is skipped, begins anew at its end, and never runs in circles. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { QueueItem } from '../../contract.ts'
import { card, cards, fakeNetwork } from './fake-network.ts'
import { createQueue, type Queue } from './queue.ts'

let network: ReturnType<typeof fakeNetwork>
let leaving: Set<string>
let queue: Queue

async function open(stored: QueueItem[]): Promise<void> {
  network = fakeNetwork(stored)
  await reload()
}

async function reload(): Promise<void> {
  leaving = new Set()
  queue = createQueue(leaving, () => {})
  await queue.refill()
}

/** As the page does: more is asked for whenever few are left. */
async function step(move: 'pass' | 'putLast' | 'decide'): Promise<string | undefined> {
  const id = queue.current.value?.id
  if (move === 'decide' && id !== undefined) decide(id)
  else if (move !== 'decide') queue[move]()
  if (queue.isLow()) await queue.refill()
  return id
}

function decide(id: string): void {
  const stored = network.world.stored.find((each) => each.id === id)
  if (stored) stored.status = 'discarded'
  queue.drop(id)
  queue.move(-1)
}

const ids = () => queue.cards.value.map(({ id }) => id)
const current = () => queue.current.value?.id
const asked = () => network.of('/queue').map(({ query }) => query.get('after'))

beforeEach(() => open(cards(3)))
afterEach(() => network.restore())

describe('the walk', () => {
  it('goes on behind the last card that came, and keeps the whole count', async () => {
    await open(cards(45))
    for (let n = 0; n < 10; n += 1) await step('pass')
    expect(asked()).toEqual([null, 'c20'])
    expect(ids()).toEqual(
      cards(40)
        .slice(10)
        .map(({ id }) => id),
    )
    expect(queue.total.value).toBe(45)
  })

  it('shows every card once before one that was passed comes again', async () => {
    await open(cards(45))
    const seen = []
    for (let n = 0; n < 47; n += 1) seen.push(await step('pass'))
    expect(seen).toEqual([...cards(45), ...cards(2)].map(({ id }) => id))
  })

  it('has at least five more ready at every step but the last', async () => {
    await open(cards(45))
    for (let left = 45; left > 0; left -= 1) {
      expect(ids().length).toBeGreaterThan(Math.min(5, left - 1))
      await step('decide')
    }
    expect(queue.total.value).toBe(0)
  })

  it('finds at its end what was put back or imported meanwhile', async () => {
    await open(cards(30))
    const first = network.world.stored[0] as QueueItem
    first.status = 'discarded'
    await reload()
    for (let n = 0; n < 15; n += 1) await step('decide')
    first.status = 'needs_review'
    network.world.stored.push(card('new'))
    for (let n = 0; n < 14; n += 1) await step('decide')
    expect(ids().sort()).toEqual(['c1', 'new'])
  })

  it('asks at most twice where there is nothing new', async () => {
    await open(cards(20))
    for (let n = 0; n < 12; n += 1) await step('decide')
    const before = asked().length
    await queue.refill()
    expect(asked().length - before).toBeLessThanOrEqual(2)
    expect(ids()).toEqual(
      cards(20)
        .slice(12)
        .map(({ id }) => id),
    )
  })

  it('goes on from the start in the same walk where its end brought nothing', async () => {
    await open(cards(20))
    for (let n = 0; n < 19; n += 1) queue.pass()
    await queue.refill()
    expect(ids()).toEqual(['c20', ...cards(19).map(({ id }) => id)])
  })

  it('asks for the count alone while enough are ready', async () => {
    await open(cards(45))
    await queue.refill()
    expect(network.of('/queue').at(-1)?.query.get('per_page')).toBe('1')
    expect(ids()).toHaveLength(20)
  })

  it('begins anew on a server that does not know its last card', async () => {
    await open(cards(20))
    network.world.stored.splice(0, 20, card('x'), card('y'))
    for (let n = 0; n < 12; n += 1) queue.pass()
    await queue.refill()
    expect(ids().slice(-2)).toEqual(['x', 'y'])
    expect(queue.trouble.value).toBeNull()
  })
})

describe('a card that is passed', () => {
  it('is the one that is left last, and comes back from memory', () => {
    queue.pass()
    queue.pass()
    expect(current()).toBe('c3')
    expect(queue.trail.last()).toBe('c2')
    queue.putFirst(queue.trail.cardOf('c2') as QueueItem)
    expect(queue.trail.last()).toBe('c1')
    expect(ids().slice(0, 2)).toEqual(['c2', 'c3'])
  })

  it('stays on the screen where no other is ready', async () => {
    await open(cards(1))
    expect(queue.pass()).toBe(false)
    expect(queue.putLast()).toBe(false)
    expect(ids()).toEqual(['c1'])
    expect(queue.skipped.value).toEqual([])
  })

  it('is never the one on the screen, however often the walk came round', async () => {
    for (let n = 0; n < 7; n += 1) {
      await step('pass')
      expect(queue.trail.last()).not.toBe(current())
    }
  })

  it('is out of memory after twenty others, but not forgotten', async () => {
    await open(cards(45))
    for (let n = 0; n < 25; n += 1) await step('pass')
    for (let n = 25; n > 5; n -= 1) {
      expect(queue.trail.cardOf(`c${n}`)).toBeDefined()
      queue.trail.drop(`c${n}`)
    }
    expect(queue.trail.last()).toBe('c5')
    expect(queue.trail.cardOf('c5')).toBeUndefined()
  })
})

describe('a card that is skipped', () => {
  it('comes back once all others are decided, in the order of skipping', async () => {
    await open(cards(30))
    await step('decide')
    await step('putLast')
    await step('putLast')
    const seen = []
    while (current() && seen.length < 40) seen.push(await step('decide'))
    expect(seen).toEqual([...cards(30).slice(3), card('c2'), card('c3')].map(({ id }) => id))
  })

  it('comes behind all others after a reload too, and is counted until it is on the screen', async () => {
    await open(cards(45))
    for (let n = 0; n < 25; n += 1) await step('putLast')
    await reload()
    expect(queue.skipped.value).toHaveLength(25)
    expect(current()).toBe('c26')
    for (let n = 26; n <= 45; n += 1) expect(await step('decide')).toBe(`c${n}`)
    expect(current()).toBe('c1')
    expect(queue.skipped.value).toHaveLength(24)
  })

  it('is not starved by cards that are only passed', async () => {
    await step('pass')
    await step('putLast')
    const seen = []
    for (let n = 0; n < 3; n += 1) seen.push(await step('pass'))
    expect(seen).toEqual(['c3', 'c1', 'c2'])
  })

  it('that somebody else decided is forgotten', async () => {
    await step('putLast')
    sessionStorage.setItem('avocet.skipped.[]', '["c1","gone"]')
    const first = network.world.stored[0] as QueueItem
    first.status = 'approved'
    await reload()
    expect(ids()).toEqual(['c2', 'c3'])
    expect(queue.skipped.value).toEqual([])
  })

  it('comes first when it is asked for, and is not skipped any more', async () => {
    await step('putLast')
    queue.receive(card('c1'))
    expect(ids()).toEqual(['c1', 'c2', 'c3'])
    expect(queue.skipped.value).toEqual([])
  })

  it('is skipped under its filter alone', async () => {
    await step('putLast')
    await queue.choose({ task_type: 'code' })
    expect(ids()).toEqual(['c1', 'c2', 'c3'])
    await queue.choose({})
    expect(ids()).toEqual(['c2', 'c3', 'c1'])
    expect(queue.skipped.value).toEqual(['c1'])
  })
})
