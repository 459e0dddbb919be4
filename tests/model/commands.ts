/** Owns what can happen to cards: commands that act on the program and on the model alike, and compare them. */
import fc from 'fast-check'
import {
  type Card,
  type Expected,
  newCard,
  type Submit,
  saveDraft,
  standingOf,
  submit,
  undo,
  type Words,
} from './card-model.ts'
import type { World } from './world.ts'

export type Model = { cards: Card[]; newest: Submit | null; ids: number; run: string }
type Command = fc.AsyncCommand<Model, World>
type Age = 'known' | 'stale' | 'none'

const text = fc.constantFrom('', ' \n', 'return 1', '  indented\n', 'größer 🐦', 'a\u2028b', '"quoted"')
const words: fc.Arbitrary<Words> = fc.record({
  text: fc.oneof(
    text,
    fc.string({ maxLength: 12 }).map((each) => each.replaceAll('\0', '').toWellFormed()),
  ),
  category: fc.constantFrom(null, 'wrong_answer', 'hallucination'),
})
const kind = fc.constantFrom('correct', 'correct', 'discard', 'flag')
const age: fc.Arbitrary<Age> = fc.constantFrom('known', 'known', 'known', 'stale', 'none')
const index = fc.nat(5)

export const commands = [
  fc.tuple(index, kind, words, age).map(([n, kind, words, age]) =>
    command(`decide ${n} ${kind} ${age} ${JSON.stringify(words)}`, (model, world) => {
      const card = cardAt(model, n)
      const act = { ...words, kind, decision_id: nextId(model), version: versionFor(card, age) }
      model.newest = act
      return tell(world, card, act)
    }),
  ),
  fc.constant(
    command('the newest decision once more, word by word', async (model, world) => {
      const card = ownerOf(model)
      if (card && model.newest) await tell(world, card, model.newest)
    }),
  ),
  words.map((words) =>
    command(`its decision_id for other words: ${JSON.stringify(words)}`, async (model, world) => {
      const card = ownerOf(model)
      if (!card || !model.newest || isSame(words, model.newest)) return
      const answer = await world.post('submit', requestOf(card, { ...model.newest, ...words }))
      world.expect(answer, { status: 422 })
      await compare(world, card)
    }),
  ),
  fc.tuple(index, age).map(([n, age]) =>
    command(`undo ${n} ${age}`, async (model, world) => {
      const card = cardAt(model, n)
      const act = { decision_id: nextId(model), version: versionFor(card, age) }
      world.expect(await world.post('undo', { id: card.id, ...act }), undo(card, act))
      await compare(world, card)
    }),
  ),
  fc.tuple(index, age).map(([n, age]) =>
    command(`redo ${n} ${age}`, async (model, world) => {
      const card = cardAt(model, n)
      const undone = card.log.at(-1)?.kind === 'undo' ? card.log.at(-2) : undefined
      if (!undone || undone.kind === 'undo') return
      const act = { ...undone, kind: undone.kind, decision_id: nextId(model), version: versionFor(card, age) }
      await tell(world, card, act)
    }),
  ),
  fc.tuple(index, words, fc.nat(2), age).map(([n, words, tab, age]) =>
    command(`draft ${n} in tab ${tab} ${age} ${JSON.stringify(words)}`, async (model, world) => {
      const card = cardAt(model, n)
      const revision = card.draft?.revision ?? 0
      const base = { known: revision, stale: Math.max(0, revision - 1), none: null }[age]
      const body = { ...toBody(words), base_revision: base, writer: `tab-${tab}` }
      const answer = await world.put(`drafts/${card.id}`, body)
      world.expect(answer, saveDraft(card, words, `tab-${tab}`, base))
      await compare(world, card)
    }),
  ),
  fc.tuple(index, fc.integer({ min: 2, max: 4 })).map(([n, tabs]) =>
    command(`${tabs} tabs decide ${n} at the same moment`, async (model, world) => {
      const card = cardAt(model, n)
      const version = card.log.length
      const acts = [...Array(tabs).keys()].map((tab) => {
        const decision_id = nextId(model)
        return {
          decision_id,
          kind: 'correct' as const,
          text: `of ${decision_id} in ${tab}`,
          category: null,
          version,
        }
      })
      const answers = await Promise.all(acts.map((act) => world.post('submit', requestOf(card, act))))
      const winner = answers.findIndex(({ status }) => status === 200)
      const order =
        winner === -1 ? acts : [acts[winner] as Submit, ...acts.filter((_, place) => place !== winner)]
      const expected = new Map(order.map((act) => [act, submit(card, act)]))
      // Which of the losers came first decides whose text is the draft; none of them may be missing.
      await adoptDraft(world, card)
      for (const [place, act] of acts.entries()) world.expect(answers[place], expected.get(act) as Expected)
      await compare(world, card)
    }),
  ),
  fc.constant(
    command('the server is started again', async (model, world) => {
      await world.restart()
      for (const card of model.cards) await compare(world, card)
    }),
  ),
  fc.nat(3).map((fresh) =>
    command(`everything is imported again with ${fresh} more, one of them changed`, async (model, world) => {
      const before = model.cards.length
      for (let n = 0; n < fresh; n++) model.cards.push(newCard(`${model.run}-${before + n}`))
      await world.importCards(model.cards.map(({ id }) => id))
      for (const card of model.cards) await compare(world, card)
    }),
  ),
  fc.constant(
    command('the queue and the export are read', async (model, world) => {
      const mine = (id: string): boolean => id.startsWith(`${model.run}-`)
      const of = (status: string) => model.cards.filter((card) => standingOf(card).status === status)
      world.same(
        'queue',
        (await world.queue()).filter(mine),
        of('needs_review').map(({ id }) => id),
      )
      const texts = of('approved').map((card) => standingOf(card).corrected_response)
      world.same('export', await world.exported(model.run), texts)
    }),
  ),
]

