/** Owns finding the right answer that a record may have brought along, for the reviewer to start from. */
import type { SftQueueItem } from '../../contract.ts'
import { isBlank } from '../../domain/decision.ts'

/**
 * Files of cf-orch hold none, but whoever joins a benchmark's data to them keeps its field: `reference` (HELM),
 * `target` (lm-evaluation-harness, Inspect), `expected` and `ideal` (OpenAI evals), `expected_output` (DeepEval).
 */
const FIELDS = ['reference', 'target', 'expected', 'ideal', 'expected_output', 'expectedOutput']

/** Null where there is none, or where it is not plain text. */
export function referenceOf(candidate: SftQueueItem): string | null {
  for (const field of FIELDS) {
    const value = candidate[field]
    if (typeof value === 'string' && !isBlank(value)) return value
  }
  return null
}
