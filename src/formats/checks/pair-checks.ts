/** Owns the checks of a pair: the answer to prefer and the answer to avoid. */
import { isBlank } from '../../domain/decision.ts'
import type { ExampleCheck } from './consumer.ts'
import type { Turn } from './shape.ts'

function pairCheck(code: string, advice: string, find: (rejected: Turn[], turns: Turn[]) => string | null) {
  return {
    of: 'example',
    code,
    advice,
    find: ({ rejected, turns }) => (rejected ? find(rejected, turns) : null),
  } satisfies ExampleCheck
}

function textOf(turns: Turn[]): string | null {
  const content = turns.at(-1)?.content
  return typeof content === 'string' ? content : null
}

export const rejectedEmpty = pairCheck(
  'rejected_empty',
  'Leave the pair out; its correction can still be learnt as a plain example.',
  (rejected) => {
    const text = textOf(rejected)
    return text !== null && isBlank(text) ? `${rejected.at(-1)?.place} is empty` : null
  },
)

export const pairIdentical = pairCheck(
  'pair_identical',
  'Leave the pair out; its correction can still be learnt as a plain example.',
  (rejected, turns) => {
    const [bad, good] = [textOf(rejected), textOf(turns)]
    if (bad === null || good === null || bad.trim() !== good.trim()) return null
    return `${turns.at(-1)?.place} and ${rejected.at(-1)?.place} say the same`
  },
)

export const PAIR_CHECKS: ExampleCheck[] = [rejectedEmpty, pairIdentical]
