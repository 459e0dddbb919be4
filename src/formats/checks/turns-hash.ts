/** Owns the hash by which messages are found again. */
import type { Hash } from '../../domain/seen.ts'
import { hashTexts } from '../../text-hash.ts'
import type { Turn } from './shape.ts'

export function hashOf(turns: Turn[]): Hash {
  return hashTexts(turns.flatMap(({ role, content }) => [textOf(role), textOf(content)]))
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
