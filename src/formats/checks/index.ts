/** Owns the list of consumers: every file of this folder that default-exports one. */
import { loadMembers } from '../../load-members.ts'
import type { Consumer } from './consumer.ts'

export const consumers: ReadonlyMap<string, Consumer> = await loadMembers<Consumer>(import.meta.dirname)
