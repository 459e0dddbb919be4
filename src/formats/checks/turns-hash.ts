/** Owns the hash by which messages are found again. */
import { hash } from 'node:crypto'
import type { Hash } from '../../domain/seen.ts'
import type { Turn } from './shape.ts'

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
