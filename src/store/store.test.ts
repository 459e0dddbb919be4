/** Decisions, drafts, settings, the audit and the opening of a store, on SQLite and on PostgreSQL alike. */
import { describe, expect, it } from 'vitest'
import { eachEngine } from '../../tests/support/each-engine.ts'
import { makeRecord } from '../../tests/support/make-record.ts'
import { decide, incoming, insert, NOW, SHA } from '../../tests/support/store-acts.ts'
import { findCandidate } from './candidates.ts'
import { listCounters } from './counters.ts'
import { appendDecision, findDecision, listDecisions, lockCandidate } from './decisions.ts'
import {
  addDraft,
  consumeDraft,
  findDraft,
  findDrafts,
  keepText,
  listEarlierDrafts,
  saveDraft,
} from './drafts.ts'
import { migrated, type Store, write } from './open.ts'
import { getSetting, setSetting } from './settings.ts'
import { verifyStore } from './verify.ts'

eachEngine((open) => {
  describe('decisions', () => {
    it('moves the candidate, its version and its counters in one transaction', async () => {
      const { store } = await open()
      await insert(store, incoming(makeRecord(1)), incoming(makeRecord(2)))
      await decide(store, 'record-0001', 'd1', '  text\n')
      expect((await findCandidate(store.db, 'record-0001'))?.item).toMatchObject({
        status: 'approved',
        corrected_response: '  text\n',
        version: 1,
      })
      const rows = (await listCounters(store.db)).map(({ status, export_ready, n }) => ({
        status,
        export_ready,
        n,
      }))
      expect(rows).toHaveLength(2)
      expect(rows).toContainEqual({ status: 'approved', export_ready: 1, n: 1 })
      expect(rows).toContainEqual({ status: 'needs_review', export_ready: 0, n: 1 })
    })

    it('leaves nothing behind when the transaction fails after the row', async () => {
      const { store } = await open()
      await insert(store, incoming(makeRecord(1)))
      const failing = write(store, async (trx) => {
        const candidate = await lockCandidate(trx, store.locksRows, 'record-0001')
        if (!candidate) throw new Error('missing')
        const standing = { status: 'discarded', corrected_response: null, failure_category: null } as const
        await appendDecision(trx, candidate, standing, {
          ...{ decision_id: 'd1', action: 'discard', reviewer: 'ada', decided_at: NOW, request_sha256: SHA },
          ...{ active_seconds: null, began_from: null },
        })
        throw new Error('power cut')
      })
      await expect(failing).rejects.toThrow('power cut')
      expect(await findDecision(store.db, 'd1')).toBeUndefined()
      expect((await findCandidate(store.db, 'record-0001'))?.item).toMatchObject({
        status: 'needs_review',
        version: 0,
      })
      expect((await verifyStore(store)).differences).toEqual([])
    })

    it('keeps the log in order', async () => {
      const { store } = await open()
      await insert(store, incoming(makeRecord(1)))
      await decide(store, 'record-0001', 'd1', 'one')
      const seq = (await findCandidate(store.db, 'record-0001'))?.seq as number
      expect(
        (await listDecisions(store.db, seq)).map(({ decision_id, version }) => ({ decision_id, version })),
      ).toEqual([{ decision_id: 'd1', version: 1 }])
    })
  })

  describe('drafts', () => {
    const draft = (text: string) => ({ text, failure_category: null, began_from: null })
    const by = (reviewer: string, writer: string | null = null) => ({ reviewer, writer, now: NOW })

    async function openCard() {
      const { store } = await open()
      await insert(store, incoming(makeRecord(1)))
      const seq = (await findCandidate(store.db, 'record-0001'))?.seq as number
      const texts = async () => {
        const rows = await store.db.selectFrom('drafts').select('text').orderBy('seq').execute()
        return rows.map(({ text }) => text)
      }
      return { store, seq, texts }
    }

    it('replaces the own sentence and never a text of somebody else', async () => {
      const { store, seq, texts } = await openCard()
      await write(store, async (trx) => {
        expect(await saveDraft(trx, seq, draft('a'), by('ada'))).toEqual({ revision: 1 })
        expect(await saveDraft(trx, seq, draft('ab'), by('ada'))).toEqual({ revision: 2 })
        expect(await saveDraft(trx, seq, draft('b'), by('bob'))).toEqual({ revision: 3 })
        await addDraft(trx, seq, draft('undone'), by('bob'))
        await addDraft(trx, seq, draft('undone'), by('bob'))
        await keepText(trx, seq, draft('refused'), by('ada'))
        await keepText(trx, seq, draft('refused'), by('ada'))
      })
      expect(await findDraft(store.db, seq)).toMatchObject({ text: 'undone', revision: 4, reviewer: 'bob' })
      expect(await texts()).toEqual(['ab', 'b', 'undone', 'refused'])
      expect((await findDrafts(store.db, [seq])).get(seq)?.text).toBe('undone')
      await write(store, (trx) => consumeDraft(trx, seq))
      expect(await findDraft(store.db, seq)).toBeNull()
      const earlier = await listEarlierDrafts(store.db, seq)
      expect(earlier.map(({ text }) => text)).toEqual(['refused', 'undone', 'b', 'ab'])
    })

    it('sets aside what builds on another revision, and gives back the draft in its way', async () => {
      const { store, seq } = await openCard()
      await write(store, async (trx) => {
        expect(await saveDraft(trx, seq, draft('one'), by('ada', 'tab-1'), 0)).toEqual({ revision: 1 })
        const refused = await saveDraft(trx, seq, draft('two'), by('ada', 'tab-2'), 0)
        expect(refused).toMatchObject({ inTheWay: { text: 'one', revision: 1, reviewer: 'ada' } })
        expect(await saveDraft(trx, seq, draft('one more'), by('ada', 'tab-1'), 0)).toEqual({ revision: 2 })
        expect(await saveDraft(trx, seq, draft('two'), by('ada', 'tab-2'), 2)).toEqual({ revision: 3 })
      })
      expect((await findDraft(store.db, seq))?.text).toBe('two')
      const earlier = await listEarlierDrafts(store.db, seq)
      expect(earlier.map(({ text }) => text)).toEqual(['one more'])
    })

    it('keeps the text of a field that was emptied, and never counts a revision twice', async () => {
      const { store, seq } = await openCard()
      await write(store, async (trx) => {
        await saveDraft(trx, seq, draft('a long sentence'), by('ada', 'tab-1'), 0)
        expect(await saveDraft(trx, seq, draft(''), by('ada', 'tab-1'), 1)).toEqual({ revision: 2 })
        await consumeDraft(trx, seq)
        expect(await saveDraft(trx, seq, draft('again'), by('ada', 'tab-1'), 0)).toEqual({ revision: 3 })
      })
      const earlier = await listEarlierDrafts(store.db, seq)
      expect(earlier.map(({ text }) => text)).toEqual(['a long sentence'])
    })
  })

  describe('settings', () => {
    it('gives back what was set, and empty text before', async () => {
      const { store, again } = await open()
      expect(await getSetting(store.db, 'bench_results_dir')).toBe('')
      await write(store, (trx) => setSetting(trx, 'bench_results_dir', '/a b/'))
      await write(store, (trx) => setSetting(trx, 'bench_results_dir', '/c'))
      expect(await getSetting((await again()).db, 'bench_results_dir')).toBe('/c')
    })
  })

  describe('verify', () => {
    const faults: [string, (store: Store) => Promise<unknown>][] = [
      [
        'a status',
        (store) =>
          store.db
            .updateTable('candidates')
            .set({ status: 'discarded' })
            .where('id', '=', 'record-0002')
            .execute(),
      ],
      [
        'a text',
        (store) =>
          store.db
            .updateTable('candidates')
            .set({ corrected_response: 'forged' })
            .where('id', '=', 'record-0001')
            .execute(),
      ],
      [
        'a category',
        (store) =>
          store.db
            .updateTable('candidates')
            .set({ failure_category: 'wrong_answer' })
            .where('id', '=', 'record-0001')
            .execute(),
      ],
      [
        'a version',
        (store) =>
          store.db.updateTable('candidates').set({ version: 7 }).where('id', '=', 'record-0001').execute(),
      ],
      ['a counter', (store) => store.db.updateTable('counters').set({ n: 41 }).execute()],
      ['a lost counter', (store) => store.db.deleteFrom('counters').execute()],
      ['a lost decision', (store) => store.db.deleteFrom('decisions').execute()],
      [
        'raw bytes',
        (store) =>
          store.db
            .updateTable('payload_blocks')
            .set({ packing: 0, bytes: Buffer.alloc(2000, '{') })
            .execute(),
      ],
      [
        'a letter of a record',
        async (store) => {
          const { bytes } = await store.db
            .selectFrom('payload_blocks')
            .select('bytes')
            .executeTakeFirstOrThrow()
          const other = Buffer.from(Buffer.from(bytes).toString().replace('answer', 'answ3r'))
          expect(other.equals(bytes)).toBe(false)
          return store.db.updateTable('payload_blocks').set({ bytes: other }).execute()
        },
      ],
    ]

    it.each(faults)('finds %s that was changed behind its back', async (_, tamper) => {
      const { store } = await open()
      await insert(store, incoming(makeRecord(1)), incoming(makeRecord(2)))
      await decide(store, 'record-0001', 'd1', 'text')
      expect((await verifyStore(store)).differences).toEqual([])
      await tamper(store)
      expect((await verifyStore(store)).differences).not.toEqual([])
    })
  })

  describe('tidying', () => {
    it('waits while something is being written, and loses nothing', async () => {
      const { store } = await open()
      await insert(store, incoming(makeRecord(1)))
      await write(store, async () => store.tidy())
      store.tidy()
      expect((await verifyStore(store)).candidates).toBe(1)
      await store.close()
      store.tidy()
    })
  })

  describe('opening', () => {
    it('finds what was written when it is opened again', async () => {
      const { store, again } = await open()
      await insert(store, incoming(makeRecord(1)))
      await decide(store, 'record-0001', 'd1', 'text')
      expect((await findCandidate((await again()).db, 'record-0001'))?.item.status).toBe('approved')
    })

    it('refuses a database of a newer Avocet', async () => {
      const { store } = await open()
      const db = store.db as unknown as import('kysely').Kysely<Record<string, Record<string, unknown>>>
      await db.insertInto('kysely_migration').values({ name: '9999-future', timestamp: NOW }).execute()
      await expect(migrated(store)).rejects.toMatchObject({ code: 'store_unusable' })
    })
  })
})
