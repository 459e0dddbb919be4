/** Owns lifeless copies: what can be seen of an element, without its ids, its listeners and its far end. */

/** More than any pane shows; laying out a whole long answer again would cost a frame. */
const SEEN_CHARS = 4000

/** A copy that lies exactly over its original, wherever the page scrolls afterwards. */
export function layCopy(original: HTMLElement, layer: HTMLElement): HTMLElement {
  const { left, top, width, height } = original.getBoundingClientRect()
  const copy = sketch(original) as HTMLElement
  const seen = Math.min(height, window.innerHeight - top)
  Object.assign(copy.style, {
    position: 'fixed',
    left: `${left}px`,
    top: `${top}px`,
    width: `${width}px`,
    height: `${seen}px`,
    margin: '0',
    overflow: 'hidden',
    transform: 'none',
    willChange: 'transform, opacity',
  })
  layer.append(copy)
  return copy
}

function sketch(node: Node): Node {
  if (node instanceof Text) return document.createTextNode(node.data.slice(0, SEEN_CHARS))
  if (node instanceof HTMLTextAreaElement) return sketchField(node)
  const copy = node.cloneNode(false)
  if (copy instanceof Element) copy.removeAttribute('id')
  for (const child of node.childNodes) {
    if (child instanceof Element && isBelow(child)) break
    copy.appendChild(sketch(child))
  }
  return copy
}

/** A field as the text in it: a copy must not be something to type into. */
function sketchField(field: HTMLTextAreaElement): HTMLElement {
  const copy = document.createElement('div')
  for (const { name, value } of field.attributes) {
    if (name === 'class' || name.startsWith('data-')) copy.setAttribute(name, value)
  }
  copy.textContent = field.value.slice(0, SEEN_CHARS)
  return copy
}

function isBelow(element: Element): boolean {
  return element.getBoundingClientRect().top > window.innerHeight
}
