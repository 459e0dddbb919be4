/** Owns the one shape of an error: RFC 9457 problem details, and which status each code gets. */
import { AvocetError, type ErrorCode } from '../domain/error.ts'
import { type Store, storeError } from '../store/open.ts'

type Kind = { status: number; title: string }

const KINDS: Record<ErrorCode, Kind> = {
  invalid_request: { status: 422, title: 'The request is not valid' },
  invalid_json: { status: 400, title: 'The body is not JSON' },
  not_json: { status: 415, title: 'The body must be JSON' },
  body_too_large: { status: 413, title: 'The body is too large' },
  forbidden_host: { status: 403, title: 'Foreign host' },
  forbidden_origin: { status: 403, title: 'Foreign origin' },
  outside_roots: { status: 403, title: 'Outside the allowed directories' },
  not_found: { status: 404, title: 'Not found' },
  unwritable: { status: 500, title: 'The file cannot be written' },
  not_in_review: { status: 409, title: 'Already decided' },
  decided_elsewhere: { status: 409, title: 'Decided before the import' },
  stale_version: { status: 409, title: 'Changed meanwhile' },
  stale_draft: { status: 409, title: 'The draft changed meanwhile' },
  nothing_to_undo: { status: 409, title: 'Nothing to undo' },
  correction_blank: { status: 422, title: 'The correction is blank' },
  correction_unreadable: { status: 422, title: 'The text cannot be stored as it is' },
  decision_id_reused: { status: 422, title: 'The decision_id belongs to another decision' },
  stopped: { status: 503, title: 'Stopped before the end' },
  invalid_examples: { status: 422, title: 'A trainer would refuse it' },
  invalid_file: { status: 422, title: 'A trainer would refuse it' },
  conflicting_corrections: { status: 422, title: 'One prompt, different corrections' },
  store_busy: { status: 503, title: 'The database is busy' },
  store_full: { status: 507, title: 'The disk is full' },
  store_unusable: { status: 503, title: 'The database cannot be used' },
  internal: { status: 500, title: 'Something went wrong in Avocet' },
}

/** Trouble of the store is told in words. What else is no AvocetError is a fault of ours: its text goes to `log`, never to the caller. */
export function toProblem(thrown: unknown, log: (message: string) => void, store?: Store): Response {
  const error = store ? storeError(store, thrown) : thrown
  const known = error instanceof AvocetError ? error : hideInternals(error, log)
  const { status, title } = KINDS[known.code]
  const body = {
    type: 'about:blank',
    title,
    status,
    detail: known.message,
    code: known.code,
    ...known.details,
  }
  const headers = { 'Content-Type': 'application/problem+json; charset=utf-8', 'Cache-Control': 'no-store' }
  return new Response(JSON.stringify(body), { status, headers })
}

function hideInternals(error: unknown, log: (message: string) => void): AvocetError {
  log(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return new AvocetError('internal', 'Nothing more is known here; the log of the server says what happened.')
}
