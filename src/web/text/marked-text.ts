/** Owns how a stretch of text becomes nodes: text as it is, hidden characters as marks with a name. */
import { type FunctionalComponent, h, type VNodeChild } from 'vue'
import './code.css'
import { MOST_MARKS, stretchesOf, withSigns } from '../../domain/hidden-characters.ts'

/** How many more marks may be drawn; shared by all stretches of one text. */
export type Marks = { left: number }

export function newMarks(): Marks {
  return { left: MOST_MARKS }
}

/**
 * The mark's words are generated content and the hidden character itself lies in it, isolated and without size: what is
 * copied or searched is the original text, and what is seen is the mark.
 */
export function markedText(text: string, marks: Marks): VNodeChild[] {
  const stretches = stretchesOf(text)
  marks.left -= stretches.length - 1
  if (marks.left < 0) return [withSigns(text)]
  return stretches.map(({ text, label, name }) =>
    label === undefined
      ? text
      : h('span', { class: 'mark', role: 'img', title: name, 'aria-label': name, 'data-label': label }, [
          h('span', { class: 'unseen' }, text),
        ]),
  )
}

/** Text of a model outside of a pane, such as a folded line: no Markdown, hidden characters marked. */
export const MarkedText: FunctionalComponent<{ text: string }> = ({ text }) => markedText(text, newMarks())
MarkedText.props = ['text']
