/** Owns the Example: what an approved candidate teaches, before any output format. */
import type { Facts, Standing } from './candidate.ts'
import { textMessages } from './candidate.ts'
import { isBlank } from './decision.ts'
import type { FailureCategory } from './failure-category.ts'

export type Example = {
  id: string
  /** The prompt's messages, in order; never empty, text only. */
  prompt: { role: string; content: string }[]
  /** What the model should have said, exactly as it was typed. */
  completion: string
  /** What the model said instead. */
  rejected: string
  failure_category: FailureCategory | null
}

export type LeftOut =
  | 'not_approved'
  | 'no_correction'
  | 'empty_prompt'
  | 'prompt_not_text'
  | 'decided_elsewhere'

export const LEFT_OUT_WORDS: Record<LeftOut, string> = {
  not_approved: 'it is not approved',
  no_correction: 'it has no correction',
  empty_prompt: 'its prompt is empty',
  prompt_not_text: 'its prompt holds more than text (images or tool calls)',
  decided_elsewhere: 'it was decided before it was imported (take it with --include-imported)',
}

/** Why the prompt cannot become an example, or null when it can. Known at import already. */
export function promptFault(facts: Facts): 'empty_prompt' | 'prompt_not_text' | null {
  if (facts.prompt_messages.length === 0) return 'empty_prompt'
  return textMessages(facts.prompt_messages) ? null : 'prompt_not_text'
}

/**
 * The example, or why there is none. Lone surrogates of the source become U+FFFD:
 * no UTF-8 file can hold them, and a trainer would stop at the line.
 */
export function toExample(facts: Facts, standing: Standing, includeImported: boolean): Example | LeftOut {
  if (standing.status !== 'approved') return 'not_approved'
  if (standing.corrected_response === null || isBlank(standing.corrected_response)) return 'no_correction'
  if (facts.decided && !includeImported) return 'decided_elsewhere'
  const prompt = textMessages(facts.prompt_messages)
  if (!prompt) return 'prompt_not_text'
  if (prompt.length === 0) return 'empty_prompt'
  return {
    id: facts.id,
    prompt: prompt.map(({ role, content }) => ({
      role: role.toWellFormed(),
      content: content.toWellFormed(),
    })),
    completion: standing.corrected_response.toWellFormed(),
    rejected: facts.model_response.toWellFormed(),
    failure_category: standing.failure_category,
  }
}
