/** Owns going from card to card without deciding: on, past one for later, and back. */
import { titleOf } from './card-title.ts'
import type { Desk } from './desk.ts'
import type { Queue } from './queue.ts'
import type { Summoner } from './summon.ts'

export function createMoves(queue: Queue, summoner: Summoner, desk: Desk) {
  function next(): void {
    go(queue.pass, '')
  }

  function putLast(): void {
    go(queue.putLast, 'Skipped, it comes back at the end. ')
  }

  function go(step: () => boolean, done: string): void {
    desk.leaveCurrent()
    const hasMoved = step()
    const card = queue.current.value
    if (hasMoved && card) desk.say(`${done}Next: ${titleOf(card)}`)
    else desk.say('No other card is ready.')
    desk.refillIfLow()
  }

  /** Past those that were decided meanwhile. */
  async function back(): Promise<void> {
    desk.leaveCurrent()
    for (let id = queue.trail.last(); id !== undefined; id = queue.trail.last()) {
      if (await comeBackTo(id)) return
    }
    desk.say('No card was left before this one.')
  }

  /** False where the one before it is to be tried. */
  async function comeBackTo(id: string): Promise<boolean> {
    const kept = queue.trail.cardOf(id)
    if (kept) queue.putFirst(kept)
    else {
      const found = await summoner.bring(id)
      if (found && !found.isHere) queue.trail.drop(id)
      if (!found?.isHere) return !found
    }
    const card = queue.current.value
    if (card) desk.say(`Back: ${titleOf(card)}`)
    return true
  }

  return { next, putLast, back }
}
