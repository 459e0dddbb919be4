/** Owns what several formats share: the type of chat messages, and the answer as a message. */
import type { PromptMessage } from '../domain/example.ts'
import type { ColumnType } from './format.ts'

export const MESSAGE: ColumnType = { struct: { role: 'text', content: 'text' } }
export const MESSAGES: ColumnType = { list: MESSAGE }

export function answer(content: string): PromptMessage {
  return { role: 'assistant', content }
}
