/** Owns the check of what an export would write now, from one moment of the store, with the candidate of every line. */
import type { CheckerOptions } from '../formats/checks/checker.ts'
import type { Consumer } from '../formats/checks/consumer.ts'
import { readTeachings } from '../store/example-index.ts'
import { snapshot } from '../store/open.ts'
import { type Checked, createLineCheck } from './check-lines.ts'
import type { Deps } from './deps.ts'
import { toRows } from './export-examples.ts'
import { fillIndex } from './export-index.ts'
import { conflictsFor, findConflicts, planned } from './export-plan.ts'
import { type ExportRequest, toFilter } from './export-request.ts'

/** Yields what is found in some lines, and at last in all of them. Unlike an export it stops at nothing. */
export async function* checkExport(
  deps: Deps,
  request: ExportRequest,
  consumers: Consumer[],
  options: CheckerOptions,
): AsyncGenerator<Checked> {
  const check = createLineCheck(consumers, options)
  await fillIndex(deps)
  const filter = await toFilter(deps, request)
  if (filter) {
    yield* snapshot(deps.store, async function* (db): AsyncGenerator<Checked> {
      const known = await findConflicts(db, request, filter)
      const conflicts = await conflictsFor(db, request, filter, known)
      for await (const page of planned(db, request, filter, conflicts)) {
        const taken = page.flatMap(({ row, left_out }) => (left_out ? [] : [row]))
        for await (const portion of readTeachings(db, taken)) {
          const lines = portion.flatMap((stored) =>
            toRows(request.format, stored).map((row) => ({ row, id: stored.teaching.id })),
          )
          // As text, because some rules count the bytes of the file.
          const told = lines.flatMap(({ row, id }) => check.line(JSON.stringify(row), { id }))
          yield { lines: lines.length, told, notes: [] }
        }
      }
    })
  }
  yield check.end()
}
