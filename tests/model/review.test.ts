/** Any order of decisions, repeats, stale tabs, undos, redos, drafts, restarts and imports, on both engines. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Store } from '../../src/store/open.ts'
import { eachEngine, onSqlite } from '../support/each-engine.ts'
import { newCard } from './card-model.ts'
import { commands, type Model } from './commands.ts'
import { FAULTS } from './faults.ts'
import { createWorld, type Fault } from './world.ts'

const isLong = process.env.AVOCET_LONG === '1'
const COMMANDS = isLong ? 1_000_000 : 2000
/** In one store: what it holds makes every later command slower, and a million in one would take days. */
const OF_A_STORE = 2000
const LONGEST = 60
const HOUR = 3_600_000

type Plan = { commands: number; fault?: Fault }

/** Runs command after command until enough of them ran; throws what did not agree. */
async function play(open: () => Promise<Store>, plan: Plan): Promise<number> {
  const world = await createWorld(open, plan.fault)
  let run = 0
  const property = fc.asyncProperty(
    fc.commands(commands, { maxCommands: LONGEST, size: 'max' }),
    async (cases) => {
      if (world.counted() >= plan.commands) return
      run += 1
      const name = `run${run}`
      const cards = [...Array(6).keys()].map((n) => newCard(`${name}-${n}`))
      await world.importCards(cards.map(({ id }) => id))
      const model: Model = { cards, newest: null, ids: 0, run: name }
      await fc.asyncModelRun(() => ({ model, real: world }), cases)
    },
  )
  try {
    await fc.assert(property, { numRuns: plan.commands / 5, endOnFailure: plan.fault !== undefined })
    await world.verify()
  } finally {
    await world.close()
  }
  return world.counted()
}

eachEngine((open) => {
  it(`keeps every invariant through ${COMMANDS} commands`, { timeout: 11 * HOUR }, async () => {
    let played = 0
    while (played < COMMANDS) {
      const { store, again } = await open()
      await store.close()
      const more = await play(again, { commands: OF_A_STORE })
      expect(more).toBeGreaterThanOrEqual(OF_A_STORE)
      played += more
      // Hours need a sign of life.
      if (isLong) console.info(`${played} commands`)
    }
  })
})

describe('the checks notice a planted fault', () => {
  onSqlite((open) => {
    it.each(Object.entries(FAULTS))('%s', { timeout: HOUR }, async (_, fault) => {
      const { store, again } = await open()
      await store.close()
      const error = await play(again, { commands: OF_A_STORE, fault }).catch((thrown: Error) => thrown)
      expect(error).toBeInstanceOf(Error)
      expect(String((error as Error).cause ?? error)).toMatch(/found .*, expected/s)
    })
  })
})
