/** Owns who decided: the names behind the decisions that stand. */
import type { Reading } from './open.ts'

/** In the order of their letters. Whoever decided before an import has no name here. */
export async function listReviewers(db: Reading): Promise<string[]> {
  const rows = await db
    .selectFrom('example_index')
    .select('reviewer')
    .distinct()
    .where('reviewer', 'is not', null)
    .$narrowType<{ reviewer: string }>()
    .execute()
  return rows.map(({ reviewer }) => reviewer).sort()
}
