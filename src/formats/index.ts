/** Owns the list of formats: every file of this folder that default-exports one. */
import { loadMembers } from '../load-members.ts'
import type { Format } from './format.ts'

export const formats: ReadonlyMap<string, Format> = await loadMembers<Format>(import.meta.dirname)
