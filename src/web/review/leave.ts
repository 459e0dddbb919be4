/** Owns how a card leaves and returns: a lifeless copy moves, and nothing ever waits for it. */
import type { Action } from '../../domain/decision.ts'
import { afterPaint } from '../ui/after-paint.ts'
import { bucketOf } from './actions.ts'
import { LIFT, type Point } from './gesture.ts'
import { isStill, spring } from './motion.ts'
import { layCopy } from './sketch.ts'

const LEAVE_MS = 290
const GATHER_MS = 170
const RETURN_MS = 420

const SHEET =
  'polygon(0 0, 25% 0, 50% 0, 75% 0, 100% 0, 100% 50%, 100% 100%, 75% 100%, 50% 100%, 25% 100%, 0 100%, 0 50%)'
const CREASED =
  'polygon(9% 12%, 26% 3%, 48% 13%, 77% 2%, 92% 16%, 84% 47%, 96% 84%, 72% 91%, 54% 99%, 31% 88%, 8% 93%, 15% 52%)'
const CRUMPLED =
  'polygon(27% 24%, 36% 10%, 52% 16%, 66% 9%, 79% 27%, 86% 50%, 76% 76%, 63% 84%, 49% 92%, 33% 82%, 18% 71%, 14% 46%)'

/** How small a part of its size is drawn: the ball is small already. */
type Size = (part: number) => number

/** Each way of leaving, towards a bucket that lies `x` to the right and `y` below. */
const WAYS: Record<Action, (to: Point, size: Size) => Keyframe[]> = {
  // A sheet that is lifted and slipped flat into a drawer.
  correct: ({ x, y }, size) => [
    { transform: 'none', opacity: 1, easing: 'ease-out' },
    { transform: 'translate(0, -14px) scale(0.96)', opacity: 1, offset: 0.22, easing: 'ease-in-out' },
    {
      transform: `translate(${x}px, ${y * 0.82}px) scale(${size(0.26)}, ${size(0.2)})`,
      opacity: 1,
      offset: 0.78,
      easing: 'ease-in',
    },
    { transform: `translate(${x}px, ${y}px) scale(${size(0.22)}, 0.02)`, opacity: 0.4 },
  ],
  // A sheet that is creased, crumpled and thrown in.
  discard: ({ x, y }, size) => [
    { transform: 'none', clipPath: SHEET, opacity: 1, easing: 'ease-out' },
    {
      transform: 'scale(0.7, 0.74) rotate(-5deg)',
      clipPath: CREASED,
      opacity: 1,
      offset: 0.3,
      easing: 'ease-in-out',
    },
    {
      transform: `translate(${x * 0.3}px, ${y * 0.12}px) scale(${size(0.3)}, ${size(0.34)}) rotate(24deg)`,
      clipPath: CRUMPLED,
      opacity: 1,
      offset: 0.58,
      easing: 'ease-in',
    },
    {
      transform: `translate(${x}px, ${y}px) scale(${size(0.07)}) rotate(190deg)`,
      clipPath: CRUMPLED,
      opacity: 0.5,
    },
  ],
  // A sheet that swings out like a flag in the wind and is carried off.
  flag: ({ x, y }, size) => [
    { transform: 'none', opacity: 1, easing: 'ease-out' },
    {
      transform: 'translate(-18px, -10px) rotate(-4deg) skewY(1.5deg) scale(0.9)',
      opacity: 1,
      offset: 0.28,
      easing: 'ease-in-out',
    },
    {
      transform: `translate(${x * 0.75}px, ${y * 0.5}px) rotate(9deg) skewY(-4deg) scale(${size(0.4)})`,
      opacity: 1,
      offset: 0.7,
      easing: 'ease-in',
    },
    { transform: `translate(${x}px, ${y}px) rotate(2deg) scale(${size(0.08)})`, opacity: 0.4 },
  ],
}

