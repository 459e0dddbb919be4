/**
 * Owns the whole HTTP API: method, path, input and output of every endpoint.
 * The server validates with it, OpenAPI is made from it, the page takes its types from it.
 *
 * Conventions: JSON in and out, UTF-8. Times are ISO 8601. `null` is written, never left out.
 * Every error is `application/problem+json` (RFC 9457): `{ type, title, status, detail, code }`.
 * Paths and shapes under `/api/sft` are those of the original Avocet, with more fields.
 */
import { z } from 'zod'
import { STATUSES } from './domain/candidate.ts'
import { ACTIONS, BEGINNINGS, isStorable } from './domain/decision.ts'
import { CONFLICT_RULES, CONTAINER_NAMES } from './domain/example.ts'
import { FAILURE_CATEGORIES } from './domain/failure-category.ts'

const count = z.int().nonnegative()
const text = z.string()
const nullableText = z.string().nullable()
const nullableNumber = z.number().nullable()
const many = z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(text))

/** null and left out mean the same. */
function orAbsent<T>(value: T | null | undefined): T | undefined {
  return value ?? undefined
}

export const Status = z.enum(STATUSES)
export const FailureCategory = z.enum(FAILURE_CATEGORIES)

/** One wrong answer with its status. Keys that the source had and we do not know come along. */
export const SftQueueItem = z.looseObject({
  id: text,
  source: nullableText,
  benchmark_run_id: nullableText,
  /** `benchmark_run_id`, or the run directory's name where the record has none. */
  run_id: text,
  timestamp: nullableText,
  status: Status,
  /** `content` is text, except for multimodal or tool messages. */
  prompt_messages: z.array(z.looseObject({ role: text, content: z.unknown() })),
  model_response: text,
  /** null means "needs a human". */
  corrected_response: nullableText,
  /** 0 to 1 by convention. */
  quality_score: nullableNumber,
  failure_reason: nullableText,
  failure_category: FailureCategory.nullable(),
  task_id: nullableText,
  task_type: nullableText,
  task_name: nullableText,
  model_id: nullableText,
  model_name: nullableText,
  node_id: nullableText,
  gpu_id: nullableNumber,
  /** Tokens per second. */
  tokens_per_sec: nullableNumber,
  /** True when the record came in already decided; it can be neither decided nor undone here. */
  decided_elsewhere: z.boolean(),
  /** Counts the decisions on this candidate, from 0. */
  version: count,
})

const shortName = z.string().min(1).max(200).refine(isStorable, 'must be whole characters')

/** What the text was written from. "reference": an answer that the record brought along. */
export const Beginning = z.enum(BEGINNINGS)

export const Decision = z.object({
  decision_id: text,
  action: z.enum([...ACTIONS, 'undo']),
  corrected_response: nullableText,
  failure_category: FailureCategory.nullable(),
  /** The candidate's version after this decision. */
  version: count,
  reviewer: text,
  decided_at: text,
  /** Seconds that the reviewer was busy with the card before deciding, pauses left out; null where not measured. */
  active_seconds: nullableNumber,
  began_from: Beginning.nullable(),
})

/** Text typed but not submitted. `text` may be empty when only a category was chosen. */
export const Draft = z.object({
  text,
  failure_category: FailureCategory.nullable(),
  began_from: Beginning.nullable(),
  /** Grows with every save of any text of this candidate. */
  revision: count,
  reviewer: text,
  saved_at: text,
})

/** A card of the queue brings its draft along, so that a reload finds the sentence again. */
export const QueueItem = SftQueueItem.extend({ draft: Draft.nullable() })

export const SubmitRequest = z.object({
  id: text,
  action: z.enum(ACTIONS),
  /** Required and not blank for `correct`; stored exactly as typed. */
  corrected_response: nullableText.optional(),
  failure_category: FailureCategory.nullable().optional(),
  /** Made by the caller; the same id again gets the same answer and acts once. */
  decision_id: shortName.nullish().transform(orAbsent),
  /** The version the caller saw; a stale one is refused with 409. */
  version: count.nullish().transform(orAbsent),
  /** Provenance, see `Decision`; a repeat under the same `decision_id` may name other ones. */
  active_seconds: z.number().min(0).max(1_000_000).nullish(),
  began_from: Beginning.nullish(),
})

