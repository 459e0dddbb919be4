/** Proves that what is typed is kept: on the server after a moment, in the tab always. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { card, cards } from './fake-network.ts'
import { type Bench, openStore, reload } from './open-store.ts'

let bench: Bench

beforeEach(async () => {
  bench = await openStore(cards(3))
})
afterEach(() => bench.close())

describe('a draft', () => {
  it('is saved once the hand has rested for half a second, not at every key', async () => {
    bench.store.openEditor()
    for (const text of ['a', 'ab', 'abc']) bench.store.write(text)
    expect(bench.store.draft?.saving).toBe('waiting')
    await new Promise((done) => setTimeout(done, 300))
    expect(bench.network.of('drafts')).toHaveLength(0)
    await expect.poll(() => bench.store.draft?.saving).toBe('kept')
    expect(bench.network.of('drafts').map(({ method, path, body }) => [method, path, body])).toEqual([
      [
        'PUT',
        '/api/sft/drafts/c1',
        {
          text: 'abc',
          failure_category: null,
          began_from: 'blank',
          base_revision: 0,
          writer: expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      ],
    ])
  })

  it('is not saved any more once its card is submitted', async () => {
    bench.correct('abc')
    await bench.settled()
    await new Promise((done) => setTimeout(done, 700))
    expect(bench.network.of('drafts')).toHaveLength(0)
  })

  it('is saved at once when the editor is closed, and its text stays', async () => {
    bench.store.openEditor()
    bench.store.write('abc')
    bench.store.closeEditor()
    expect(bench.store.draft).toMatchObject({ editing: false, text: 'abc' })
    await expect.poll(() => bench.bodies('drafts')).toMatchObject([{ text: 'abc' }])
  })

  it('is saved at once, outliving the page, when the page goes away', async () => {
    bench.store.openEditor()
    bench.store.write('abc')
    window.dispatchEvent(new Event('pagehide'))
    expect(bench.network.of('drafts')).toMatchObject([{ body: { text: 'abc' }, keepalive: true }])
  })

  it('says why it was not saved, and is saved when the server is back', async () => {
    bench.network.goDown(true)
    bench.store.openEditor()
    bench.store.write('abc')
    await expect.poll(() => bench.store.draft?.saving).toBe('failed')
    expect(bench.store.draft?.reason).toContain('does not answer')
    bench.network.goDown(false)
    await expect.poll(() => bench.store.draft?.saving, { timeout: 4000 }).toBe('kept')
  })

  it('survives a tab that is closed while the server is away, and is forgotten once the server has it', async () => {
    bench.network.goDown(true)
    bench.store.openEditor()
    bench.store.write('  typed in vain?')
    bench.store.toggleCategory('wrong_answer')
    await expect.poll(() => bench.store.draft?.saving).toBe('failed')
    bench = await reload(bench)
    bench.network.goDown(false)
    await expect.poll(() => bench.store.phase).toBe('card')
    expect(bench.store.draft).toMatchObject({
      text: '  typed in vain?',
      category: 'wrong_answer',
      editing: true,
    })
    await expect.poll(() => bench.store.draft?.saving).toBe('kept')
    bench.network.world.stored[0] = card('c1')
    bench = await reload(bench)
    expect(bench.store.draft?.text).toBe('')
  })

  it('that came with the card stands in the open editor, its category chosen', async () => {
    bench.close()
    const draft = {
      text: 'from yesterday',
      failure_category: 'format_error' as const,
      began_from: 'answer' as const,
      revision: 3,
      reviewer: 'ada',
      saved_at: '',
    }
    bench = await openStore([card('c1', { draft })])
    expect(bench.store.draft).toMatchObject({
      text: 'from yesterday',
      category: 'format_error',
      began_from: 'answer',
      editing: true,
    })
  })

  it('begins with the answer of the model, but never over something typed', () => {
    bench.store.startFromAnswer()
    expect(bench.store.draft).toMatchObject({
      text: 'def median(values):\n    return values[0]',
      editing: true,
    })
    bench.store.write(' ')
    bench.store.startFromAnswer()
    expect(bench.store.draft?.text).toBe(' ')
  })
})
