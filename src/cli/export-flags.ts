/** Owns the flags that say what an export writes: the same for `export` and for a check of what it would write. */
import { AvocetError } from '../domain/error.ts'
import { CONFLICT_RULES, CONTAINER_NAMES, type ContainerName } from '../domain/example.ts'
import type { FailureCategory } from '../domain/failure-category.ts'
import { formats } from '../formats/index.ts'
import { type ExportQuery, type ExportRequest, toRequest } from '../workflow/export-request.ts'
import { type Command, type Flags, UsageError } from './command.ts'
import { listFlag, textFlag } from './config.ts'

const one = (explain: string) => ({ type: 'string', explain }) as const
const many = (explain: string) =>
  ({ type: 'string', multiple: true, explain: `${explain}; repeatable` }) as const
const toggle = (explain: string) => ({ type: 'boolean', explain }) as const

export const EXPORT_FLAGS: Command['flags'] = {
  format: one(`Who reads it: ${[...formats.keys()].join(', ')} (default sft)`),
  as: one(`The container: ${CONTAINER_NAMES.join(', ')} (default jsonl, of the report csv)`),
  run: many('Only this run (id or directory name)'),
  model: many('Only this model name'),
  'task-type': many('Only this task type'),
  'failure-category': many('Only this category, "none" for those without'),
  'decided-by': many('Only decisions of this reviewer'),
  'decided-from': one('Only decisions from this day or moment on (ISO 8601, UTC)'),
  'decided-to': one('Only decisions up to this day or moment, itself included'),
  'include-imported': toggle('Also corrections that were made before the import'),
  conflicts: one(`One prompt, different corrections: ${CONFLICT_RULES.join(', ')} (default keep-all)`),
  'skip-invalid': toggle('Leave out what a trainer would refuse, instead of stopping'),
}

export function readRequest(flags: Flags): ExportRequest {
  const query: ExportQuery = {
    format: textFlag(flags, 'format') ?? 'sft',
    as: textFlag(flags, 'as') as ContainerName | undefined,
    run_id: listFlag(flags, 'run'),
    model_name: listFlag(flags, 'model'),
    task_type: listFlag(flags, 'task-type'),
    failure_category: listFlag(flags, 'failure-category') as (FailureCategory | 'none')[],
    decided_by: listFlag(flags, 'decided-by'),
    decided_from: textFlag(flags, 'decided-from'),
    decided_to: textFlag(flags, 'decided-to'),
    include_imported: flags['include-imported'] === true,
    conflicts: (textFlag(flags, 'conflicts') ?? 'keep-all') as ExportQuery['conflicts'],
    skip_invalid: flags['skip-invalid'] === true,
  }
  try {
    return toRequest(formats, query)
  } catch (error) {
    throw error instanceof AvocetError ? new UsageError(error.message) : error
  }
}