export const UndoRequest = SubmitRequest.pick({ id: true, decision_id: true, version: true })

export const DecisionAnswer = z.object({
  ok: z.literal(true),
  id: text,
  decision_id: text,
  status: Status,
  version: count,
})

export const Run = z.object({
  run_id: text,
  /** The directory's name, a label; null when the run was not read from one. */
  directory: nullableText,
  /** From the directory's name (local time of the harness); null where it tells none. */
  timestamp: nullableText,
  candidate_count: count,
  already_imported: z.boolean(),
  import_state: z.enum(['none', 'part', 'all']),
  by_status: z.record(Status, count),
  models: z.array(text),
})

export const LineCounts = z.object({
  /** The sum of all the others. */
  lines: count,
  imported: count,
  duplicate: count,
  conflict: count,
  rejected: count,
  skipped: count,
  blank: count,
})

/** One row of a list: what is shown of a candidate without its text. */
export const CandidateRow = SftQueueItem.pick({
  id: true,
  run_id: true,
  status: true,
  failure_category: true,
  decided_elsewhere: true,
  version: true,
  model_name: true,
  task_type: true,
  task_name: true,
  quality_score: true,
})
  .strip()
  .extend({
    /** Of the decision that stands; null while it waits, and for one decided elsewhere. */
    decided_at: nullableText,
  })

/** A decision with the candidate it was made on. */
export const RecentDecision = Decision.omit({ corrected_response: true }).extend({
  id: text,
  task_name: nullableText,
  model_name: nullableText,
  /** True while it is the candidate's last row, so that an undo would take back this one. */
  is_latest: z.boolean(),
})

export const ImportProblem = z.object({ path: text, line: count, code: text, reason: text })

/** A problem with its line and what to do about it. */
export const ShownProblem = ImportProblem.extend({
  /** The line's beginning, 500 characters at the most; bytes that are no text as U+FFFD. null when it was too long to keep. */
  text: nullableText,
  /** True when the line goes on behind `text`. */
  is_cut: z.boolean(),
  /** What to do, in one sentence; null for a code of the system that we know no better about. */
  remedy: nullableText,
})

/**
 * waiting: behind another import of this server. cancelled: what it had committed stays. interrupted: its process
 * was stopped or killed; the same import again goes on where it ended. failed: `trouble` says why.
 */
export const ImportState = z.enum(['waiting', 'running', 'finished', 'cancelled', 'interrupted', 'failed'])

export const ImportSummary = z.object({
  import_id: count,
  source: text,
  reviewer: text,
  started_at: text,
  /** null while it runs, and for ever when it was killed. */
  finished_at: nullableText,
  state: ImportState,
  /** Why it failed or stopped, in words; null when there is nothing to say. */
  trouble: nullableText,
  totals: LineCounts,
  /** Bytes of all the files that it reads; of those met so far while they are still being counted. */
  size: count,
  bytes_read: count,
  /** Since it began; null when it has not. */
  lines_per_second: nullableNumber,
  /** null when it does not run, or cannot be told yet. */
  seconds_left: nullableNumber,
  /** Paths, as they were named. */
  paths: z.array(text),
})

export const WatchState = z.object({
  on: z.boolean(),
  /** The results directory and the paths given at start. */
  paths: z.array(text),
  /** When it last looked; null when it has not. */
  looked_at: nullableText,
  /** The newest import that it made; null when there was nothing new yet. */
  import_id: count.nullable(),
  /** What keeps it from looking, in words; it tries again. */
  trouble: nullableText,
})

export const FileReport = LineCounts.extend({
  path: text,
  /** Set when the file as a whole could not be read. */
  refused: z.object({ code: text, reason: text, remedy: nullableText.optional() }).optional(),
})

export const Stats = z.object({
  total: count,
  by_status: z.record(Status, count),
  /** "unknown" where the record names none. */
  by_model: z.record(text, count),
  by_task_type: z.record(text, count),
  /** Decided candidates; "none" for those without a category. */
  by_failure_category: z.record(text, count),
  /** Approved here, with a correction and a prompt: what an export writes. */
  export_ready: count,
  /** The same candidates, counted by all four at once; null where the record names none. */
  breakdown: z.array(
    z.object({
      model_name: nullableText,
      task_type: nullableText,
      failure_category: FailureCategory.nullable(),
      status: Status,
      n: count,
    }),
  ),
})

