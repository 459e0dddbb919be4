/** Owns what an import, its counts and its codes are called, in words. An unknown code is shown as it is. */
import type { ImportSummary } from '../../contract.ts'
import type { FileCode, LineCode } from '../../domain/import-problems.ts'
import { number, plural, shortPath, size } from '../ui/format.ts'

/** What is wrong with the lines of a group; each says itself what exactly. */
const LINE_TITLES: Record<LineCode, string> = {
  LINE_TOO_LONG: 'Too long a line',
  INVALID_UTF8: 'Not UTF-8',
  TRUNCATED_LAST_LINE: 'The last line is cut off',
  JSON_SYNTAX: 'Not JSON',
  JSON_NONFINITE: 'NaN or Infinity where a number belongs',
  TRAILING_DATA: 'More than one object on a line',
  CONTROL_CHAR: 'A control character inside a text',
  TOO_DEEP: 'Nested too deeply',
  TOO_MANY_NODES: 'Too many values in one record',
  DUPLICATE_KEY_CONFLICT: 'One field with two values',
  NOT_OBJECT: 'Not a record',
  ID_MISSING: 'Without an id',
  ID_TYPE: 'The id is not text',
  ID_TOO_LONG: 'The id is too long',
  FIELD_MISSING: 'A field is missing',
  FIELD_TYPE: 'A field of the wrong kind',
  CONTENT_PARTS_UNSUPPORTED: 'The answer is not one text',
  NUMBER_OVERFLOW: 'A number too large to be kept',
  ID_CONFLICT: 'A known id with other content',
}

const FILE_TITLES: Partial<Record<FileCode, string>> = {
  CHANGED_DURING_IMPORT: 'changed while it was read',
  ARCHIVE_DAMAGED: 'was read as far as it could be',
  ENOSPC: 'was not taken to its end',
  EDQUOT: 'was not taken to its end',
}

export function lineTitle(code: string): string {
  return (LINE_TITLES as Record<string, string>)[code] ?? code
}

/** After the name of the file. */
export function fileTitle(code: string): string {
  return (FILE_TITLES as Record<string, string>)[code] ?? 'could not be read'
}

/** How each count of a report is named, in the order in which it is read. */
export const COUNT_WORDS = [
  { key: 'lines', label: 'lines read', explain: 'The sum of all the others.' },
  { key: 'imported', label: 'imported', explain: 'New cards.' },
  { key: 'duplicate', label: 'known already', explain: 'The same id with the same content: nothing to do.' },
  {
    key: 'conflict',
    label: 'in conflict',
    explain: 'A known id with other content: the first one was kept.',
  },
  { key: 'rejected', label: 'rejected', explain: 'Lines that could not be taken.' },
  { key: 'skipped', label: 'skipped', explain: 'Understood, and not a wrong answer.' },
  { key: 'blank', label: 'blank', explain: 'Empty lines.' },
] as const

/** "48 new cards, 1 duplicate, 4 lines rejected of 53 lines." */
export function yieldOf({ totals }: Pick<ImportSummary, 'totals'>): string {
  if (totals.lines === 0) return 'No line was read.'
  const parts = [
    plural(totals.imported, 'new card'),
    totals.duplicate > 0 && plural(totals.duplicate, 'duplicate'),
    totals.conflict > 0 && plural(totals.conflict, 'conflict'),
    totals.rejected > 0 && `${plural(totals.rejected, 'line')} rejected`,
    totals.skipped > 0 && `${number(totals.skipped)} skipped`,
    totals.blank > 0 && `${number(totals.blank)} blank`,
  ]
  return `${parts.filter(Boolean).join(', ')} of ${plural(totals.lines, 'line')}.`
}

/** What becomes of an import that did not come to its end; null for one that did, or still may. */
export function endOf({ state, trouble, totals }: ImportSummary): string | null {
  const kept = `${plural(totals.imported, 'card')} imported before ${totals.imported === 1 ? 'is' : 'are'} kept`
  if (state === 'cancelled') return `It was cancelled. ${kept}; import it again to go on from there.`
  if (state === 'interrupted')
    return `It was interrupted before its end. ${kept}; import it again to go on from there.`
  return state === 'failed' ? `It failed: ${trouble ?? 'nobody knows why.'} ${kept}.` : null
}

/** "Importing: 1.2 MB of 4.0 MB, 5,000 lines, 12,000 lines/s, 20 s left." */
export function progressOf(summary: ImportSummary): string {
  if (summary.state === 'waiting') return 'Waits until the import before it is done.'
  const { bytes_read, size: bytes, totals, lines_per_second: speed, seconds_left: left } = summary
  if (bytes === 0) return 'Importing…'
  const parts = [
    `${size(bytes_read)} of ${size(bytes)}`,
    plural(totals.lines, 'line'),
    speed !== null && `${number(Math.round(speed))} lines/s`,
    left !== null && `${duration(left)} left`,
  ]
  return `Importing: ${parts.filter(Boolean).join(', ')}`
}

const MINUTE = 60
const HOUR = 3600

/** As exactly as anybody wants to know: "8 s", "3 min", "2 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < MINUTE) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / MINUTE)
  if (seconds < HOUR) return `${minutes} min`
  return `${Math.floor(minutes / MINUTE)} h ${minutes % MINUTE} min`
}

const UPLOAD = 'upload:'

/** A file that was sent by the page lies nowhere any more: its path is the name it had. */
export function isUpload(path: string): boolean {
  return path.startsWith(UPLOAD)
}

export function wholePath(path: string): string {
  return isUpload(path) ? path.slice(UPLOAD.length) : path
}

export function placeOf(path: string): string {
  return shortPath(wholePath(path))
}

/** `called`: as it was started in this tab. While it waits, its files are not known yet. */
export function titleOf({ import_id, paths }: ImportSummary, called?: string): string {
  if (called !== undefined) return `Import of ${called}`
  const more = paths.length > 1 ? ` and ${number(paths.length - 1)} more` : ''
  return paths[0] === undefined ? `Import ${import_id}` : `Import of ${placeOf(paths[0])}${more}`
}

/** The one path that brings all of these again; null when they have nothing in common. */
export function commonPath(paths: string[]): string | null {
  const [first = '', ...rest] = paths
  if (rest.length === 0) return first === '' ? null : first
  const parts = first.split('/')
  const differs = parts.findIndex((part, index) => rest.some((path) => path.split('/')[index] !== part))
  return parts.slice(0, differs).join('/') || null
}
