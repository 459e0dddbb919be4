/** Owns the few settings that live in the database. */
import type { Reading, Writing } from './open.ts'

export type SettingName = 'bench_results_dir' | 'search_knows_up_to' | 'watch' | 'example_index_rules'

/** Empty text when it was never set. */
export async function getSetting(db: Reading, key: SettingName): Promise<string> {
  const row = await db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst()
  return row?.value ?? ''
}

export async function setSetting(trx: Writing, key: SettingName, value: string): Promise<void> {
  await trx
    .insertInto('settings')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
}