/** "2026-04-07" or a whole ISO 8601 moment. */
const moment = text.refine(
  (value) => !Number.isNaN(Date.parse(value)),
  'must be a date or an ISO 8601 moment',
)

/** A code that stops or accompanies an export, how often it came up, and the first candidates that have it. */
export const ExportReason = z.object({
  code: text,
  /** A sentence for people. */
  explain: text,
  count,
  /** The first 20 in import order. */
  ids: z.array(text),
})

/** What a trainer makes of the lines, by its own rules; see the checker. */
export const ConsumerVerdict = z.object({
  name: text,
  title: text,
  /** The version of the consumer whose rules these are: "checked against the rules of …". */
  rules_of: text,
  verdict: z.enum(['passes', 'warnings', 'refused']),
  findings: z.array(ExportReason.extend({ severity: z.enum(['error', 'warning']) })),
})

/** Code that loads a file of this format, with the file's name in it. */
export const Loading = z.object({
  consumer: text,
  /** "TRL, SFTTrainer" */
  title: text,
  /** The file it belongs into, or "shell". */
  file: text,
  language: z.enum(['python', 'yaml', 'json', 'shell']),
  /** "Checked against the rules of TRL 1.13.0." */
  checked: text,
  code: text,
})

export const FormatDescription = z.object({
  name: text,
  title: text,
  explain: text,
  /** The first is the default. */
  containers: z.array(z.enum(CONTAINER_NAMES)),
  /** One example, as each container's text form writes it; Parquet rows are shown as JSON. */
  example: text,
  consumers: z.array(text),
  loading: z.array(Loading),
})

/** Which corrections an export takes. Lists: given again for more; left out means all. */
const exportFilter = {
  run_id: many,
  /** "unknown" for records that name none; so does it for the task type. */
  model_name: many,
  task_type: many,
  /** "none" for corrections without a category. */
  failure_category: z.preprocess(
    (value) => (value === undefined ? [] : [value].flat()),
    z.array(z.enum([...FAILURE_CATEGORIES, 'none'])),
  ),
  /** Reviewers. */
  decided_by: many,
  /** A day is meant from its first to its last moment, in UTC. */
  decided_from: moment.optional(),
  decided_to: moment.optional(),
  /** Also those that were decided before they were imported. */
  include_imported: z.stringbool().default(false),
}

/** The whole of an export: the same words make the preview, the file, and the file again. */
export const ExportQuery = z.object({
  format: text.default('sft'),
  /** Left out: the format's first. */
  as: z.enum(CONTAINER_NAMES).optional(),
  ...exportFilter,
  /** The same prompt with different corrections. */
  conflicts: z.enum(CONFLICT_RULES).default('keep-all'),
  /** Leave out what a consumer of the format would refuse, instead of refusing the export. */
  skip_invalid: z.stringbool().default(false),
})

export const ExportRecord = z.object({
  export_id: count,
  format: text,
  as: z.enum(CONTAINER_NAMES),
  /** As in the query of the export; what is not there was not narrowed. */
  query: z.record(text, z.union([text, z.array(text), z.boolean()])),
  /** Corrections that were written, and the lines or rows they made. */
  examples: count,
  lines: count,
  /** Left out, for whatever reason. */
  left_out: count,
  bytes: count,
  /** Of the whole file, in hex. The same store and query give the same one. */
  sha256: text,
  /** Where the command line wrote it; null for a download and for stdout. */
  file: nullableText,
  reviewer: text,
  finished_at: text,
  /** How to make it again: the address of the download, and the command. */
  address: text,
  command: text,
})

const queueFilter = {
  /** A run's id or its directory's name; an id wins. */
  run_id: text.optional(),
  /** "unknown" finds the records that name none; so does it for the task type. */
  model_name: text.optional(),
  task_type: text.optional(),
  score_band: z.enum(['low', 'fair', 'high', 'none']).optional(),
}

function page(perPage: number) {
  return {
    page: z.coerce.number().int().min(1).max(1_000_000_000).default(1),
    per_page: z.coerce.number().int().min(1).max(200).default(perPage),
  }
}

