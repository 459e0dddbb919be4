/** Owns what an import writes once for many batches instead of with each: totals, the names of runs, how far files were read. */
import { addToCounters, createTally } from './counters.ts'
import { type FileLedger, updateImportFile } from './imports.ts'
import type { Group } from './incoming.ts'
import type { Writing } from './open.ts'
import { portionsOf } from './portions.ts'

/** Of one transaction, and settled before its end: what is rolled back was never noted. */
export type Books = {
  /** Afterwards there is a row for every run of these groups. `now`: ISO 8601. */
  openRuns(trx: Writing, groups: Group[], now: string): Promise<void>
  /** `counts`: how many records of each group were kept. */
  add(groups: Group[], counts: number[]): void
  /** Takes the place of what was noted of that file before. */
  keepLedger(fileSeq: number, ledger: FileLedger): void
  settle(trx: Writing): Promise<void>
}

type Name = { run_id: string; directory: string }

export function createBooks(): Books {
  const ledgers = new Map<number, FileLedger>()
  const names = new Map<string, Name>()
  const openRuns = new Set<string>()
  /** Nothing of them was kept so far. */
  const emptyRuns = new Set<string>()
  let tally = createTally()

  return {
    async openRuns(trx, groups, now) {
      const missing = groups.filter(({ run_id }) => !openRuns.has(run_id))
      if (missing.length === 0) return
      for (const run_id of await insertRuns(trx, missing, now)) emptyRuns.add(run_id)
      for (const { run_id } of missing) openRuns.add(run_id)
    },
    add(groups, counts) {
      for (const [at, group] of groups.entries()) {
        const n = counts[at] ?? 0
        if (n === 0) continue
        const { run_id, directory } = group
        tally.add(group, n)
        emptyRuns.delete(run_id)
        names.set(JSON.stringify([run_id, directory]), { run_id, directory })
      }
    },
    keepLedger: (fileSeq, ledger) => void ledgers.set(fileSeq, ledger),
    async settle(trx) {
      await addToCounters(trx, tally.rows())
      tally = createTally()
      await nameRuns(
        trx,
        [...names].sort().map(([, name]) => name),
      )
      names.clear()
      await removeRuns(trx, [...emptyRuns])
      for (const run_id of emptyRuns) openRuns.delete(run_id)
      emptyRuns.clear()
      for (const [fileSeq, ledger] of ledgers) await updateImportFile(trx, fileSeq, ledger)
      ledgers.clear()
    },
  }
}

/** Ahead of the candidates that refer to them. Returns those that were not there. */
async function insertRuns(trx: Writing, groups: Group[], now: string): Promise<string[]> {
  const runs = new Map(groups.map(({ run_id, directory }) => [run_id, directory]))
  const rows = await trx
    .insertInto('runs')
    .values([...runs].sort().map(([run_id, directory]) => ({ run_id, directory, imported_at: now })))
    .onConflict((conflict) => conflict.column('run_id').doNothing())
    .returning('run_id')
    .execute()
  return rows.map(({ run_id }) => run_id)
}

async function nameRuns(trx: Writing, names: Name[]): Promise<void> {
  for (const some of portionsOf(names)) {
    await trx
      .insertInto('run_directories')
      .values(some)
      .onConflict((conflict) => conflict.columns(['run_id', 'directory']).doNothing())
      .execute()
  }
}

/** A run is one of which something was kept: the others leave no name behind. */
async function removeRuns(trx: Writing, ids: string[]): Promise<void> {
  for (const some of portionsOf(ids)) {
    await trx.deleteFrom('runs').where('run_id', 'in', some).execute()
  }
}
