/** Owns text that is typed and not submitted: kept until a correction uses it up, never overwritten by somebody else's. */
import type { Selectable } from 'kysely'
import type { FailureCategory } from '../domain/failure-category.ts'
import type { Reading, Writing } from './open.ts'
import type { Tables } from './tables.ts'

export type DraftText = { text: string; failure_category: FailureCategory | null }
export type Draft = DraftText & { revision: number; saved_at: string }
type Author = { reviewer: string; now: string }

export async function findDraft(db: Reading, candidateSeq: number): Promise<Draft | null> {
  const row = await newest(db, candidateSeq)
  return row ? toDraft(row) : null
}

/** The drafts of one page of the queue, by the candidate's number. */
export async function findDrafts(db: Reading, candidateSeqs: number[]): Promise<Map<number, Draft>> {
  if (candidateSeqs.length === 0) return new Map()
  const rows = await db
    .selectFrom('drafts')
    .selectAll()
    .where('candidate_seq', 'in', candidateSeqs)
    .where('consumed', '=', 0)
    .orderBy('seq')
    .execute()
  return new Map(rows.map((row) => [row.candidate_seq, toDraft(row)]))
}

/** The next moment of the same sentence: replaces the reviewer's own draft. Returns the revision. */
export async function saveDraft(
  trx: Writing,
  candidateSeq: number,
  draft: DraftText,
  author: Author,
): Promise<number> {
  const row = await newest(trx, candidateSeq)
  if (!row || row.reviewer !== author.reviewer) return addDraft(trx, candidateSeq, draft, author)
  const revision = row.revision + 1
  await trx
    .updateTable('drafts')
    .set({ ...draft, revision, saved_at: author.now })
    .where('seq', '=', row.seq)
    .execute()
  return revision
}

/** A text of its own (of a refused submit, of an undo): becomes the draft, and the earlier one stays beneath it. */
export async function addDraft(
  trx: Writing,
  candidateSeq: number,
  draft: DraftText,
  author: Author,
): Promise<number> {
  const row = await newest(trx, candidateSeq)
  if (row && row.text === draft.text && row.failure_category === draft.failure_category) return row.revision
  const revision = (row?.revision ?? 0) + 1
  await trx
    .insertInto('drafts')
    .values({
      ...draft,
      candidate_seq: candidateSeq,
      revision,
      reviewer: author.reviewer,
      saved_at: author.now,
      consumed: 0,
    })
    .execute()
  return revision
}

/** A submitted correction takes the place of the draft. The text stays in the table: it may be somebody else's. */
export async function consumeDraft(trx: Writing, candidateSeq: number): Promise<void> {
  await trx
    .updateTable('drafts')
    .set({ consumed: 1 })
    .where('candidate_seq', '=', candidateSeq)
    .where('consumed', '=', 0)
    .execute()
}

async function newest(db: Reading, candidateSeq: number): Promise<Selectable<Tables['drafts']> | undefined> {
  return db
    .selectFrom('drafts')
    .selectAll()
    .where('candidate_seq', '=', candidateSeq)
    .where('consumed', '=', 0)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
}

function toDraft(row: Selectable<Tables['drafts']>): Draft {
  const { text, failure_category, revision, saved_at } = row
  return { text, failure_category, revision, saved_at }
}
