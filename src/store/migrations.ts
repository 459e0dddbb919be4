/** Owns the schema's history: each entry runs once, in order, in its own transaction. Never edit a released one. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { ColumnKinds } from './dialect.ts'
import type { Tables } from './tables.ts'

export function migrations(kinds: ColumnKinds): Record<string, Migration> {
  return {
    '0001-first-tables': { up: (db) => firstTables(db as Kysely<Tables>, kinds) },
    '0002-lists-and-progress': { up: (db) => listsAndProgress(db as Kysely<Tables>, kinds) },
    '0003-beginnings-and-writers': {
      up: (db) => beginningsAndWriters(db as Kysely<Tables>, kinds),
    },
    '0004-blocks-and-resume': { up: (db) => blocksAndResume(db as Kysely<Tables>, kinds) },
    '0005-exports': { up: (db) => exportTables(db as Kysely<Tables>, kinds) },
    '0006-checksums': { up: (db) => checksums(db as Kysely<Tables>, kinds) },
    '0007-faster-fingerprints': { up: (db) => fasterFingerprints(db as Kysely<Tables>, kinds) },
    '0008-id-keys': { up: (db) => idKeys(db as Kysely<Tables>, kinds) },
  }
}

/** Of `candidates`, in both of its makings. */
const standingColumns = (
  real: string,
) => `run_id text not null references runs (run_id) deferrable initially deferred,
      status text not null check (
        status = 'needs_review' or status = 'approved' or status = 'discarded' or status = 'model_rejected'),
      corrected_response text,
      failure_category text,
      version integer not null default 0,
      decided_elsewhere integer not null,
      teachable integer not null,
      model_name text,
      task_type text,
      task_name text,
      quality_score ${real}`
const STANDING_CHECKS = `check (status <> 'approved' or corrected_response is not null),
      check (status <> 'needs_review' or corrected_response is null)`
const CANDIDATE_INDEXES = [
  `create index candidates_by_status on candidates (status, seq)`,
  `create index candidates_by_run on candidates (run_id, status, seq)`,
]

async function firstTables(
  db: Kysely<Tables>,
  { key, integer, blob, real, afterwards }: ColumnKinds,
): Promise<void> {
  const statements = [
    `create table runs (run_id text primary key, directory text, imported_at text not null)`,
    `create table candidates (
      seq ${key},
      id text not null unique,
      ${standingColumns(real)},
      raw_sha256 ${blob} not null,
      ${STANDING_CHECKS})`,
    ...CANDIDATE_INDEXES,
    `create table candidate_payloads (
      seq ${integer} primary key references candidates (seq), raw ${blob} not null, record ${blob})`,
    `create table decisions (
      seq ${key},
      decision_id text not null unique,
      candidate_seq ${integer} not null references candidates (seq),
      version integer not null,
      action text not null check (action in ('correct', 'discard', 'flag', 'undo')),
      corrected_response text,
      failure_category text,
      reviewer text not null,
      decided_at text not null,
      request_sha256 ${blob} not null,
      unique (candidate_seq, version),
      check ((action = 'correct') = (corrected_response is not null)))`,
    `create table drafts (
      seq ${key},
      candidate_seq ${integer} not null references candidates (seq),
      text text not null,
      failure_category text,
      revision integer not null,
      reviewer text not null,
      saved_at text not null)`,
    `create index drafts_by_candidate on drafts (candidate_seq, seq)`,
    `create table counters (
      run_id text not null,
      model_name text not null,
      task_type text not null,
      failure_category text not null,
      status text not null,
      export_ready integer not null,
      n ${integer} not null,
      primary key (run_id, model_name, task_type, failure_category, status, export_ready))`,
    `create table imports (
      seq ${key}, source text not null, reviewer text not null, started_at text not null, finished_at text)`,
    `create table import_files (
      seq ${key},
      import_seq ${integer} not null references imports (seq),
      path text not null,
      directory text not null,
      lines ${integer} not null,
      imported ${integer} not null,
      duplicate ${integer} not null,
      conflict ${integer} not null,
      rejected ${integer} not null,
      skipped ${integer} not null,
      blank ${integer} not null,
      warnings text not null,
      refused_code text,
      refused_reason text)`,
    `create table import_problems (
      seq ${key},
      import_file_seq ${integer} not null references import_files (seq),
      kind text not null,
      line ${integer} not null,
      code text not null,
      reason text not null,
      raw ${blob})`,
    `create table settings (key text primary key, value text not null)`,
  ]
  await runAll(db, [...statements, ...afterwards])
}

async function listsAndProgress(db: Kysely<Tables>, { integer, searchTable }: ColumnKinds): Promise<void> {
  await runAll(db, [
    `alter table candidates add column decided_at text`,
    `create index candidates_by_decided_at on candidates (decided_at)`,
    `update candidates set decided_at = (select decided_at from decisions
      where decisions.candidate_seq = candidates.seq and decisions.version = candidates.version)
      where status <> 'needs_review'`,
    `alter table import_files add column size ${integer} not null default 0`,
    `alter table import_files add column bytes_read ${integer} not null default 0`,
    `alter table drafts add column consumed integer not null default 0`,
    `create table run_directories (
      run_id text not null references runs (run_id), directory text not null, primary key (directory, run_id))`,
    `insert into run_directories select run_id, directory from runs where directory is not null`,
    ...searchTable,
  ])
}

async function beginningsAndWriters(db: Kysely<Tables>, { real }: ColumnKinds): Promise<void> {
  await runAll(db, [
    `alter table decisions add column active_seconds ${real}`,
    `alter table decisions add column began_from text`,
    `alter table drafts add column aside integer not null default 0`,
    `alter table drafts add column writer text`,
    `alter table drafts add column began_from text`,
  ])
}

