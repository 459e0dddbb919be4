/** Proves that of two texts for one card none is lost: both are shown, a person chooses, and the server keeps the other. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cards } from './fake-network.ts'
import { type Bench, openStore } from './open-store.ts'

let bench: Bench

beforeEach(async () => {
  bench = await openStore(cards(3))
})
afterEach(() => bench.close())

const texts = () => bench.network.world.texts.map(({ text, state }) => `${state}: ${text}`).sort()

async function meetRival(): Promise<void> {
  bench.store.openEditor()
  bench.store.write('mine')
  await bench.writeElsewhere('c1', 'theirs')
  await expect.poll(() => bench.store.draft?.saving).toBe('rivalled')
}

describe('a text that somebody else wrote meanwhile', () => {
  it('is shown beside the one typed here, which saves itself no more until one is chosen', async () => {
    await meetRival()
    expect(bench.store.draft).toMatchObject({ text: 'mine', rival: { text: 'theirs', reviewer: 'ada' } })
    const before = bench.network.of('drafts').length
    bench.store.write('mine, and more')
    await new Promise((done) => setTimeout(done, 700))
    expect(bench.network.of('drafts')).toHaveLength(before)
    expect(texts()).toEqual(['draft: theirs', 'earlier: mine'])
    expect(bench.store.status).toMatchObject({ words: 'Text not saved yet', isSafe: false })
  })

  it('gives way to the one typed here where that is chosen', async () => {
    await meetRival()
    bench.store.choose('mine')
    await expect.poll(() => bench.store.draft?.saving).toBe('kept')
    expect(bench.store.draft).toMatchObject({ text: 'mine', rival: null })
    expect(texts()).toContain('draft: mine')
    expect(texts()).toContain('earlier: theirs')
  })

  it('takes the place of the one typed here where that is chosen, and nothing typed is lost', async () => {
    await meetRival()
    bench.store.write('mine, and more')
    bench.store.choose('theirs')
    await expect.poll(() => bench.store.draft?.text).toBe('theirs')
    expect(bench.store.draft).toMatchObject({ saving: 'kept', rival: null, editing: true })
    expect(texts()).toEqual(['draft: theirs', 'earlier: mine', 'earlier: mine, and more'])
    bench.store.write('theirs, better')
    await expect.poll(() => bench.store.draft?.saving).toBe('kept')
  })
})

describe('coming back to the tab', () => {
  const comeBack = () => document.dispatchEvent(new Event('visibilitychange'))

  it('shows the newer text where nothing was typed here', async () => {
    await bench.writeElsewhere('c1', 'theirs')
    comeBack()
    await expect.poll(() => bench.store.draft?.text).toBe('theirs')
  })

  it('says at once who decided the card meanwhile', async () => {
    bench.store.openEditor()
    bench.store.write('mine')
    await bench.decideElsewhere('c1', 'correct')
    comeBack()
    await expect.poll(() => bench.store.refusal?.isFinal).toBe(true)
    expect(bench.store.refusal?.reason).toMatch(/^ada corrected this card .* Your text is kept\.$/)
    expect(bench.store.draft?.text).toBe('mine')
  })
})

describe('clearing the text', () => {
  it('keeps it among the earlier ones, and gives it back on demand', async () => {
    bench.store.openEditor()
    bench.store.write('thrown away')
    bench.store.clearText()
    expect(bench.store.draft?.text).toBe('')
    await expect.poll(texts).toEqual(['draft: ', 'earlier: thrown away'])
    bench.store.putBack()
    expect(bench.store.draft).toMatchObject({ text: 'thrown away', cleared: null })
    await expect.poll(() => bench.network.world.stored[0]?.draft?.text).toBe('thrown away')
  })

  it('is final once something else is typed', () => {
    bench.store.openEditor()
    bench.store.write('thrown away')
    bench.store.clearText()
    bench.store.write('n')
    expect(bench.store.draft?.cleared).toBeNull()
    bench.store.putBack()
    expect(bench.store.draft?.text).toBe('n')
  })

  it('begins anew: what is typed after the answer was thrown away began from nothing', async () => {
    bench.store.startFromAnswer()
    bench.store.clearText()
    bench.store.write('my own')
    bench.store.submit()
    await bench.settled()
    expect(bench.bodies('submit')[0]).toMatchObject({ began_from: 'blank' })
  })

  it('lets an earlier text take the place of another, and loses neither', async () => {
    bench.store.openEditor()
    bench.store.write('of now')
    await expect.poll(() => bench.store.draft?.saving).toBe('kept')
    const text = {
      text: 'of before',
      failure_category: null,
      began_from: null,
      revision: 1,
      reviewer: '',
      saved_at: '',
    }
    await bench.store.useText('c1', text, null)
    expect(bench.store.draft).toMatchObject({ text: 'of before', editing: true })
    await expect.poll(() => bench.store.draft?.saving).toBe('kept')
    expect(texts()).toContain('earlier: of now')
  })
})

describe('typing while a save is under way', () => {
  it('is saved after it, one request at a time, and is never its own rival', async () => {
    const release = bench.network.hold('drafts')
    bench.store.openEditor()
    bench.store.write('one')
    await expect.poll(() => bench.network.of('drafts').length).toBe(1)
    bench.store.write('one two')
    await new Promise((done) => setTimeout(done, 700))
    expect(bench.network.of('drafts')).toHaveLength(1)
    release()
    await expect.poll(() => bench.store.draft?.saving).toBe('kept')
    expect(texts()).toEqual(['draft: one two'])
    expect(bench.bodies('drafts').map((body) => body.base_revision)).toEqual([0, 1])
  })
})
