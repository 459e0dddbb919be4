/** Owns what of a message's content can be shown as text, and what is named instead. */
import type { SftQueueItem } from '../../contract.ts'

export type Message = SftQueueItem['prompt_messages'][number]
/** `shown` is false where words of ours stand for something that is not text. */
export type MessagePart = { text: string; shown: boolean }

export function messageParts(message: Message): MessagePart[] {
  const parts = partsOf(message.content)
  const calls =
    Array.isArray(message.tool_calls) && message.tool_calls.length > 0 ? [notShown('tool call')] : []
  if (parts.length + calls.length === 0) return [{ text: '[no text]', shown: false }]
  return [...parts, ...calls]
}

function partsOf(content: unknown): MessagePart[] {
  if (content === null || content === undefined) return []
  return (Array.isArray(content) ? content : [content]).map(partOf)
}

function partOf(part: unknown): MessagePart {
  if (typeof part === 'string') return { text: part, shown: true }
  if (typeof part !== 'object' || part === null) return { text: String(part), shown: true }
  const { type, text } = part as Record<string, unknown>
  if (typeof text === 'string') return { text, shown: true }
  return notShown(typeof type === 'string' ? type : 'unknown')
}

function notShown(kind: string): MessagePart {
  return { text: `[${kind} part not shown]`, shown: false }
}