export type Endpoint = {
  method: 'get' | 'post' | 'put'
  path: string
  summary: string
  query?: z.ZodObject
  body?: z.ZodObject
  /** The body is a file, sent as it is and never whole in memory. */
  upload?: true
  /** A schema of the JSON answer, or the content type of another one. */
  answer: z.ZodType | 'application/x-ndjson'
  /** Statuses that a caller should expect, for the documentation; `server/errors.ts` decides. */
  errors: readonly number[]
}

function endpoint<const E extends Endpoint>(definition: E): E {
  return definition
}

export const contract = {
  listRuns: endpoint({
    method: 'get',
    path: '/api/sft/runs',
    summary: 'Runs that were imported or lie in the results directory, newest first',
    answer: z.array(Run),
    errors: [],
  }),
  importRun: endpoint({
    method: 'post',
    path: '/api/sft/import',
    summary: 'Import a run by its id or directory name, or a file or directory by its path',
    body: z.object({ run_id: text.optional(), path: text.optional() }),
    answer: z.object({
      imported: count,
      /** Duplicates: same id, same content. */
      skipped: count,
      rejected: count,
      conflict: count,
      totals: LineCounts,
      import_id: count,
      files: z.array(FileReport),
      problems: z.array(ImportProblem),
      conflicts: z.array(ImportProblem),
      warnings: z.record(text, count),
    }),
    errors: [403, 404, 422, 503],
  }),
  listImports: endpoint({
    method: 'get',
    path: '/api/sft/imports',
    summary: 'The ledger of imports, newest first; one that runs shows how far it is',
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(20) }),
    answer: z.array(ImportSummary),
    errors: [422],
  }),
  startImport: endpoint({
    method: 'post',
    path: '/api/sft/imports',
    summary:
      'Import in the background: a run, a path, or files that were uploaded; the answer does not wait for it',
    /** One of the three. The uploads of one import are read in this order, and removed after it. */
    body: z.object({
      run_id: text.optional(),
      path: text.optional(),
      uploads: z.array(text).min(1).max(10_000).optional(),
    }),
    answer: z.object({ import_id: count }),
    errors: [403, 404, 422],
  }),
  cancelImport: endpoint({
    method: 'post',
    path: '/api/sft/imports/:id/cancel',
    summary:
      'Stop an import that this server runs; what it has committed stays. Does nothing to one that has ended',
    answer: ImportSummary,
    errors: [404],
  }),
  wantedFiles: endpoint({
    method: 'post',
    path: '/api/sft/uploads/wanted',
    summary: 'Which of the files in a dropped folder an import would read, by their names',
    body: z.object({ names: z.array(text).max(200_000) }),
    answer: z.object({ wanted: z.array(text) }),
    errors: [422],
  }),
  upload: endpoint({
    method: 'post',
    path: '/api/sft/uploads',
    summary: 'Send one file, to be imported by startImport; it is kept beside the database until then',
    /** As the reports shall call it, with its folder: `2026-04-07-143022/sft_candidates.jsonl`. */
    query: z.object({ name: z.string().min(1).max(1000) }),
    upload: true,
    answer: z.object({ upload_id: text, bytes: count }),
    errors: [413, 422, 507],
  }),
  importReport: endpoint({
    method: 'get',
    path: '/api/sft/imports/:id',
    summary: 'What an import said of every file and of every line that it could not take',
    /** A page of each list; the totals say how many there are. */
    query: z.object({
      offset: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(1000).default(200),
    }),
    answer: ImportSummary.extend({
      /** The first 1000; `file_count` says how many there are. */
      files: z.array(FileReport),
      file_count: count,
      /** Rejected lines. */
      problems: z.array(ShownProblem),
      /** Lines whose id is known with other content: the first one stands. */
      conflicts: z.array(ShownProblem),
      warnings: z.record(text, count),
      /** What lay beside the files and was not read; the first 100 are named. */
      ignored: z.object({ count, paths: z.array(text) }),
    }),
    errors: [404, 422],
  }),
  rejectedLines: endpoint({
    method: 'get',
    path: '/api/sft/imports/:id/rejected',
    summary:
      'The rejected lines of an import, byte for byte, to be mended and imported again; or the conflicts',
    query: z.object({ kind: z.enum(['rejected', 'conflict']).default('rejected') }),
    answer: 'application/x-ndjson',
    errors: [404, 422],
  }),
  watch: endpoint({
    method: 'get',
    path: '/api/sft/watch',
    summary: 'Whether new and growing runs are imported while the harness writes them',
    answer: WatchState,
    errors: [],
  }),
  setWatch: endpoint({
    method: 'put',
    path: '/api/sft/watch',
    summary: 'Switch watching on or off; it is remembered',
    body: z.object({ on: z.boolean() }),
    answer: WatchState,
    errors: [422],
  }),
  queue: endpoint({
    method: 'get',
    path: '/api/sft/queue',
    summary: 'Candidates that need review, in import order',
    query: z.object({
      ...page(20),
      ...queueFilter,
      /** Only what comes behind this candidate, by its id. `total` counts the others too. */
      after: text.optional(),
    }),
    answer: z.object({ items: z.array(QueueItem), total: count, page: count, per_page: count }),
    errors: [404, 422],
  }),
  submit: endpoint({
    method: 'post',
    path: '/api/sft/submit',
    summary: 'Decide: correct, discard, or flag the model',
    body: SubmitRequest,
    answer: DecisionAnswer,
    errors: [404, 409, 422],
  }),
  undo: endpoint({
    method: 'post',
    path: '/api/sft/undo',
    summary: 'Take the last decision back; its text and category become the draft',
    body: UndoRequest,
    answer: DecisionAnswer.extend({ draft: Draft.nullable() }),
    errors: [404, 409, 422],
  }),
  listCandidates: endpoint({
    method: 'get',
    path: '/api/sft/candidates',
    summary: 'All candidates, decided ones included: filtered, sorted, searched',
    query: z.object({
      ...page(50),
      ...queueFilter,
      /** Words that must all occur in prompt, answer, task, model or reason; the last may be unfinished. */
      q: text.optional(),
      status: Status.optional(),
      failure_category: z.enum([...FAILURE_CATEGORIES, 'none']).optional(),
      sort: z.enum(['imported', 'decided', 'score', 'task', 'model']).default('imported'),
      order: z.enum(['asc', 'desc']).default('asc'),
    }),
    answer: z.object({
      items: z.array(CandidateRow),
      total: count,
      page: count,
      per_page: count,
      /** Candidates that the search does not know yet; it is catching up. */
      unindexed: count,
    }),
    errors: [422],
  }),
  recentDecisions: endpoint({
    method: 'get',
    path: '/api/sft/decisions',
    summary: 'The last decisions, newest first',
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(20) }),
    answer: z.array(RecentDecision),
    errors: [422],
  }),
  candidate: endpoint({
    method: 'get',
    path: '/api/sft/candidates/:id',
    summary: 'One candidate with every decision on it, its draft, and every text that was once typed for it',
    answer: z.object({
      candidate: SftQueueItem,
      history: z.array(Decision),
      draft: Draft.nullable(),
      /** Texts that were used up, replaced or refused, newest first. */
      earlier_drafts: z.array(Draft),
    }),
    errors: [404],
  }),
  saveDraft: endpoint({
    method: 'put',
    path: '/api/sft/drafts/:id',
    summary: 'Keep text that is typed but not submitted',
    body: z.object({
      text,
      failure_category: FailureCategory.nullable().default(null),
      /**
       * The revision that this text builds on, 0 for none. Where the draft has another one by now, 409 with that
       * draft, and this text is kept among the earlier ones. Left out: no check.
       */
      base_revision: count.nullish().transform(orAbsent),
      /** Names the tab: what it types on replaces its own text; anything else becomes a text of its own. */
      writer: shortName.nullish().transform(orAbsent),
      began_from: Beginning.nullable().default(null),
    }),
    answer: z.object({ ok: z.literal(true), revision: count }),
    errors: [404, 409, 422],
  }),
  export: endpoint({
    method: 'get',
    path: '/api/sft/export',
    summary: 'Approved corrections as a fine-tuning set; 422 when a trainer would refuse some of it',
    query: ExportQuery,
    answer: 'application/x-ndjson',
    errors: [422],
  }),
  exportPreview: endpoint({
    method: 'get',
    path: '/api/sft/export/preview',
    summary: 'What the export with the same query would write and leave out, and what trainers say of it',
    query: ExportQuery,
    answer: z.object({
      file_name: text,
      as: z.enum(CONTAINER_NAMES),
      /** Candidates that the filters found. */
      found: count,
      examples: count,
      lines: count,
      left_out: z.array(ExportReason),
      /** Not null: the export is refused, 422 with this code and these words. */
      refused: z.object({ code: text, detail: text }).nullable(),
      conflicts: z.object({
        /** Prompts with more than one correction, and the corrections that they have. */
        prompts: count,
        examples: count,
        /** Ids by prompt, the newest decision first: 20 prompts, 5 of each. */
        first: z.array(z.array(text)),
      }),
      consumers: z.array(ConsumerVerdict),
      /** Five lines exactly as they will be written; rows of Parquet as JSON. Long ones are whole. */
      sample: z.array(text),
      loading: z.array(Loading),
    }),
    errors: [422],
  }),
  formats: endpoint({
    method: 'get',
    path: '/api/sft/formats',
    summary: 'The formats, who reads them, and the code that loads each',
    answer: z.array(FormatDescription),
    errors: [],
  }),
  listExports: endpoint({
    method: 'get',
    path: '/api/sft/exports',
    summary: 'The ledger of exports that came to their end, newest first',
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(20) }),
    answer: z.array(ExportRecord),
    errors: [422],
  }),
  listReviewers: endpoint({
    method: 'get',
    path: '/api/sft/reviewers',
    summary: 'Who decided what stands now, by name',
    answer: z.array(text),
    errors: [],
  }),
  stats: endpoint({
    method: 'get',
    path: '/api/sft/stats',
    summary: 'Totals, of all runs or of one',
    query: z.object({ run_id: text.optional() }),
    answer: Stats,
    errors: [],
  }),
  config: endpoint({
    method: 'get',
    path: '/api/sft/config',
    summary: 'Settings, and where the bundled example lies',
    answer: z.object({ bench_results_dir: text, example_runs: nullableText }),
    errors: [],
  }),
  saveConfig: endpoint({
    method: 'post',
    path: '/api/sft/config',
    summary: 'Set the directory in which the harness writes its runs',
    body: z.object({ bench_results_dir: text }),
    answer: z.object({ bench_results_dir: text }),
    errors: [422],
  }),
  health: endpoint({
    method: 'get',
    path: '/healthz',
    summary: 'Answers when the server and its database do',
    answer: z.object({ ok: z.literal(true), version: text }),
    errors: [503],
  }),
} as const

