/** Owns the ledger of exports: what came to its end, and how to make it again. */
import { type ExportRow, insertExport, listExports } from '../store/exports.ts'
import { write } from '../store/open.ts'
import type { Deps } from './deps.ts'
import type { ExportOutcome } from './export-examples.ts'
import { type ExportRequest, FLAG_OF, narrowed } from './export-request.ts'

type Narrowed = ReturnType<typeof narrowed>

export type ExportRecord = Omit<ExportRow, 'seq' | 'container' | 'query'> & {
  export_id: number
  as: ExportRow['container']
  query: Narrowed
  address: string
  command: string
}

export async function recordExport(
  deps: Deps,
  request: ExportRequest,
  outcome: ExportOutcome,
  by: { reviewer: string; file: string | null },
): Promise<void> {
  const { examples, lines, bytes, sha256 } = outcome
  let left_out = 0
  for (const { count } of outcome.left_out.values()) left_out += count
  await write(deps.store, (trx) =>
    insertExport(trx, {
      ...{ format: request.format.name, container: request.as, query: JSON.stringify(narrowed(request)) },
      ...{ examples, lines, left_out, bytes, sha256, ...by, finished_at: deps.now() },
    }),
  )
}

export async function readExports({ store }: Deps, limit: number): Promise<ExportRecord[]> {
  return (await listExports(store.db, limit)).map(({ seq, container, query: json, ...row }) => {
    const query = JSON.parse(json) as Narrowed
    const { format, file } = row
    return {
      export_id: seq,
      ...row,
      as: container,
      query,
      address: addressOf(format, container, query),
      command: commandOf(format, container, query, file),
    }
  })
}

function addressOf(format: string, as: string, query: Narrowed): string {
  const parameters = new URLSearchParams({ format, as })
  for (const [name, value] of pairsOf(query)) parameters.append(name, value)
  return `/api/sft/export?${parameters}`
}

function commandOf(format: string, as: string, query: Narrowed, file: string | null): string {
  const words = ['avocet', 'export', '--format', format, '--as', as]
  for (const [name, value] of pairsOf(query)) {
    const flag = `--${FLAG_OF[name as keyof typeof FLAG_OF]}`
    words.push(...(value === 'true' ? [flag] : [`${flag}=${value}`]))
  }
  if (file !== null) words.push('-o', file)
  return words.map(quoted).join(' ')
}

function pairsOf(query: Narrowed): [string, string][] {
  return Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  )
}

/** For a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