/** What shows the card, itself or the ball, goes into the bucket; the bucket feels it. The next card is painted first. */
export function leave(
  kind: Action,
  shown: HTMLElement,
  bucket: HTMLElement,
  layer: HTMLElement,
  place = shown.getBoundingClientRect(),
): void {
  if (isStill()) return
  const size: Size = (part) => (shown.matches('.ball') ? part ** 0.45 : part)
  afterPaint(() => {
    const copy = layCopy(shown, place, layer)
    copy.dataset.leaving = kind
    copy.dataset.tone = bucketOf(kind).tone
    const to = between(centreOf(copy), centreOf(bucket))
    vanish(copy, copy.animate(WAYS[kind](to, size), { duration: LEAVE_MS, fill: 'forwards' }))
    nod(bucket, LEAVE_MS * 0.8)
  })
}

/** Ends what still moves: a page in motion answers a key no sooner than its next frame. */
export function land(): void {
  afterPaint(() => {
    for (const motion of moving) motion.finish()
  })
}

/** The bucket gives a little under what falls into it. */
export function nod(bucket: HTMLElement, delay = 0): void {
  if (isStill()) return
  const frames = [{ transform: 'translateY(5px) scale(1.03, 0.9)' }, { transform: 'none' }]
  // Without it Chromium makes frame after frame for ever once a small scaled thing was stopped half-way.
  bucket.style.willChange = 'transform'
  follow(bucket.animate(frames, { delay, duration: 420, easing: spring(0.7) }), () => {
    if (bucket.getAnimations().length === 0) bucket.style.willChange = ''
  })
}

/** The card shrinks into the hand that lifts it. */
export function gather(card: HTMLElement, at: Point): void {
  if (isStill()) return
  const { left, top } = card.getBoundingClientRect()
  const transformOrigin = `${at.x - left}px ${at.y - top}px`
  card.animate(
    [
      { transformOrigin, transform: 'none', opacity: 1 },
      { transformOrigin, transform: `translateY(${-LIFT * 0.7}px) scale(0.3)`, opacity: 0.6, offset: 0.6 },
      { transformOrigin, transform: `translateY(${-LIFT}px) scale(0.08)`, opacity: 0 },
    ],
    { duration: GATHER_MS, easing: 'ease-in' },
  )
}

/** The ball flies home and opens into the card, which can be used all the while. */
export function springBack(ball: HTMLElement, card: HTMLElement, layer: HTMLElement): void {
  if (isStill()) return
  const home = card.getBoundingClientRect()
  const copy = layCopy(ball, ball.getBoundingClientRect(), layer)
  copy.dataset.leaving = 'back'
  const from = centreOf(copy)
  const to = between(from, { x: home.left + home.width / 2, y: home.top + 60 })
  const flight = [
    { transform: 'none', opacity: 1 },
    { transform: `translate(${to.x}px, ${to.y}px) scale(1.5)`, opacity: 0 },
  ]
  vanish(
    copy,
    copy.animate(flight, { duration: 200, easing: 'cubic-bezier(0.3, 0, 0.2, 1)', fill: 'forwards' }),
  )
  const transformOrigin = '50% 60px'
  const unfolding = [
    { transformOrigin, transform: `translate(${-to.x}px, ${-to.y}px) scale(0.1)`, opacity: 0 },
    { transformOrigin, opacity: 1, offset: 0.3 },
    { transformOrigin, transform: 'none', opacity: 1 },
  ]
  card.animate(unfolding, { duration: RETURN_MS, easing: spring(0.42) })
}

const moving = new Set<Animation>()

function vanish(copy: HTMLElement, motion: Animation): void {
  follow(motion, () => copy.remove())
}

function follow(motion: Animation, atEnd = (): void => undefined): void {
  moving.add(motion)
  motion.onfinish = motion.oncancel = () => {
    moving.delete(motion)
    atEnd()
  }
}

function centreOf(element: HTMLElement): Point {
  const { left, top, width, height } = element.getBoundingClientRect()
  return { x: left + width / 2, y: top + height / 2 }
}

function between(from: Point, to: Point): Point {
  return { x: to.x - from.x, y: to.y - from.y }
}
