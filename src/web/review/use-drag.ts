/** Owns the drag of the card: which pointer holds it, when it is lifted, moved, dropped or given back. */
import { onBeforeUnmount, ref, shallowRef } from 'vue'
import type { Action } from '../../domain/decision.ts'
import {
  type Aim,
  aimAt,
  type Gesture,
  IDLE,
  LIFT,
  landing,
  moved,
  type Place,
  type Point,
  pressed,
  type Sample,
  velocity,
} from './gesture.ts'
import { isStill } from './motion.ts'

type Hands = {
  /** Where the buckets stand once they have risen; asked once per drag. */
  places(): Place[]
  ball(): HTMLElement | null
  onLift(at: Point): void
  onDrop(kind: Action): void
  onReturn(): void
}

const CONTROLS = 'a, button, input, label, select, summary, textarea, [contenteditable]'
/** Things that take the card out of the hand. */
const INTERRUPTIONS = ['pointercancel', 'contextmenu', 'blur', 'resize']
const MOST_TILT = 14

export function useDrag(hands: Hands) {
  const isHeld = ref(false)
  const aim = shallowRef<Aim | null>(null)
  let gesture: Gesture = IDLE
  let grip: HTMLElement | null = null
  let places: Place[] = []
  let listening = new AbortController()
  let frame = 0
  let tilt = 0

  function press(event: PointerEvent): void {
    const isControl = event.target instanceof Element && event.target.closest(CONTROLS) !== null
    if (gesture.phase !== 'idle' || event.button !== 0 || !event.isPrimary || isControl) return
    gesture = pressed(event.pointerId, sampleOf(event))
    if (event.currentTarget instanceof HTMLElement) grip = event.currentTarget
    listen()
  }

  function listen(): void {
    listening = new AbortController()
    const { signal } = listening
    window.addEventListener('pointermove', move, { signal })
    window.addEventListener('pointerup', release, { signal })
    window.addEventListener('pointerdown', cancelBySecond, { signal })
    window.addEventListener('keydown', cancelByKey, { signal, capture: true })
    for (const type of INTERRUPTIONS) window.addEventListener(type, cancel, { signal })
    // A finger is captured by what it touched first; giving that up for the grip is no interruption.
    grip?.addEventListener('lostpointercapture', (event) => event.target === grip && cancel(), { signal })
  }

  function move(event: PointerEvent): void {
    // The button went up where no page hears it.
    if (event.buttons === 0) cancel()
    const next = moved(gesture, event.pointerId, sampleOf(event))
    const isLifted = gesture.phase === 'pressed' && next.phase === 'held'
    gesture = next
    if (isLifted) lift(event)
  }

  function lift({ pointerId, clientX: x, clientY: y }: PointerEvent): void {
    grip?.setPointerCapture(pointerId)
    getSelection()?.removeAllRanges()
    places = hands.places()
    tilt = 0
    isHeld.value = true
    hands.onLift({ x, y })
    frame = requestAnimationFrame(follow)
  }

  /** All that happens per frame, however many moves the hand made in it. */
  function follow(now: number): void {
    const last = gesture.phase === 'held' ? gesture.trail.at(-1) : undefined
    if (gesture.phase !== 'held' || !last) return
    const lean = isStill() ? 0 : velocity(gesture.trail, now).x / 60
    tilt += (Math.max(-MOST_TILT, Math.min(MOST_TILT, lean)) - tilt) / 6
    const ball = hands.ball()
    const turn = `rotate(${tilt.toFixed(1)}deg)`
    if (ball) ball.style.transform = `translate3d(${last.x}px, ${last.y - LIFT}px, 0) ${turn}`
    look(aimAt(last, places))
    frame = requestAnimationFrame(follow)
  }

  function look(next: Aim | null): void {
    if (next?.kind !== aim.value?.kind || next?.isInside !== aim.value?.isInside) aim.value = next
  }

  function release(event: PointerEvent): void {
    if (gesture.phase === 'idle' || gesture.pointer !== event.pointerId) return
    const last = gesture.phase === 'held' ? moved(gesture, event.pointerId, sampleOf(event)) : null
    letGo()
    if (last?.phase !== 'held') return
    const kind = landing(last.trail, places)
    if (kind) hands.onDrop(kind)
    else hands.onReturn()
  }

  function cancel(): void {
    const wasHeld = gesture.phase === 'held'
    letGo()
    if (wasHeld) hands.onReturn()
  }

  function cancelBySecond(event: PointerEvent): void {
    if (gesture.phase !== 'idle' && gesture.pointer !== event.pointerId) cancel()
  }

  function cancelByKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || gesture.phase !== 'held') return
    event.preventDefault()
    cancel()
  }

  /** Out of the hand without a word: the card that was held is decided, or gone. */
  function letGo(): void {
    listening.abort()
    cancelAnimationFrame(frame)
    if (gesture.phase === 'held' && grip?.hasPointerCapture(gesture.pointer)) {
      grip.releasePointerCapture(gesture.pointer)
    }
    gesture = IDLE
    grip = null
    isHeld.value = false
    aim.value = null
  }

  onBeforeUnmount(letGo)
  return { isHeld, aim, press, letGo }
}

function sampleOf({ clientX: x, clientY: y, timeStamp: at }: PointerEvent): Sample {
  return { x, y, at }
}