export type Contract = typeof contract
export type EndpointName = keyof Contract
type Schema<T> = T extends z.ZodType ? z.infer<T> : never
export type Query<N extends EndpointName> = Contract[N] extends { query: infer Q }
  ? Schema<Q>
  : Record<string, never>
/** What a caller sends. */
export type Body<N extends EndpointName> = Contract[N] extends { body: infer B extends z.ZodType }
  ? z.input<B>
  : undefined
/** What a handler gets: checked, defaults filled in. */
export type ParsedBody<N extends EndpointName> = Contract[N] extends { body: infer B } ? Schema<B> : undefined
export type Answer<N extends EndpointName> = Schema<Contract[N]['answer']>
export type SubmitRequest = z.input<typeof SubmitRequest>
export type SftQueueItem = z.infer<typeof SftQueueItem>
export type QueueItem = z.infer<typeof QueueItem>
export type Draft = z.infer<typeof Draft>
export type Decision = z.infer<typeof Decision>
export type Run = z.infer<typeof Run>
export type CandidateRow = z.infer<typeof CandidateRow>
export type RecentDecision = z.infer<typeof RecentDecision>
export type ImportSummary = z.infer<typeof ImportSummary>
export type ImportState = z.infer<typeof ImportState>
export type ShownProblem = z.infer<typeof ShownProblem>
export type WatchState = z.infer<typeof WatchState>
export type Stats = z.infer<typeof Stats>
export type ExportReason = z.infer<typeof ExportReason>
export type ConsumerVerdict = z.infer<typeof ConsumerVerdict>
export type Loading = z.infer<typeof Loading>
export type FormatDescription = z.infer<typeof FormatDescription>
export type ExportRecord = z.infer<typeof ExportRecord>
