/** Owns how a long list is cut into what one statement takes. */

/** SQLite takes 32 766 parameters, PostgreSQL 65 535; no row of ours has as many as thirty. */
const ROWS_AT_ONCE = 1000

/** In their order; none of an empty list. */
export function* portionsOf<T>(rows: readonly T[]): Generator<T[]> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    yield rows.slice(start, start + ROWS_AT_ONCE)
}
