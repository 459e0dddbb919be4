/** Owns what tests ask of an export: everything, unless they say otherwise. */
import { formats } from '../../src/formats/index.ts'
import type { Deps } from '../../src/workflow/deps.ts'
import { type ExportOutcome, exportExamples } from '../../src/workflow/export-examples.ts'
import { type ExportQuery, toRequest } from '../../src/workflow/export-request.ts'

export function queryOf(fields: Partial<ExportQuery> = {}): ExportQuery {
  return {
    ...{ format: 'sft', run_id: [], model_name: [], task_type: [], failure_category: [], decided_by: [] },
    ...{ include_imported: false, conflicts: 'keep-all', skip_invalid: false },
    ...fields,
  }
}

/** The whole file. `between` is called after each part of it. */
export async function exported(
  deps: Deps,
  fields: Partial<ExportQuery> = {},
  between: () => Promise<unknown> = async () => {},
): Promise<{ bytes: Buffer; lines: string[]; outcome: ExportOutcome }> {
  const { chunks, outcome } = exportExamples(deps, toRequest(formats, queryOf(fields)))
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) {
    parts.push(chunk)
    await between()
  }
  const bytes = Buffer.concat(parts)
  return { bytes, outcome, lines: bytes.toString('utf8').split('\n').slice(0, -1) }
}
