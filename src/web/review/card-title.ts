/** Owns the name of a card in words. */
import type { SftQueueItem } from '../../contract.ts'

export function titleOf(card: Pick<SftQueueItem, 'task_name' | 'task_id'>): string {
  return card.task_name || card.task_id || 'Untitled task'
}
