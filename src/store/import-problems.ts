/** Owns the lines that an import could not take, with their bytes: kept once, and found again by every later import of the file. */
import { setImmediate as immediate } from 'node:timers/promises'
import { sql } from 'kysely'
import type { ImportProblem } from '../domain/import-report.ts'
import { cleanText } from '../domain/record.ts'
import { listImportFiles } from './imports.ts'
import type { Reading, Writing } from './open.ts'
import { portionsOf } from './portions.ts'

export type ProblemKind = 'rejected' | 'conflict'
export type KeptProblem = Omit<ImportProblem, 'path'> & { kind: ProblemKind; raw: Uint8Array | null }

export async function keepProblems(trx: Writing, fileSeq: number, problems: KeptProblem[]): Promise<void> {
  for (const some of portionsOf(problems)) {
    const rows = some.map((problem) => ({
      import_file_seq: fileSeq,
      kind: problem.kind,
      line: problem.line,
      code: problem.code,
      reason: cleanText(problem.reason),
      raw: problem.raw,
    }))
    await trx.insertInto('import_problems').values(rows).execute()
  }
}

/** `bytes` is null when the line was too long to keep; `beginning` are the first of them. */
export type FoundProblem = ImportProblem & { bytes: number | null; beginning: Uint8Array | null }

/** In the order of files and lines. */
export async function listProblems(
  db: Reading,
  importSeq: number,
  kind: ProblemKind,
  page: { offset: number; limit: number; beginning: number },
): Promise<FoundProblem[]> {
  const places = await placesOf(db, importSeq, kind).offset(page.offset).limit(page.limit).execute()
  if (places.length === 0) return []
  const rows = await db
    .selectFrom('import_problems')
    .select(['seq', 'line', 'code', 'reason'])
    .select(sql<number | null>`length(raw)`.as('bytes'))
    .select(sql<Uint8Array | null>`substr(raw, 1, cast(${page.beginning} as integer))`.as('beginning'))
    .where(
      'seq',
      'in',
      places.map(({ seq }) => seq),
    )
    .execute()
  const bySeq = new Map(rows.map(({ seq, ...row }) => [seq, row]))
  return places.flatMap(({ seq, path }) => {
    const row = bySeq.get(seq)
    return row ? [{ path, ...row }] : []
  })
}

/** Of a file: the database finds them by its index, and others get their turn between two looks. */
const LINES_AT_ONCE = 500

/** The bytes of each line that was kept, with a line feed behind it: one at a time, for it may have megabytes. */
export async function* pageProblemLines(
  db: Reading,
  importSeq: number,
  kind: ProblemKind,
): AsyncGenerator<Uint8Array> {
  const files = await listImportFiles(db, [importSeq])
  for (const { seq: file, lines } of files.filter((each) => each[kind] > 0)) {
    for (let line = 0; line < lines; line += LINES_AT_ONCE) {
      await immediate()
      const places = await placesOf(db, importSeq, kind)
        .where('shown.seq', '=', file)
        .where('problem.line', '>', line)
        .where('problem.line', '<=', line + LINES_AT_ONCE)
        .execute()
      for (const { seq } of places) {
        const query = db.selectFrom('import_problems').select('raw').where('seq', '=', seq)
        const { raw } = await query.executeTakeFirstOrThrow()
        if (raw) yield Buffer.concat([raw, Buffer.from('\n')])
      }
    }
  }
}

/**
 * A file that was read in several imports has its problems in each of them that came before; two that read it at
 * the same time found them twice. The last line of one that had no end is told only of files that are the same.
 */
function placesOf(db: Reading, importSeq: number, kind: ProblemKind) {
  return db
    .selectFrom('import_files as shown')
    .innerJoin('import_files as reading', 'reading.first_seq', 'shown.first_seq')
    .innerJoin('import_problems as problem', 'problem.import_file_seq', 'reading.seq')
    .select(['shown.seq as file', 'shown.path', 'problem.line'])
    .select((eb) => eb.fn.min('problem.seq').as('seq'))
    .where('shown.import_seq', '=', importSeq)
    .where('problem.kind', '=', kind)
    .whereRef('reading.seq', '<=', 'shown.seq')
    .whereRef('problem.line', '<=', 'shown.lines')
    .where((eb) =>
      eb.or([
        eb('reading.seq', '=', eb.ref('shown.seq')),
        eb('reading.tail', 'is', null),
        eb('problem.line', '<', eb.ref('reading.lines')),
        eb('reading.whole_crc32', '=', eb.ref('shown.whole_crc32')),
      ]),
    )
    .groupBy(['shown.seq', 'shown.path', 'problem.line'])
    .orderBy('shown.seq')
    .orderBy('problem.line')
}
