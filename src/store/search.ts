/** Owns the full-text index: it follows the candidates a little behind, so that an import never waits for it. */
import { readFacts, readRecords } from './candidates.ts'
import type { SearchWord } from './dialect.ts'
import { type Reading, type Store, write } from './open.ts'
import { getSetting, setSetting } from './settings.ts'

/** One transaction indexes this many: some 10 ms, so that reviewers beside it never wait longer. */
const AT_ONCE = 60
/** A record's text beyond this is not searched; PostgreSQL refuses more than 1 MB of distinct words. */
const MAX_TEXT = 200_000
const MAX_WORDS = 10

/** Scripts that write no spaces between words: each character is a word of its own, and a word a phrase of them. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu

const NOT_WORDS = /[^\p{L}\p{N}\p{M}]+/gu

/** Indexes the next few candidates; false when none was left. */
export async function indexSome(store: Store): Promise<boolean> {
  return write(store, async (trx) => {
    const rows = await readRecords(trx, await knownUpTo(trx), AT_ONCE)
    const last = rows.at(-1)
    if (!last) return false
    const texts = rows.map(({ seq, raw }) => ({ seq, text: searchText(raw) }))
    await store.search.insert(trx, texts)
    await setSetting(trx, 'search_knows_up_to', String(last.seq))
    return true
  })
}

/** How many candidates the search does not know yet. */
export async function countUnindexed(db: Reading): Promise<number> {
  const { n } = await db
    .selectFrom('candidates')
    .select(db.fn.countAll<number>().as('n'))
    .where('seq', '>', await knownUpTo(db))
    .executeTakeFirstOrThrow()
  return n
}

/** The words that people typed; empty when there is none to look for. The last may be unfinished. */
export function searchWords(typed: string): SearchWord[] {
  return typed
    .slice(0, 500)
    .split(NOT_WORDS)
    .map((word) =>
      plainWords(word)
        .split(' ')
        .filter((part) => part !== ''),
    )
    .filter((parts) => parts.length > 0)
    .slice(0, MAX_WORDS)
    .map((parts) => ({ parts, isPrefix: parts.length === 1 }))
}

async function knownUpTo(db: Reading): Promise<number> {
  return Number(await getSetting(db, 'search_knows_up_to'))
}

function searchText(bytes: Uint8Array): string {
  const facts = readFacts(bytes)
  const prompt = facts.prompt_messages.map(({ content }) =>
    typeof content === 'string' ? content : JSON.stringify(content ?? ''),
  )
  const { id, task_name, task_type, model_name, failure_reason, model_response } = facts
  const text = [id, task_name, task_type, model_name, failure_reason, ...prompt, model_response].join('\n')
  return plainWords(text.slice(0, MAX_TEXT))
}

/** Words alone, small and without accents, so that both engines find the same ones whatever their parsers think. */
function plainWords(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(NOT_WORDS, ' ')
    .replace(UNSPACED, ' $& ')
    .toLowerCase()
}