async function blocksAndResume(
  db: Kysely<Tables>,
  { integer, blob, blockNumbers }: ColumnKinds,
): Promise<void> {
  await runAll(db, [
    `create table payload_blocks (seq ${integer} primary key, packing integer not null, bytes ${blob} not null)`,
    ...['block_seq', 'block_start', 'block_length'].map(
      (column) => `alter table candidates add column ${column} ${integer} not null default 0`,
    ),
    `insert into payload_blocks (seq, packing, bytes) select seq, 0, raw from candidate_payloads`,
    `update candidates set block_seq = seq,
      block_length = (select length(raw) from candidate_payloads where candidate_payloads.seq = candidates.seq)`,
    `drop table candidate_payloads`,
    ...blockNumbers,
    `alter table imports add column state text not null default 'running'`,
    `update imports set state = 'finished' where finished_at is not null`,
    `alter table imports add column trouble text`,
    `alter table imports add column seen_at text`,
    `alter table imports add column size ${integer}`,
    `alter table imports add column ignored text not null default '{"count":0,"paths":[]}'`,
    `alter table import_files add column reader text not null default ''`,
    `alter table import_files add column first_seq ${integer}`,
    `update import_files set first_seq = seq`,
    `alter table import_files add column taken_bytes ${integer} not null default 0`,
    `alter table import_files add column taken_lines ${integer} not null default 0`,
    `alter table import_files add column taken_sha256 ${blob}`,
    `alter table import_files add column tail text`,
    `alter table import_files add column whole_sha256 ${blob}`,
    `create index import_files_by_import on import_files (import_seq, seq)`,
    `create index import_files_by_path on import_files (path, seq)`,
    `create index import_files_by_first on import_files (first_seq, seq)`,
    `create index import_problems_by_file on import_problems (import_file_seq, line)`,
  ])
}

async function exportTables(db: Kysely<Tables>, { key, integer }: ColumnKinds): Promise<void> {
  await runAll(db, [
    `create table example_index (
      candidate_seq ${integer} primary key references candidates (seq),
      status text not null,
      run_id text not null,
      model_name text,
      task_type text,
      failure_category text,
      decided_elsewhere integer not null,
      reviewer text,
      decided_at text,
      decision_seq ${integer},
      bytes ${integer} not null,
      prompt_high ${integer} not null,
      prompt_low ${integer} not null,
      answer_hash ${integer} not null,
      fault text,
      pair_fault text,
      verdicts text not null,
      suspect integer not null)`,
    `create index example_index_by_status on example_index (status)`,
    `create index example_index_by_prompt on example_index (prompt_high, prompt_low)`,
    `create index example_index_suspects on example_index (candidate_seq) where suspect = 1`,
    `create table exports (
      seq ${key},
      format text not null,
      container text not null,
      query text not null,
      examples ${integer} not null,
      lines ${integer} not null,
      left_out ${integer} not null,
      bytes ${integer} not null,
      sha256 text not null,
      file text,
      reviewer text not null,
      finished_at text not null)`,
  ])
}

/** Of a block instead of each record: whether a record is known already is seen by its bytes. */
async function checksums(db: Kysely<Tables>, { integer }: ColumnKinds): Promise<void> {
  await runAll(db, [
    `alter table candidates drop column raw_sha256`,
    `alter table payload_blocks add column crc32 ${integer}`,
  ])
}

/** What was read before is read anew once; its records are known. */
async function fasterFingerprints(db: Kysely<Tables>, { integer }: ColumnKinds): Promise<void> {
  const marks = ['taken', 'whole']
  await runAll(db, [
    ...marks.map((mark) => `alter table import_files drop column ${mark}_sha256`),
    ...marks.map((mark) => `alter table import_files add column ${mark}_crc32 ${integer}`),
  ])
}

/** In place of the index of the texts. A process of before, which knows no keys, can write no record any more. */
async function idKeys(db: Kysely<Tables>, kinds: ColumnKinds): Promise<void> {
  await runAll(db, [
    ...(kinds.dropsConstraints ? keysAdded(kinds) : tableWithKeys(kinds)),
    `create unique index candidates_by_id_key on candidates (id_key)`,
  ])
}

function keysAdded({ blob, idKey }: ColumnKinds): string[] {
  return [
    `alter table candidates add column id_key ${blob}`,
    `update candidates set id_key = ${idKey}`,
    `alter table candidates alter column id_key set not null`,
    `alter table candidates drop constraint candidates_id_key`,
  ]
}

/** Foreign keys are off meanwhile, see `remaking`. */
function tableWithKeys({ key, integer, blob, real, idKey }: ColumnKinds): string[] {
  const columns = `seq, id, run_id, status, corrected_response, failure_category, version, decided_elsewhere, teachable,
      model_name, task_type, task_name, quality_score, decided_at, block_seq, block_start, block_length`
  return [
    `create table keyed_candidates (
      seq ${key},
      id text not null,
      ${standingColumns(real)},
      decided_at text,
      block_seq ${integer} not null default 0,
      block_start ${integer} not null default 0,
      block_length ${integer} not null default 0,
      id_key ${blob} not null,
      ${STANDING_CHECKS})`,
    `insert into keyed_candidates (${columns}, id_key) select ${columns}, ${idKey} from candidates order by seq`,
    `drop table candidates`,
    `alter table keyed_candidates rename to candidates`,
    ...CANDIDATE_INDEXES,
    `create index candidates_by_decided_at on candidates (decided_at)`,
  ]
}

async function runAll(db: Kysely<Tables>, statements: string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
