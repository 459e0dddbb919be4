/** Owns text that is typed and not submitted: kept until a correction uses it up, and no text is ever overwritten by another. */
import type { Selectable } from 'kysely'
import { type Beginning, isBlank } from '../domain/decision.ts'
import type { FailureCategory } from '../domain/failure-category.ts'
import type { Reading, Writing } from './open.ts'
import type { Tables } from './tables.ts'

export type DraftText = {
  text: string
  failure_category: FailureCategory | null
  began_from: Beginning | null
}
export type Draft = DraftText & { revision: number; reviewer: string; saved_at: string }
/** `writer` names the tab; null for what no tab typed. */
export type Author = { reviewer: string; writer: string | null; now: string }
type DraftRow = Selectable<Tables['drafts']>

export async function findDraft(db: Reading, candidateSeq: number): Promise<Draft | null> {
  const row = await current(db, candidateSeq)
  return row ? toDraft(row) : null
}

/** The drafts of one page of the queue, by the candidate's number. */
export async function findDrafts(db: Reading, candidateSeqs: number[]): Promise<Map<number, Draft>> {
  if (candidateSeqs.length === 0) return new Map()
  const rows = await standing(db).where('candidate_seq', 'in', candidateSeqs).orderBy('seq').execute()
  return new Map(rows.map((row) => [row.candidate_seq, toDraft(row)]))
}

/** Every text but the draft itself: used up, replaced or refused. Newest first, none of them blank or told twice. */
export async function listEarlierDrafts(db: Reading, candidateSeq: number): Promise<Draft[]> {
  const draft = await current(db, candidateSeq)
  const rows = await db
    .selectFrom('drafts')
    .selectAll()
    .where('candidate_seq', '=', candidateSeq)
    .orderBy('seq', 'desc')
    .execute()
  const told = new Set([draft?.text])
  return rows.filter(({ text }) => !isBlank(text) && !told.has(text) && told.add(text)).map(toDraft)
}

/**
 * The next moment of the same sentence: replaces what the same tab wrote, and comes on top of what anybody else wrote.
 * A text that builds on another revision than `base` is set aside, and the draft in its way is returned.
 */
export async function saveDraft(
  trx: Writing,
  candidateSeq: number,
  draft: DraftText,
  author: Author,
  base?: number,
): Promise<{ revision: number } | { inTheWay: Draft }> {
  const row = await current(trx, candidateSeq)
  if (!row) return { revision: await insert(trx, candidateSeq, draft, author) }
  if (isSame(row, draft)) return { revision: row.revision }
  const isOwn = row.writer === author.writer && row.reviewer === author.reviewer
  if (!isOwn && base !== undefined && base !== row.revision) {
    await setAside(trx, candidateSeq, draft, author)
    return { inTheWay: toDraft(row) }
  }
  // Who empties the field has not thrown the text away: it stays among the earlier ones.
  if (!isOwn || (isBlank(draft.text) && !isBlank(row.text))) {
    return { revision: await insert(trx, candidateSeq, draft, author) }
  }
  const revision = await nextRevision(trx, candidateSeq)
  await trx
    .updateTable('drafts')
    .set({ ...draft, revision, saved_at: author.now })
    .where('seq', '=', row.seq)
    .execute()
  return { revision }
}

/** A text that nobody types at the moment, of an undo: becomes the draft, and the earlier one stays beneath it. */
export async function addDraft(
  trx: Writing,
  candidateSeq: number,
  draft: DraftText,
  author: Author,
): Promise<void> {
  const row = await current(trx, candidateSeq)
  if (!row || !isSame(row, draft)) await insert(trx, candidateSeq, draft, author)
}

/** The text of a refused submit: the draft where there is none, otherwise beside it. */
export async function keepText(
  trx: Writing,
  candidateSeq: number,
  draft: DraftText,
  author: Author,
): Promise<void> {
  const row = await current(trx, candidateSeq)
  if (!row) await insert(trx, candidateSeq, draft, author)
  else if (!isSame(row, draft)) await setAside(trx, candidateSeq, draft, author)
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

function standing(db: Reading) {
  return db.selectFrom('drafts').selectAll().where('consumed', '=', 0).where('aside', '=', 0)
}

async function current(db: Reading, candidateSeq: number): Promise<DraftRow | undefined> {
  return standing(db)
    .where('candidate_seq', '=', candidateSeq)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
}

async function setAside(trx: Writing, candidateSeq: number, draft: DraftText, author: Author): Promise<void> {
  const told = await trx
    .selectFrom('drafts')
    .select('seq')
    .where('candidate_seq', '=', candidateSeq)
    .where('aside', '=', 1)
    .where('text', '=', draft.text)
    .executeTakeFirst()
  if (!told) await insert(trx, candidateSeq, draft, author, 1)
}

async function insert(
  trx: Writing,
  candidateSeq: number,
  draft: DraftText,
  { now, ...by }: Author,
  aside = 0,
): Promise<number> {
  // What is set aside leaves the draft and its number as they are.
  const revision = aside === 1 ? 0 : await nextRevision(trx, candidateSeq)
  await trx
    .insertInto('drafts')
    .values({ ...draft, ...by, candidate_seq: candidateSeq, revision, saved_at: now, consumed: 0, aside })
    .execute()
  return revision
}

/** Also above what is used up, so that a number never comes again with another text. */
async function nextRevision(trx: Writing, candidateSeq: number): Promise<number> {
  const { last } = await trx
    .selectFrom('drafts')
    .select((eb) => eb.fn.max('revision').as('last'))
    .where('candidate_seq', '=', candidateSeq)
    .executeTakeFirstOrThrow()
  return (last ?? 0) + 1
}

function isSame(row: DraftRow, draft: DraftText): boolean {
  return row.text === draft.text && row.failure_category === draft.failure_category
}

function toDraft({ text, failure_category, began_from, revision, reviewer, saved_at }: DraftRow): Draft {
  return { text, failure_category, began_from, revision, reviewer, saved_at }
}
