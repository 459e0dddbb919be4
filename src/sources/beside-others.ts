/** Owns what is odd about a record only beside the others of its file, or beside the clock. */
import type { Facts } from '../domain/candidate.ts'
import type { WarningCode } from '../domain/import-problems.ts'
import { createSeen, type Hash } from '../domain/seen.ts'
import { hashTexts } from '../text-hash.ts'
import { markOrText } from './long-texts.ts'

/** So many records are remembered: some 50 MB. */
const MOST = 1_000_000

/** Shown every record of a file in order, adds what it finds. `now`: ISO 8601; without it the future is unknown. */
export function createComparison(now: string | undefined): (facts: Facts, warnings: WarningCode[]) => void {
  const ids = createNamesakes()
  const contents = createNamesakes()
  const tomorrow = now && new Date(Date.parse(now) + DAY_MS).toISOString()
  let records = 0
  return (facts, warnings) => {
    const { id, timestamp } = facts
    // Both begin with the year; a time zone makes a difference of less than a day.
    if (tomorrow && timestamp && isLater(timestamp, tomorrow)) warnings.push('TIMESTAMP_FUTURE')
    if (++records > MOST) return
    const itself = hashTexts([id])
    const asRead = plain(id)
    const content = contentOf(facts)
    push(warnings, 'ID_NORMALISATION_COLLISION', ids(asRead === id ? itself : hashTexts([asRead]), itself[0]))
    if (content) push(warnings, 'SAME_CONTENT', contents(content, itself[0]))
  }
}

const DAY_MS = 24 * 60 * 60 * 1000

function isLater(timestamp: string, moment: string): boolean {
  return timestamp.slice(0, 10) > moment.slice(0, 10) && /^\d{4}-/.test(timestamp)
}

/** Once for each record that has a namesake: the first two are found together. */
function push(warnings: WarningCode[], code: WarningCode, times: number): void {
  for (let time = 0; time < times; time++) warnings.push(code)
}

/** How many records are newly known to share a key with one of another id: none, this one, or the first one too. */
function createNamesakes(): (key: Hash, id: number) => 0 | 1 | 2 {
  const first = createSeen()
  const told = createSeen()
  return (key, id) => {
    const earlier = first.firstLine(key, id)
    if (earlier === 0 || earlier === id) return 0
    return told.firstLine(key, id) === 0 ? 2 : 1
  }
}

/** As somebody reads it: é is one character however it is made, and capitals are letters. */
function plain(id: string): string {
  return (/[^\x20-\x7e]/.test(id) ? id.normalize('NFC') : id).toLowerCase()
}

/** Of model, prompt and answer together, however they are spelled; null where there is more in them than text. */
function contentOf({ model_id, model_name, prompt_messages, model_response }: Facts): Hash | null {
  const texts = [model_id ?? '', model_name ?? '', markOrText(model_response)]
  for (const { role, content } of prompt_messages) {
    if (typeof content !== 'string') return null
    texts.push(role, markOrText(content))
  }
  return hashTexts(texts)
}
