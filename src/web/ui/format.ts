/** Owns how numbers, moments and sizes are written. */

const numbers = new Intl.NumberFormat('en')
const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
const times = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' })

export function number(n: number): string {
  return numbers.format(n)
}

/** In the reader's time zone; a moment without a zone is taken as it stands. What is no moment stays as it came. */
export function moment(iso: string | null): string {
  if (iso === null) return ''
  const date = new Date(iso)
  return Number.isNaN(date.getTime()) ? iso : moments.format(date)
}

/** Within a sentence: "at 10:42" today, "on 7 Apr 2026, 10:42" otherwise. */
export function pointInTime(iso: string): string {
  const date = new Date(iso)
  if (date.toDateString() !== new Date().toDateString()) return `on ${moment(iso)}`
  return `at ${times.format(date)}`
}

/** `plural(1, 'line')` → "1 line"; `plural(2, 'line')` → "2 lines". */
export function plural(n: number, word: string, words = `${word}s`): string {
  return `${number(n)} ${n === 1 ? word : words}`
}

/** "a", "a and b", "a, b and c". */
export function listed(parts: string[], last = 'and'): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1)}`
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB']

export function size(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1000)))
  const value = bytes / 1000 ** power
  return `${value >= 10 || power === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`
}

/** The last two names of a path: enough to know a run's file by. */
export function shortPath(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).slice(-2).join('/')
}

/** Long enough to tell ids apart, short enough to be read. */
export function shortId(id: string): string {
  return id.length > 18 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id
}

/** For a model or a task type that the record does not name. */
export const NOT_NAMED = 'not named'
