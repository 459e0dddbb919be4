/** Owns what a checker remembers of the lines it has passed: the hash of each and its number, twelve bytes together. */
import { hash } from 'node:crypto'
import type { Turn } from './shape.ts'

export type Seen = {
  /** The first line with this key, or 0 when this is the first. */
  firstLine(key: Hash, line: number): number
}

/** 64 bits: among ten million lines, two different ones share it once in 400,000 files. */
export type Hash = readonly [number, number]

export function hashOf(turns: Turn[]): Hash {
  const parts = turns.map(({ role, content }) => {
    const text = typeof content === 'string' ? content : ''
    // The lengths before the texts, so that no two lists of messages read the same.
    return `${String(role).length} ${text.length} ${typeof role === 'string' ? role : ''}${text}`
  })
  const digest = hash('sha1', parts.join(''), 'buffer')
  // 0 is a free slot.
  return [digest.readUInt32LE(0) || 1, digest.readUInt32LE(4)]
}

const WORDS = 3

/** Open addressing in one typed array: a Map of a million strings would take ten times as much. */
export function createSeen(): Seen {
  let slots = new Uint32Array(1024 * WORDS)
  let used = 0

  function place(into: Uint32Array, [high, low]: Hash): number {
    const capacity = into.length / WORDS
    for (let slot = low % capacity; ; slot = (slot + 1) % capacity) {
      const at = slot * WORDS
      if (into[at] === 0 || (into[at] === high && into[at + 1] === low)) return at
    }
  }

  function grow(): void {
    const larger = new Uint32Array(slots.length * 2)
    for (let at = 0; at < slots.length; at += WORDS) {
      if (slots[at] === 0) continue
      const to = place(larger, [slots[at] as number, slots[at + 1] as number])
      larger.set(slots.subarray(at, at + WORDS), to)
    }
    slots = larger
  }

  function firstLine(key: Hash, line: number): number {
    const at = place(slots, key)
    if (slots[at] !== 0) return slots[at + 2] as number
    slots.set([...key, line], at)
    used += 1
    if (used * WORDS * 2 > slots.length) grow()
    return 0
  }

  return { firstLine }
}
