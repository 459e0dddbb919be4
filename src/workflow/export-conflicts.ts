/** Owns finding different corrections of the same prompt, in some 30 bytes of memory for each prompt at the most. */
import type { IndexRow } from '../store/example-index.ts'

type Key = Pick<IndexRow, 'candidate_seq' | 'prompt_high' | 'prompt_low' | 'answer_hash' | 'decision_seq'>

export type Conflicts = {
  add(row: Key): void
  /** Whether a newer and different correction of its prompt was added. */
  isBeaten(row: Key): boolean
  /** Prompts with more than one correction, and the corrections that they have. */
  prompts: number
  examples: number
  /** The first of these prompts, as they were found. */
  first: { prompt_high: number; prompt_low: number }[]
}

const FIRST = 20
/** In `count`, beside the number itself: this prompt has different corrections. */
const DIFFERENT = 0x8000_0000

type Slots = ReturnType<typeof createSlots>

/** Open addressing in typed arrays: a Map of a million prompts would take several times as much. */
function createSlots(capacity: number, hasNewest: boolean) {
  return {
    capacity,
    high: new Uint32Array(capacity),
    low: new Uint32Array(capacity),
    answer: new Uint32Array(capacity),
    /** 0 is a free slot. */
    count: new Uint32Array(capacity),
    /** The order of the newest decision on this prompt, where somebody asks for it. */
    newest: hasNewest ? new Float64Array(capacity) : null,
  }
}

function find({ capacity, high, low, count }: Slots, prompt_high: number, prompt_low: number): number {
  let slot = prompt_low % capacity
  while (count[slot] !== 0 && (high[slot] !== prompt_high || low[slot] !== prompt_low)) {
    slot = slot + 1 === capacity ? 0 : slot + 1
  }
  return slot
}

/**
 * `expected`: about how many corrections will be added; growing takes the memory of both. `hasNewest`: it will be asked
 * which corrections are beaten.
 */
export function createConflicts(expected = 0, hasNewest = false): Conflicts {
  let slots = createSlots(Math.ceil(expected * 1.4) + 1024, hasNewest)
  let used = 0
  const conflicts: Conflicts = { add, isBeaten, prompts: 0, examples: 0, first: [] }

  function add(row: Key): void {
    const { prompt_high, prompt_low, answer_hash } = row
    const slot = find(slots, prompt_high, prompt_low)
    const count = slots.count[slot] as number
    if (count === 0) {
      slots.high[slot] = prompt_high
      slots.low[slot] = prompt_low
      slots.answer[slot] = answer_hash
    } else note(slot, count, row)
    if (slots.newest) noteOrder(slots.newest, slot, count === 0, orderOf(row))
    slots.count[slot] = (slots.count[slot] as number) + 1
    if (count === 0) {
      used += 1
      if (used * 4 > slots.capacity * 3) slots = grown(slots)
    }
  }

  function note(slot: number, count: number, row: Key): void {
    if (count >= DIFFERENT) {
      conflicts.examples += 1
    } else if (slots.answer[slot] !== row.answer_hash) {
      slots.count[slot] = count + DIFFERENT
      conflicts.prompts += 1
      conflicts.examples += count + 1
      const { prompt_high, prompt_low } = row
      if (conflicts.first.length < FIRST) conflicts.first.push({ prompt_high, prompt_low })
    }
  }

  function isBeaten(row: Key): boolean {
    if (!slots.newest) throw new Error('Nobody noted which correction is the newest.')
    const slot = find(slots, row.prompt_high, row.prompt_low)
    return (slots.count[slot] as number) >= DIFFERENT && orderOf(row) < (slots.newest[slot] as number)
  }

  return conflicts
}

function noteOrder(newest: Float64Array, slot: number, isFirst: boolean, order: number): void {
  if (isFirst || order > (newest[slot] as number)) newest[slot] = order
}

/** Decisions in the order in which they were made; what was decided before the import is older than all of them. */
function orderOf({ decision_seq, candidate_seq }: Key): number {
  return decision_seq ?? candidate_seq - Number.MAX_SAFE_INTEGER
}

function grown(slots: Slots): Slots {
  const larger = createSlots(slots.capacity * 2, slots.newest !== null)
  for (let from = 0; from < slots.capacity; from++) {
    if (slots.count[from] === 0) continue
    const to = find(larger, slots.high[from] as number, slots.low[from] as number)
    for (const name of ['high', 'low', 'answer', 'count'] as const)
      larger[name][to] = slots[name][from] as number
    if (larger.newest && slots.newest) larger.newest[to] = slots.newest[from] as number
  }
  return larger
}
