/** Owns the index of examples: judges every decided candidate once, so that an export knows at once what it will write. */
import { createHash } from 'node:crypto'
import { type Example, pairFault, promptFault, type Teaching, toExample } from '../domain/example.ts'
import { consumers } from '../formats/checks/index.ts'
import type { Shape } from '../formats/checks/shape.ts'
import { judge, VERDICTS_VERSION, type Verdict, verdictsOf } from '../formats/checks/verdicts.ts'
import {
  findUnindexed,
  forgetAllExamples,
  type IndexRow,
  insertIndexRows,
  isIndexWhole,
  readStandings,
  readTeachings,
  type Standing,
} from '../store/example-index.ts'
import { glance, type Writing, write } from '../store/open.ts'
import { getSetting, setSetting } from '../store/settings.ts'
import type { Tables } from '../store/tables.ts'
import type { Deps } from './deps.ts'

/** The rules by which the rows were made, and the hashes in them. */
const RULES = `1.${VERDICTS_VERSION}`
const BATCH = 200

/** Enters these candidates, as they stand, where they are decided. Those that are there already are left as they are. */
export async function indexExamples(trx: Writing, seqs: number[]): Promise<void> {
  const standings = await readStandings(trx, seqs)
  for await (const portion of readTeachings(trx, standings)) {
    await insertIndexRows(
      trx,
      portion.map(({ place, teaching }) => toIndexRow(place, teaching)),
    )
  }
}

/** Enters what is missing: what was decided before it was imported, and all of it after a change of rules. */
export async function fillIndex({ store }: Deps): Promise<void> {
  if ((await getSetting(store.db, 'example_index_rules')) !== RULES) {
    await write(store, async (trx) => {
      await forgetAllExamples(trx)
      await setSetting(trx, 'example_index_rules', RULES)
    })
  }
  if (await glance(store, isIndexWhole)) return
  let after = 0
  while (true) {
    const seqs = await findUnindexed(store.db, after, BATCH)
    const last = seqs.at(-1)
    if (last === undefined) return
    await write(store, (trx) => indexExamples(trx, seqs))
    after = last
  }
}

function toIndexRow(place: Standing, teaching: Teaching): Tables['example_index'] {
  const { run_id, model_name, task_type, status, decided_at } = teaching.about
  return {
    ...place,
    ...{ run_id, model_name, task_type, status, decided_at },
    failure_category: teaching.standing.failure_category,
    decided_elsewhere: teaching.decided_elsewhere ? 1 : 0,
    ...judgementOf(teaching),
  }
}

type Judgement = Pick<
  IndexRow,
  'prompt_high' | 'prompt_low' | 'answer_hash' | 'fault' | 'pair_fault' | 'verdicts' | 'suspect'
>

const NOTHING: Judgement = {
  prompt_high: 0,
  prompt_low: 0,
  answer_hash: 0,
  fault: null,
  pair_fault: null,
  verdicts: '[]',
  suspect: 0,
}

function judgementOf(teaching: Teaching): Judgement {
  if (teaching.standing.status !== 'approved') return NOTHING
  const example = toExample(teaching, true)
  if (typeof example === 'string') {
    return { ...NOTHING, fault: promptFault(teaching) ?? 'no_correction' }
  }
  const verdicts = verdictsOf(example)
  const prompt = hashOf(JSON.stringify(example.prompt))
  return {
    prompt_high: prompt.readUInt32BE(0),
    prompt_low: prompt.readUInt32BE(4),
    answer_hash: hashOf(example.completion).readUInt32BE(0),
    fault: null,
    pair_fault: pairFault(example),
    verdicts: JSON.stringify(verdicts.map(({ code, in_rejected }) => ({ code, in_rejected }))),
    suspect: isSuspect(verdicts, example) ? 1 : 0,
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function isSuspect(verdicts: Verdict[], { id }: Example): boolean {
  if (verdicts.length === 0) return false
  return [...consumers.values()].some((consumer) =>
    (Object.keys(consumer.shapes) as Shape[]).some((shape) =>
      judge(consumer, shape, verdicts, { line: null, id }).some(({ severity }) => severity === 'error'),
    ),
  )
}
