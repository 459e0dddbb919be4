/** Proves which time counts as work on a card: what lies between signs of life, on this card, on a page that is seen. */
import { beforeEach, describe, expect, it } from 'vitest'
import { type ActiveTime, createActiveTime, watchActivity } from './active-time.ts'

let clock = 0
let time: ActiveTime

function wait(seconds: number): void {
  clock += seconds * 1000
}

beforeEach(() => {
  clock = 1_000_000
  time = createActiveTime(() => clock)
  time.show('a')
})

describe('active seconds', () => {
  it('are the time between the signs of life, to a tenth', () => {
    wait(2)
    time.stir()
    wait(3.26)
    expect(time.take('a')).toBe(5.3)
  })

  it('count at most thirty seconds of a pause', () => {
    wait(5)
    time.stir()
    wait(3600)
    time.stir()
    wait(1)
    expect(time.take('a')).toBe(36)
  })

  it('leave out the time while nobody sees the page', () => {
    wait(4)
    time.hide(true)
    wait(20)
    time.hide(false)
    wait(1)
    expect(time.take('a')).toBe(5)
  })

  it('belong to the card that is on the screen, and add up when it comes back', () => {
    wait(2)
    time.show('b')
    wait(3)
    time.show('a')
    wait(4)
    expect(time.take('a')).toBe(6)
    expect(time.take('b')).toBe(3)
  })

  it('stand still while no card is on the screen', () => {
    wait(2)
    time.show(null)
    wait(9)
    time.show('a')
    expect(time.take('a')).toBe(2)
  })

  it('begin at nothing once they are taken', () => {
    wait(2)
    time.take('a')
    wait(1)
    expect(time.take('a')).toBe(1)
    expect(time.take('never seen')).toBe(0)
  })

  it.each(['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchmove'])('hear of a %s', (sign) => {
    const watching = new AbortController()
    watchActivity(time, watching.signal)
    wait(29)
    window.dispatchEvent(new Event(sign))
    wait(29)
    expect(time.take('a')).toBe(58)
    watching.abort()
    wait(29)
    window.dispatchEvent(new Event(sign))
    wait(29)
    expect(time.take('a')).toBe(30)
  })
})
