/** Proves that a long text is drawn to its end, in portions, as if it were drawn at once, and not before somebody sees it. */
import { expect, it } from 'vitest'
import { render } from 'vitest-browser-vue'
import { nextTick, ref } from 'vue'
import { MOST_MARKS } from '../../domain/hidden-characters.ts'
import { rest } from '../review/drag-by-hand.ts'
import ModelText from './ModelText.vue'
import { NOT_YET_SEEN } from './portions.ts'

const PARTS = 100
const LONG = Array.from({ length: PARTS }, (_, index) => `### Part ${index}\n\nWords.`).join('\n\n')

async function show(text: string, isHidden = ref(false)) {
  const provide = { [NOT_YET_SEEN]: () => isHidden.value }
  const { container, rerender } = await render(ModelText, { props: { text }, global: { provide } })
  const headings = (): Element[] => [...container.querySelectorAll('[role=heading]')]
  return { container, rerender, headings, isHidden }
}

it('begins with more than a pane shows and soon stands there whole, in order, its levels unbroken', async () => {
  const { headings } = await show(LONG)
  expect(headings()).toHaveLength(6)
  await expect.poll(() => headings().length).toBe(PARTS)
  expect(headings().map((heading) => heading.textContent)).toEqual(
    Array.from({ length: PARTS }, (_, index) => `Part ${index}`),
  )
  const levels = headings().map((heading) => heading.getAttribute('aria-level'))
  expect(levels).toEqual(['3', '4', ...Array(PARTS - 2).fill('5')])
})

it('goes no further while nobody sees it', async () => {
  const { headings, isHidden } = await show(LONG, ref(true))
  // Even the first portion waits until there is nothing else to do.
  await expect.poll(() => headings().length).toBe(6)
  await rest(600)
  expect(headings()).toHaveLength(6)
  isHidden.value = false
  await expect.poll(() => headings().length).toBe(PARTS)
})

it('stops where it is hidden again', async () => {
  const { headings, isHidden } = await show(LONG)
  isHidden.value = true
  await nextTick()
  const drawn = headings().length
  await rest(300)
  expect(headings()).toHaveLength(drawn)
})

it('begins anew with another text', async () => {
  const { headings, rerender, container } = await show(LONG)
  await expect.poll(() => headings().length).toBe(PARTS)
  await rerender({ text: LONG.replaceAll('Part', 'Piece') })
  expect(headings()).toHaveLength(6)
  await expect.poll(() => headings().length).toBe(PARTS)
  expect(container.textContent).not.toContain('Part')
})

it('marks no more hidden characters than one text may, whatever the portions', async () => {
  const { container, headings } = await show(LONG.replaceAll('Words.', 'W\u200bo'.repeat(50)))
  await expect.poll(() => headings().length, { timeout: 10_000 }).toBe(PARTS)
  const marks = container.querySelectorAll('.mark').length
  expect(marks).toBeGreaterThan(0)
  expect(marks).toBeLessThanOrEqual(MOST_MARKS)
})
