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
  let slots = allocate(1024 * WORDS)
  /** A power of two, less one. */
  let mask = slots.length / WORDS - 1
  let used = 0

  /** Where the key stands or may stand; -1 where it may not. */
  function place(high: number, low: number): number {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const at = ((low + tries) & mask) * WORDS
      if (slots[at] === 0 || (slots[at] === high && slots[at + 1] === low)) return at
    }
    return -1
  }

  function put(at: number, high: number, low: number, line: number): void {
    slots[at] = high
    slots[at + 1] = low
    slots[at + 2] = line
  }

  function grow(): void {
    const smaller = slots
    slots = allocate(smaller.length * 2)
    mask = slots.length / WORDS - 1
    for (let from = 0; from < smaller.length; from += WORDS) {
      if (smaller[from] === 0) continue
      const [high, low, line] = [smaller[from], smaller[from + 1], smaller[from + 2]] as [
        number,
        number,
        number,
      ]
      const at = place(high, low)
      if (at !== -1) put(at, high, low, line)
    }
  }

  function firstLine([high, low]: Hash, line: number): number {
    const at = place(high, low)
    if (at === -1) return 0
    if (slots[at] !== 0) return slots[at + 2] as number
    put(at, high, low, line)
    used += 1
    if (used * WORDS * 2 > slots.length) grow()
    return 0
  }

  return { firstLine }
}

/**
 * Written to from end to end: a page of memory that is read before it is written is handed out twice, and the second
 * time interrupts every other processor.
 */
function allocate(words: number): Uint32Array {
  return new Uint32Array(words).fill(0)
}
