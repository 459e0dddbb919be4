/** Owns the column types of every table. Blobs are bytes, booleans are 0 or 1, times are ISO 8601 in UTC. */
import type { Generated } from 'kysely'
import type { Status } from '../domain/candidate.ts'
import type { Beginning, DecisionKind } from '../domain/decision.ts'
import type { ContainerName, PairFault } from '../domain/example.ts'
import type { FailureCategory } from '../domain/failure-category.ts'
import type { LineCounts } from '../domain/import-report.ts'
import type { Packing } from './payloads.ts'

/** `running` is also what a killed import leaves behind. */
export type ImportState = 'running' | 'finished' | 'cancelled' | 'interrupted' | 'failed'

export type Tables = {
  /** One row per benchmark run; `directory` is only its label. */
  runs: { run_id: string; directory: string | null; imported_at: string }
  /** Every directory from which a run was read; it can be asked for by each of their names. */
  run_directories: { run_id: string; directory: string }
  /** What lists, filters and rules need. `seq` is the import order. */
  candidates: {
    seq: Generated<number>
    id: string
    /** By which it is found; see `id-key.ts`. */
    id_key: Uint8Array
    run_id: string
    status: Status
    corrected_response: string | null
    failure_category: FailureCategory | null
    version: number
    decided_elsewhere: number
    /** 1 when the prompt can become an example; see `promptFault`. */
    teachable: number
    model_name: string | null
    task_type: string | null
    task_name: string | null
    quality_score: number | null
    /** Of the decision that stands; null while it waits, and for one decided elsewhere. */
    decided_at: string | null
    /** Where the record's own bytes lie. */
    block_seq: number
    block_start: number
    block_length: number
  }
  /** Kept apart, so that scans of candidates stay small; see `payloads.ts`. */
  payload_blocks: {
    seq: number
    packing: Packing
    bytes: Uint8Array
    /** Of the bytes; null where they were written without one. */
    crc32: number | null
  }
  /** Append-only: a candidate's standing is the fold of its rows. */
  decisions: {
    seq: Generated<number>
    decision_id: string
    candidate_seq: number
    version: number
    action: DecisionKind
    corrected_response: string | null
    failure_category: FailureCategory | null
    reviewer: string
    decided_at: string
    /** sha256 of the request, so that the same id with another body is told apart. */
    request_sha256: Uint8Array
    active_seconds: number | null
    began_from: Beginning | null
  }
  /** The newest row that is neither used up nor set aside is the draft; the others are texts that must not be lost. */
  drafts: {
    seq: Generated<number>
    candidate_seq: number
    text: string
    failure_category: FailureCategory | null
    revision: number
    reviewer: string
    saved_at: string
    /** 1 once a correction was submitted in its place: no draft any more, and never deleted. */
    consumed: number
    /** 1 for a text that was written without knowledge of the draft and refused: kept beside it. */
    aside: number
    /** The tab it was typed in: what it types on replaces the row. */
    writer: string | null
    began_from: Beginning | null
  }
  /** Totals, kept in the transaction that changes them. Empty text stands for null, which no key can hold. */
  counters: {
    run_id: string
    model_name: string
    task_type: string
    failure_category: FailureCategory | ''
    status: Status
    /** 1 when an export writes it. */
    export_ready: number
    n: number
  }
  imports: {
    seq: Generated<number>
    source: string
    reviewer: string
    started_at: string
    /** Null while it runs, and for ever when it was killed. */
    finished_at: string | null
    state: ImportState
    /** Why it stopped, in words. */
    trouble: string | null
    /** The last sign of life: what says "running" and gave none for a while was killed. */
    seen_at: string | null
    /** Bytes of all the files that it will read; null while they are counted. */
    size: number | null
    /** JSON, see `Ignored`. */
    ignored: string
  }
  import_files: {
    seq: Generated<number>
    import_seq: number
    path: string
    directory: string
    lines: number
    imported: number
    duplicate: number
    conflict: number
    rejected: number
    skipped: number
    blank: number
    /** Bytes of the file when it was opened, and how many of them were read. */
    size: number
    bytes_read: number
    /** JSON: how often each warning came up. */
    warnings: string
    refused_code: string | null
    refused_reason: string | null
    /** What judged its lines: read by another one, even an unchanged file is read anew. */
    reader: string
    /** The first of the rows whose problems are this file's too: it went on where that one ended. Null: itself. */
    first_seq: number | null
    /** Up to the last whole line that was taken: bytes, lines, and the CRC-32 of those bytes. */
    taken_bytes: number
    taken_lines: number
    taken_crc32: number | null
    /** What became of a last line without its end, which stands behind those; null when there is none. */
    tail: keyof LineCounts | null
    /** Of the whole file; null until it was read to its end. */
    whole_crc32: number | null
  }
  /** Rejected and conflicting lines with their bytes. */
  import_problems: {
    seq: Generated<number>
    import_file_seq: number
    kind: 'rejected' | 'conflict'
    line: number
    code: string
    reason: string
    raw: Uint8Array | null
  }
  settings: { key: string; value: string }
  /**
   * What an export must know of every decided candidate without reading its text. Made from the other tables and
   * kept in step with them; what is missing is made again, see `workflow/export-index`.
   */
  example_index: {
    candidate_seq: number
    status: Status
    run_id: string
    model_name: string | null
    task_type: string | null
    failure_category: FailureCategory | null
    decided_elsewhere: number
    /** These three are null for what was decided before it was imported. */
    reviewer: string | null
    decided_at: string | null
    decision_seq: number | null
    /** Of the record and the correction: how much memory reading them takes. */
    bytes: number
    /** 64 bits of the prompt's hash, and 32 of the correction's. */
    prompt_high: number
    prompt_low: number
    answer_hash: number
    /** Why no line can be made of it, or of its two answers as a pair; null when it can. */
    fault: 'no_correction' | 'empty_prompt' | 'prompt_not_text' | null
    pair_fault: PairFault | null
    /** JSON: the codes of the checks that it breaks. */
    verdicts: string
    /** 1 when one of them is an error to some consumer. */
    suspect: number
  }
  /** The ledger: exports that came to their end. */
  exports: {
    seq: Generated<number>
    format: string
    container: ContainerName
    /** JSON: the filters and choices, in the words of the API. */
    query: string
    examples: number
    lines: number
    left_out: number
    bytes: number
    sha256: string
    /** Where the command line wrote it; null for a download and for stdout. */
    file: string | null
    reviewer: string
    finished_at: string
  }
}
