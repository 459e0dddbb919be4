/** Exports from a real store, on both engines. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { eachEngine } from '../../tests/support/each-engine.ts'
import { exported } from '../../tests/support/export-query.ts'
import { makeRecord } from '../../tests/support/make-record.ts'
import { decide, incoming, insert } from '../../tests/support/store-acts.ts'
import { testDeps } from '../../tests/support/test-deps.ts'
import { CONFLICT_RULES } from '../domain/example.ts'
import type { Store } from '../store/open.ts'
import { fillIndex } from './export-index.ts'
import { submit, undo } from './review.ts'

const idOf = (n: number) => makeRecord(n).id

async function withRecords(store: Store, count: number, fields: (n: number) => object = () => ({})) {
  for (let start = 0; start < count; start += 500) {
    const some = [...Array(Math.min(500, count - start)).keys()]
    await insert(store, ...some.map((n) => incoming(makeRecord(start + n, { ...fields(start + n) }))))
  }
  return testDeps(store)
}

async function indexed(store: Store) {
  const rows = await store.db.selectFrom('example_index').selectAll().orderBy('candidate_seq').execute()
  return rows
}

function correct(deps: ReturnType<typeof testDeps>, n: number, text: string, reviewer = 'ada') {
  return submit(deps, { id: idOf(n), action: 'correct', corrected_response: text }, reviewer)
}

eachEngine((open) => {
  describe('an export', () => {
    it('is of one moment, whatever is decided meanwhile, and has the same bytes again', async () => {
      const { store, again } = await open()
      const deps = await withRecords(store, 360)
      for (let n = 0; n < 250; n++) await decide(store, idOf(n), `d${n}`, `text ${n}`)
      const before = await exported(deps)
      const other = testDeps(await again())
      let late = 250
      const during = await exported(deps, {}, async () => {
        for (let n = 0; n < 50 && late < 350; n++) await correct(other, late++, `late ${late}`)
        if (late === 300) await undo(other, { id: idOf(249) }, 'ada')
      })
      expect(late).toBe(350)
      expect(during.bytes.equals(before.bytes)).toBe(true)
      expect(before.outcome).toMatchObject({ examples: 250, lines: 250, bytes: before.bytes.length })
      expect(before.outcome.sha256).toBe(createHash('sha256').update(before.bytes).digest('hex'))
      expect((await exported(deps)).outcome.examples).toBe(349)
    })

    it('knows of each decision at once, and of the rest when it is asked', async () => {
      const { store } = await open()
      const elsewhere = { status: 'approved', corrected_response: 'elsewhere' }
      const deps = await withRecords(store, 6, (n) => (n === 5 ? elsewhere : {}))
      await fillIndex(deps)
      await correct(deps, 0, 'right')
      await correct(deps, 1, 'undone')
      await undo(deps, { id: idOf(1) }, 'ada')
      await submit(deps, { id: idOf(2), action: 'discard' }, 'bob')
      expect(await indexed(store)).toMatchObject([
        { status: 'approved', reviewer: 'ada', fault: null, pair_fault: null, suspect: 0 },
        { status: 'discarded', reviewer: 'bob' },
        { status: 'approved', reviewer: null, decision_seq: null, decided_elsewhere: 1 },
      ])
      const before = await indexed(store)
      await store.db.deleteFrom('example_index').execute()
      await fillIndex(deps)
      expect(await indexed(store)).toEqual(before)
    })

    it('judges everything again when the rules have changed', async () => {
      const { store } = await open()
      const deps = await withRecords(store, 1)
      await correct(deps, 0, 'right')
      await fillIndex(deps)
      await store.db.updateTable('example_index').set({ verdicts: '["old"]' }).execute()
      await fillIndex(deps)
      expect(await indexed(store)).toMatchObject([{ verdicts: '["old"]' }])
      await store.db.updateTable('settings').set({ value: '0' }).execute()
      await fillIndex(deps)
      expect((await indexed(store))[0]?.verdicts).not.toBe('["old"]')
    })

    it.each([
      [{ decided_by: ['bob'] }, [1]],
      [{ decided_by: ['bob', 'ada'] }, [0, 1]],
      [{ decided_from: '2026-04-08' }, [1]],
      [{ decided_to: '2026-04-07' }, [0]],
      [{ decided_to: '2026-04-07T22:00:00Z' }, []],
      [{ decided_from: '2026-04-07T23:59:59.999Z', decided_to: '2026-04-08T00:00:00.000Z' }, [0, 1]],
    ])('filters by %j', async (fields, numbers) => {
      const { store } = await open()
      const moments = ['2026-04-07T23:59:59.999Z', '2026-04-08T00:00:00.000Z']
      const deps = await withRecords(store, 2)
      for (const n of [0, 1]) {
        await correct({ ...deps, now: () => moments[n] as string }, n, `text ${n}`, n === 0 ? 'ada' : 'bob')
      }
      const { lines } = await exported(deps, fields)
      expect(lines.map((line) => Number(/"text (\d)"/.exec(line)?.[1]))).toEqual(numbers)
    })

    describe('of one prompt with different corrections', () => {
      const SAME = { prompt_messages: [{ role: 'user', content: 'Double n, please.' }] }

      async function conflicting(store: Store) {
        const deps = await withRecords(store, 6, (n) => (n < 4 ? SAME : {}))
        // The newest decision is not the last one in import order.
        for (const [n, text] of [
          [1, 'b'],
          [3, 'd'],
          [0, 'a'],
          [2, 'c'],
          [4, 'x'],
          [5, 'x'],
        ] as const) {
          await correct(deps, n, `the text ${text}`)
        }
        return deps
      }

      it('keeps all of them and names them', async () => {
        const deps = await conflicting((await open()).store)
        const { outcome } = await exported(deps)
        const ids = [2, 0, 3, 1].map(idOf)
        expect(outcome).toMatchObject({ examples: 6, conflicts: { prompts: 1, examples: 4, first: [ids] } })
      })

      it('takes the newest decision, wherever it stands', async () => {
        const deps = await conflicting((await open()).store)
        const { outcome, lines } = await exported(deps, { conflicts: 'newest' })
        expect(lines.map((line) => /the text (\w)/.exec(line)?.[1])).toEqual(['c', 'x', 'x'])
        expect(outcome.left_out.get('older_correction')).toEqual({ count: 3, ids: [0, 1, 3].map(idOf) })
      })

      it('refuses before the first byte', async () => {
        const deps = await conflicting((await open()).store)
        await expect(exported(deps, { conflicts: 'refuse' })).rejects.toMatchObject({
          code: 'conflicting_corrections',
          details: { prompts: 1, first: [[2, 0, 3, 1].map(idOf)] },
        })
      })

      it.each(CONFLICT_RULES)('finds none where the corrections are the same: %s', async (conflicts) => {
        const { store } = await open()
        const deps = await withRecords(store, 3, () => SAME)
        for (let n = 0; n < 3; n++) await correct(deps, n, 'the same text')
        expect((await exported(deps, { conflicts })).outcome).toMatchObject({
          examples: 3,
          conflicts: { prompts: 0, examples: 0 },
        })
      })
    })

    it('has its pairs without those that are none, and counts them', async () => {
      const { store } = await open()
      const answers = ['wrong', ' \n', 'right', 'wrong']
      const deps = await withRecords(store, 4, (n) => ({ model_response: answers[n] }))
      for (let n = 0; n < 3; n++) await correct(deps, n, 'right')
      const body = {
        action: 'correct',
        corrected_response: 'right',
        failure_category: 'scoring_artifact',
      } as const
      await submit(deps, { id: idOf(3), ...body }, 'ada')
      for (const format of ['trl-dpo', 'openai-dpo', 'llama-factory-dpo']) {
        const { outcome } = await exported(deps, { format, skip_invalid: true })
        expect(Object.fromEntries(outcome.left_out), format).toEqual({
          empty_answer: { count: 1, ids: [idOf(1)] },
          same_answer: { count: 1, ids: [idOf(2)] },
          scoring_artifact: { count: 1, ids: [idOf(3)] },
        })
        expect(outcome.examples).toBe(1)
      }
      const kto = await exported(deps, { format: 'kto' })
      expect(kto.outcome).toMatchObject({ examples: 4, lines: 5 })
      expect(kto.lines.filter((line) => line.endsWith('"label":false}'))).toHaveLength(1)
    })

    it('stops at what a trainer would refuse, or leaves it out when asked to', async () => {
      const { store } = await open()
      const odd = [
        { role: 'user', content: 'a' },
        { role: 'system', content: 'late' },
        { role: 'user', content: 'b' },
      ]
      const deps = await withRecords(store, 3, (n) => (n === 1 ? { prompt_messages: odd } : {}))
      for (let n = 0; n < 3; n++) await correct(deps, n, `a right answer ${n}`)
      await expect(exported(deps)).rejects.toMatchObject({
        code: 'invalid_examples',
        message: expect.stringContaining(idOf(1)),
      })
      const { outcome } = await exported(deps, { skip_invalid: true })
      expect(outcome.examples).toBe(2)
      expect(outcome.left_out.get('invalid')).toEqual({ count: 1, ids: [idOf(1)] })
    })

    it('reports every decision to people, with what no trainer could read', async () => {
      const { store } = await open()
      const image = [{ role: 'user', content: [{ type: 'image_url' }] }]
      const deps = await withRecords(store, 4, (n) => (n === 1 ? { prompt_messages: image } : {}))
      await correct(deps, 0, 'right')
      await submit(deps, { id: idOf(1), action: 'flag' }, 'ada')
      await submit(deps, { id: idOf(2), action: 'discard', failure_category: 'scoring_artifact' }, 'bob')
      const { bytes, outcome } = await exported(deps, { format: 'report' })
      const rows = bytes.toString('utf8').split('\r\n').slice(1, -1)
      expect(rows.map((row) => /,(approved|discarded|model_rejected),/.exec(row)?.[1])).toEqual([
        'approved',
        'model_rejected',
        'discarded',
      ])
      expect(outcome).toMatchObject({ examples: 3, conflicts: { prompts: 0 } })
    })
  })
})
