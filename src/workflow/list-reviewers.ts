/** Owns the list of reviewers from which an export is narrowed. */
import { listReviewers } from '../store/reviewers.ts'
import type { Deps } from './deps.ts'
import { fillIndex } from './export-index.ts'

export async function readReviewers(deps: Deps): Promise<string[]> {
  await fillIndex(deps)
  return listReviewers(deps.store.db)
}
