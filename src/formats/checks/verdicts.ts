/** Owns what is known of one candidate before any file is written: the checks that depend on it alone. */
import type { Example } from '../../domain/example.ts'
import { appliesTo, type Consumer, type ExampleCheck, wordsOf } from './consumer.ts'
import type { Finding } from './finding.ts'
import { ORDER_CHECKS } from './order-checks.ts'
import { PAIR_CHECKS } from './pair-checks.ts'
import type { Reading, Shape, Turn } from './shape.ts'
import { TEXT_CHECKS } from './text-checks.ts'

/** One broken check, free of any consumer: what it means is for `judge` to say. Small, and made to be stored. */
export type Verdict = {
  code: string
  /** What is wrong and where, in words. */
  found: string
  /** Whether it lies in the model's answer, which only the pair shapes teach. */
  in_rejected: boolean
}

/** Raised when stored verdicts no longer say what these checks would. */
export const VERDICTS_VERSION = 1

const CHECKS: ExampleCheck[] = [...ORDER_CHECKS, ...TEXT_CHECKS, ...PAIR_CHECKS]
const TEACH_REJECTED: Shape[] = ['trl-dpo', 'openai-dpo', 'llama-factory-dpo', 'kto']

/** Cheap enough for every submit; mostly empty. */
export function verdictsOf(example: Example): Verdict[] {
  const learnt = readExample(example)
  const pair = { ...learnt, rejected: [turnOf("the model's answer", 'assistant', example.rejected)] }
  return CHECKS.flatMap((check): Verdict[] => {
    const found = check.find(learnt)
    if (found !== null) return [{ code: check.code, found, in_rejected: false }]
    const inPair = check.find(pair)
    return inPair === null ? [] : [{ code: check.code, found: inPair, in_rejected: true }]
  })
}

/** What a consumer makes of the verdicts when the candidate comes to it in a shape. */
export function judge(
  consumer: Consumer,
  shape: Shape,
  verdicts: Verdict[],
  about: { line: number | null; id: string },
): Finding[] {
  const rules = consumer.rules.filter((rule) => rule.check.of === 'example' && appliesTo(rule, shape))
  return verdicts.flatMap(({ code, found, in_rejected }) => {
    const rule = rules.find(({ check }) => check.code === code)
    if (!rule || (in_rejected && !TEACH_REJECTED.includes(shape))) return []
    return [{ ...about, code, severity: rule.severity, words: wordsOf(found, rule) }]
  })
}

function readExample({ prompt, completion }: Example): Reading {
  const turns = prompt.map(({ role, content }, at) =>
    turnOf(`message ${at + 1} of the prompt`, role, content),
  )
  turns.push(turnOf('the correction', 'assistant', completion))
  return { shape: 'trl-dpo', record: {}, parts: [], turns, rejected: null }
}

function turnOf(place: string, role: string, content: string): Turn {
  return { place, role, content, keys: ['role', 'content'] }
}
