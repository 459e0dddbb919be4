/** Owns the one error that Avocet throws on purpose: a code that programs read, a sentence that people read. */

export type ErrorCode =
  | 'invalid_request'
  | 'invalid_json'
  | 'not_json'
  | 'body_too_large'
  | 'forbidden_host'
  | 'forbidden_origin'
  | 'outside_roots'
  | 'not_found'
  | 'unwritable'
  | 'not_in_review'
  | 'decided_elsewhere'
  | 'stale_version'
  | 'stale_draft'
  | 'nothing_to_undo'
  | 'correction_blank'
  | 'correction_unreadable'
  | 'decision_id_reused'
  | 'stopped'
  | 'invalid_examples'
  | 'invalid_file'
  | 'conflicting_corrections'
  | 'store_busy'
  | 'store_full'
  | 'store_unusable'
  | 'internal'

export class AvocetError extends Error {
  readonly code: ErrorCode
  /** More for the caller, sent beside the message: the current candidate of a conflict, the fields of bad input. */
  readonly details: Record<string, unknown>

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message)
    this.name = 'AvocetError'
    this.code = code
    this.details = details
  }
}
