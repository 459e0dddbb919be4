/** Owns what a run's directory name says: cf-orch names it after the moment the benchmark began. */

const DIRECTORY_TIME = /^(\d{4})-(\d{2})-(\d{2})[-_T](\d{2})[-:]?(\d{2})[-:]?(\d{2})$/

/** `2026-04-07-143022` → `2026-04-07T14:30:22` (the harness's local time, so without a zone); null where it does not parse. */
export function timestampOfDirectory(directory: string | null): string | null {
  const match = directory === null ? null : DIRECTORY_TIME.exec(directory)
  if (!match) return null
  const [, year, month, day, hour, minute, second] = match
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const moment = Date.parse(`${iso}Z`)
  // February 30 parses, as March 2.
  const exists = !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(iso)
  return exists ? iso : null
}

type Dated = { timestamp: string | null; directory: string | null; run_id: string }

/** Newest first; runs whose directory tells no time come last; ties by name. */
export function newestRunFirst(a: Dated, b: Dated): number {
  if (a.timestamp !== b.timestamp) {
    if (a.timestamp === null) return 1
    if (b.timestamp === null) return -1
    return a.timestamp < b.timestamp ? 1 : -1
  }
  return compareText(a.directory ?? a.run_id, b.directory ?? b.run_id) || compareText(a.run_id, b.run_id)
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
