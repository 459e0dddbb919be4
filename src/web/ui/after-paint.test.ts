/** Proves that work beside the reader's eye waits for the frame, in order, and is done where no frame comes. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { effectScope, ref } from 'vue'
import { afterPaint, painted, useAfterPaint } from './after-paint.ts'

afterEach(() => vi.restoreAllMocks())

describe('afterPaint', () => {
  it('waits for the frame, and keeps the order', async () => {
    const done: string[] = []
    requestAnimationFrame(() => done.push('frame'))
    afterPaint(() => done.push('first'))
    afterPaint(() => done.push('second'))
    expect(done).toEqual([])
    await painted()
    expect(done).toEqual(['frame', 'first', 'second'])
  })

  it('goes on where nothing is painted, as in a hidden tab', async () => {
    vi.spyOn(window, 'requestAnimationFrame').mockReturnValue(0)
    await painted()
    expect(window.requestAnimationFrame).toHaveBeenCalledOnce()
  })

  it('stands back for the next frame once there is more to wait for', async () => {
    const done: string[] = []
    afterPaint(() => {
      requestAnimationFrame(() => done.push('frame'))
      afterPaint(() => done.push('third'))
      done.push('first')
    })
    afterPaint(() => done.push('second'))
    await expect.poll(() => done).toEqual(['first', 'frame', 'second', 'third'])
  })

  it('leaves nothing undone when the page is left', () => {
    const done: string[] = []
    afterPaint(() => done.push('work'))
    window.dispatchEvent(new PageTransitionEvent('pagehide'))
    expect(done).toEqual(['work'])
  })

  it('does the rest where one of them fails', async () => {
    const done: string[] = []
    const failures: string[] = []
    vi.spyOn(window, 'reportError').mockImplementation((error) => failures.push(String(error)))
    afterPaint(() => {
      throw new Error('broken')
    })
    afterPaint(() => done.push('work'))
    await painted()
    expect(done).toEqual(['work'])
    expect(failures).toEqual(['Error: broken'])
  })
})

describe('useAfterPaint', () => {
  it('follows its value a frame later, once for all changes', async () => {
    const count = ref(1)
    const asked = vi.fn(() => count.value)
    const shown = useAfterPaint(asked)
    count.value = 2
    count.value = 3
    expect(shown.value).toBe(1)
    await painted()
    expect(shown.value).toBe(3)
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('follows no longer than what it is used in', async () => {
    const count = ref(1)
    const scope = effectScope()
    const shown = scope.run(() => useAfterPaint(() => count.value))
    scope.stop()
    count.value = 2
    await painted()
    expect(shown?.value).toBe(1)
  })
})
