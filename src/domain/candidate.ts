/** Owns the Candidate: one wrong answer, the facts that its source told, and where it stands. */
import type { FailureCategory } from './failure-category.ts'

export const STATUSES = ['needs_review', 'approved', 'discarded', 'model_rejected'] as const
export type Status = (typeof STATUSES)[number]

/** Text, or what multimodal harnesses write: a list of parts, or null beside tool calls. Unknown keys are kept. */
export type Message = { role: string; content: unknown; [key: string]: unknown }

/**
 * What a source says of one wrong answer. It never changes after the import.
 * Everything but `id`, `prompt_messages` and `model_response` may be null: harnesses leave it out.
 */
export type Facts = {
  id: string
  source: string | null
  benchmark_run_id: string | null
  /** As the harness wrote it, ISO 8601 by convention. */
  timestamp: string | null
  prompt_messages: Message[]
  model_response: string
  /** 0 to 1 by convention. */
  quality_score: number | null
  failure_reason: string | null
  task_id: string | null
  task_type: string | null
  task_name: string | null
  model_id: string | null
  model_name: string | null
  node_id: string | null
  gpu_id: number | null
  /** Tokens per second while the answer was written. */
  tokens_per_sec: number | null
  /** Keys that we do not know, as they came. */
  extra: Record<string, unknown>
  /** Set when the record came in already decided; such a candidate is shown and never decided here. */
  decided: Standing | null
}

/** Where a candidate stands. `corrected_response: null` means "needs a human" and is always present. */
export type Standing = {
  status: Status
  corrected_response: string | null
  failure_category: FailureCategory | null
}

export const UNDECIDED: Standing = {
  status: 'needs_review',
  corrected_response: null,
  failure_category: null,
}

/** A candidate as it is sent and shown: unknown keys first, so that none of ours can be hidden by them. */
export type SftQueueItem = Omit<Facts, 'extra' | 'decided'> &
  Standing & {
    /** `benchmark_run_id`, or the directory's name where the record has none. */
    run_id: string
    decided_elsewhere: boolean
    /** Counts the decisions; a write that names an older one is refused. */
    version: number
  }

export function toQueueItem(
  facts: Facts,
  standing: Standing,
  place: { run_id: string; version: number },
): SftQueueItem {
  const { extra, decided, ...known } = facts
  return { ...extra, ...known, ...standing, ...place, decided_elsewhere: decided !== null }
}

/** The name under which records are counted and found that name no model, or no task type. */
export const UNKNOWN = 'unknown'

/** The role and text of every message, or null where one holds something other than text (images, tool calls). */
export function textMessages(messages: Message[]): { role: string; content: string }[] | null {
  const texts: { role: string; content: string }[] = []
  for (const { role, content } of messages) {
    if (typeof content !== 'string') return null
    texts.push({ role, content })
  }
  return texts
}