function command(name: string, run: (model: Model, world: World) => Promise<void>): Command {
  return {
    check: () => true,
    async run(model, world) {
      world.count()
      await run(model, world)
    },
    toString: () => name,
  }
}

function cardAt({ cards }: Model, n: number): Card {
  return cards[n % cards.length] as Card
}

function ownerOf({ cards, newest }: Model): Card | undefined {
  return cards.find(({ log }) => log.some(({ decision_id }) => decision_id === newest?.decision_id))
}

function nextId(model: Model): string {
  model.ids += 1
  return `${model.run}-d${model.ids}`
}

function versionFor({ log }: Card, age: Age): number | null {
  return { known: log.length, stale: log.length + 1, none: null }[age]
}

function isSame(one: Words, other: Words): boolean {
  return one.text === other.text && one.category === other.category
}

function toBody({ text, category }: Words) {
  return { text, failure_category: category }
}

function requestOf({ id }: Card, { decision_id, kind, text, category, version }: Submit) {
  return { id, action: kind, corrected_response: text, failure_category: category, decision_id, version }
}

async function tell(world: World, card: Card, act: Submit): Promise<void> {
  world.expect(await world.post('submit', requestOf(card, act)), submit(card, act))
  await compare(world, card)
}

async function adoptDraft(world: World, card: Card): Promise<void> {
  const { draft } = (await world.card(card.id)) ?? {}
  if (card.draft && card.texts.has(draft?.text)) card.draft.text = draft.text
}

/** Standing, versions without gaps, the log word by word, the draft, and every text that a person wrote. */
async function compare(world: World, card: Card): Promise<void> {
  const { candidate, history, draft, earlier_drafts } = await world.card(card.id)
  const { status, version, corrected_response, failure_category } = candidate
  world.same(
    `standing of ${card.id}`,
    { status, version, corrected_response, failure_category },
    standingOf(card),
  )
  world.same(
    `log of ${card.id}`,
    history.map((row: { decision_id: string; version: number }) => [row.version, row.decision_id]),
    card.log.map(({ decision_id }, place) => [place + 1, decision_id]),
  )
  const wanted = card.draft && {
    text: card.draft.text,
    category: card.draft.category,
    revision: card.draft.revision,
  }
  const found = draft && { text: draft.text, category: draft.failure_category, revision: draft.revision }
  world.same(`draft of ${card.id}`, found, wanted)
  const kept = new Set([draft, ...earlier_drafts].map((each) => each?.text))
  for (const row of history) kept.add(row.corrected_response)
  world.same(
    `lost texts of ${card.id}`,
    [...card.texts].filter((each) => !kept.has(each)),
    [],
  )
}
