/** Owns the Example: what a decided candidate teaches, before any output format. */
import type { Message, Standing, Status } from './candidate.ts'
import { textMessages } from './candidate.ts'
import { isBlank } from './decision.ts'
import type { FailureCategory } from './failure-category.ts'

/** How the rows of a format are packed into a file. */
export const CONTAINER_NAMES = ['jsonl', 'parquet', 'csv'] as const
export type ContainerName = (typeof CONTAINER_NAMES)[number]

/** What happens to different corrections of the same prompt. */
export const CONFLICT_RULES = ['keep-all', 'newest', 'refuse'] as const
export type ConflictRule = (typeof CONFLICT_RULES)[number]

export type PromptMessage = { role: string; content: string }

export type Example = {
  id: string
  /** The prompt's messages, in order; never empty, text only. */
  prompt: PromptMessage[]
  /** What the model should have said, exactly as it was typed. */
  completion: string
  /** What the model said instead. */
  rejected: string
  failure_category: FailureCategory | null
  /** Where it comes from and who decided it: for people, no trainer reads it. */
  about: About
}

export type About = {
  run_id: string
  model_name: string | null
  task_type: string | null
  task_name: string | null
  quality_score: number | null
  status: Status
  /** Null for what was decided before it was imported, as is the time. */
  reviewer: string | null
  decided_at: string | null
}

/** What the store knows of a candidate that an example is made of. */
export type Teaching = {
  id: string
  prompt_messages: Message[]
  model_response: string
  decided_elsewhere: boolean
  standing: Standing
  about: About
}

export type PairFault = 'scoring_artifact' | 'empty_answer' | 'same_answer'
export type LeftOut =
  | 'not_approved'
  | 'no_correction'
  | 'empty_prompt'
  | 'prompt_not_text'
  | 'decided_elsewhere'
  | PairFault
  | 'older_correction'
  | 'invalid'

export const LEFT_OUT_WORDS: Record<LeftOut, string> = {
  not_approved: 'it is not approved',
  no_correction: 'it has no correction',
  empty_prompt: 'its prompt is empty',
  prompt_not_text: 'its prompt holds more than text (images or tool calls)',
  decided_elsewhere: 'it was decided before it was imported (take it with --include-imported)',
  scoring_artifact: "the model's answer was right (scoring artifact), so there is nothing to reject",
  empty_answer: "the model's answer is empty, so there is nothing to reject",
  same_answer: "the correction and the model's answer are the same",
  older_correction: 'a newer correction of the same prompt was taken',
  invalid: 'a trainer would refuse it (left out by --skip-invalid)',
}

/** Why the prompt cannot become an example, or null when it can. Known at import already. */
export function promptFault({
  prompt_messages,
}: Pick<Teaching, 'prompt_messages'>): 'empty_prompt' | 'prompt_not_text' | null {
  if (prompt_messages.length === 0) return 'empty_prompt'
  return prompt_messages.every(({ content }) => typeof content === 'string') ? null : 'prompt_not_text'
}

/**
 * The example, or why there is none. Lone surrogates of the source become U+FFFD:
 * no UTF-8 file can hold them, and a trainer would stop at the line.
 */
export function toExample(teaching: Teaching, includeImported: boolean): Example | LeftOut {
  const { standing, prompt_messages } = teaching
  if (standing.status !== 'approved') return 'not_approved'
  if (standing.corrected_response === null || isBlank(standing.corrected_response)) return 'no_correction'
  if (teaching.decided_elsewhere && !includeImported) return 'decided_elsewhere'
  const prompt = textMessages(prompt_messages)
  if (!prompt) return 'prompt_not_text'
  if (prompt.length === 0) return 'empty_prompt'
  return exampleOf(teaching, prompt)
}

/** Every decision as it stands, for people: what is no text is shown as JSON, and nothing is left out. */
export function toAccount(teaching: Teaching): Example {
  const prompt = teaching.prompt_messages.map(({ role, content }) => ({
    role,
    content: typeof content === 'string' ? content : JSON.stringify(content ?? null),
  }))
  return exampleOf(teaching, prompt)
}

function exampleOf({ id, model_response, standing, about }: Teaching, prompt: PromptMessage[]): Example {
  return {
    id,
    prompt: prompt.map(({ role, content }) => ({
      role: role.toWellFormed(),
      content: content.toWellFormed(),
    })),
    completion: (standing.corrected_response ?? '').toWellFormed(),
    rejected: model_response.toWellFormed(),
    failure_category: standing.failure_category,
    about,
  }
}

/** Why the two answers are no pair to learn a preference from; null when they are. */
export function pairFault({ completion, rejected, failure_category }: Example): PairFault | null {
  if (failure_category === 'scoring_artifact') return 'scoring_artifact'
  if (isBlank(rejected)) return 'empty_answer'
  return rejected.trim() === completion.trim() ? 'same_answer' : null
}
