/** Owns the list of sources: every file of this folder that default-exports one. */
import { loadMembers } from '../load-members.ts'
import type { Source } from './source.ts'

export const sources: ReadonlyMap<string, Source> = await loadMembers<Source>(import.meta.dirname)
