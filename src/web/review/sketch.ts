/** Owns lifeless copies: what can be seen of an element, without its ids, its listeners and its far end. */

/** Characters and nodes that a box that scrolls shows at most: laying out a whole long answer again would cost a frame. */
const SEEN = 2500

type Budget = { left: number }

/** A copy that lies exactly at `place`, wherever the page scrolls afterwards. The original may have left the page. */
export function layCopy(original: HTMLElement, place: DOMRect, layer: HTMLElement): HTMLElement {
  const { left, top, width, height } = place
  const copy = sketch(original, { left: Number.POSITIVE_INFINITY }) as HTMLElement
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
    // The original is hidden already.
    visibility: 'visible',
    opacity: '1',
    willChange: 'transform, opacity',
  })
  layer.append(copy)
  return copy
}

function sketch(node: Node, budget: Budget): Node {
  if (node instanceof Text) return sketchText(node.data, budget)
  if (node instanceof HTMLTextAreaElement) return sketchField(node)
  const copy = node.cloneNode(false)
  if (!(copy instanceof Element)) return copy
  copy.removeAttribute('id')
  const inside = copy.classList.contains('scroll') ? { left: SEEN } : budget
  for (const child of node.childNodes) {
    if (inside.left <= 0) break
    inside.left -= 1
    copy.appendChild(sketch(child, inside))
  }
  return copy
}

function sketchText(text: string, budget: Budget): Text {
  const seen = text.slice(0, Math.max(0, budget.left))
  budget.left -= seen.length
  return document.createTextNode(seen)
}

/** A field as the text in it: a copy must not be something to type into. */
function sketchField(field: HTMLTextAreaElement): HTMLElement {
  const copy = document.createElement('div')
  for (const { name, value } of field.attributes) {
    if (name === 'class' || name.startsWith('data-')) copy.setAttribute(name, value)
  }
  copy.textContent = field.value.slice(0, SEEN)
  return copy
}
