/** Owns what is remembered of the lines of a file: the hash of each and its number, twelve bytes together. */

export type Seen = {
  /** The first line with this key, or 0 when this is the first. */
  firstLine(key: Hash, line: number): number
}

/** 64 bits, the first of the two not 0: among ten million lines, two different ones share it once in 400,000 files. */
export type Hash = readonly [number, number]

const WORDS = 3
/** Keys that are made to meet are forgotten sooner than that they take time; others never come so near. */
const MOST_TRIES = 500

/** Open addressing in one typed array: a Map of a million strings would take ten times as much. */
export function createSeen(): Seen {
  let slots = new Uint32Array(1024 * WORDS)
  let used = 0

  function place(into: Uint32Array, [high, low]: Hash): number | null {
    const capacity = into.length / WORDS
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const at = ((low + tries) % capacity) * WORDS
      if (into[at] === 0 || (into[at] === high && into[at + 1] === low)) return at
    }
    return null
  }

  function grow(): void {
    const larger = new Uint32Array(slots.length * 2)
    for (let at = 0; at < slots.length; at += WORDS) {
      if (slots[at] === 0) continue
      const to = place(larger, [slots[at] as number, slots[at + 1] as number])
      if (to !== null) larger.set(slots.subarray(at, at + WORDS), to)
    }
    slots = larger
  }

  function firstLine(key: Hash, line: number): number {
    const at = place(slots, key)
    if (at === null) return 0
    if (slots[at] !== 0) return slots[at + 2] as number
    slots.set([...key, line], at)
    used += 1
    if (used * WORDS * 2 > slots.length) grow()
    return 0
  }

  return { firstLine }
}
