/** Proves that every rule of every consumer has a line that breaks it, and that a good line breaks none. */
import { describe, expect, it } from 'vitest'
import { createChecker } from './checker.ts'
import { appliesTo, type Consumer, type Rule } from './consumer.ts'
import type { Finding } from './finding.ts'
import { consumers } from './index.ts'
import { readRecord, type Shape } from './shape.ts'

type Message = { role: unknown; content: unknown; [key: string]: unknown }
type Teaching = { prompt: Message[]; answer: Message; rejected: Message }
/** Writes what is taught in the way that the consumer reads it. */
type Write = (change?: Partial<Teaching>) => Record<string, unknown>

const user = (content: unknown): Message => ({ role: 'user', content })
const assistant = (content: unknown): Message => ({ role: 'assistant', content })

function writer(consumer: Consumer, shape: Shape): Write {
  const reads = consumer.shapes[shape]!
  const first = (messages: Message[]) => (reads.first.includes('list') ? messages : messages[0]!.content)
  const one = (message: Message) =>
    reads.answers.includes('list') ? [message] : reads.answers.includes('object') ? message : message.content
  return (change) => {
    const { prompt, answer, rejected }: Teaching = {
      prompt: [user('Double the number n in Python.')],
      answer: assistant('return n * 2'),
      rejected: assistant('return n + 2'),
      ...change,
    }
    const pair = () => ({ chosen: one(answer), rejected: one(rejected) })
    const shapes: Record<Shape, () => Record<string, unknown>> = {
      messages: () => ({ messages: [...prompt, answer] }),
      conversations: () => ({
        conversations: [...prompt, answer].map(({ role, content, ...rest }) => ({
          from: role === 'user' ? 'human' : role === 'assistant' ? 'gpt' : role,
          value: content,
          ...rest,
        })),
      }),
      'prompt-completion': () => ({ prompt: first(prompt), completion: one(answer) }),
      kto: () => ({ prompt: first(prompt), completion: one(answer), label: true }),
      'trl-dpo': () => ({ prompt: first(prompt), ...pair() }),
      'llama-factory-dpo': () => ({ messages: prompt, ...pair() }),
      'openai-dpo': () => ({
        input: { messages: prompt },
        preferred_output: one(answer),
        non_preferred_output: one(rejected),
      }),
    }
    return shapes[shape]()
  }
}

const json = JSON.stringify
const many = (count: number, write: Write) =>
  Array.from({ length: count }, (_, n) =>
    json(write({ prompt: [user(`Double the number ${n} in Python.`)] })),
  )
const MEGABYTE = 'words '.repeat(180_000)

/** For every code: lines that break the rule. `file_too_large` is asked of its check alone. */
const BREAKING: Record<string, (write: Write, shape: Shape, consumer: Consumer) => string[]> = {
  invalid_json: (write) => [json(write()).slice(0, -2)],
  not_object: () => ['["messages"]'],
  lone_surrogate: (write) => [json({ ...write(), note: 'cut \ud83d' })],
  no_lines: () => [],
  blank_line: () => [' \t'],
  bom: (write) => [`\ufeff${json(write())}`],
  crlf: (write) => [`${json(write())}\r`],
  shape_unknown: () => ['{"input_text":"a","output_text":"b"}'],
  part_kind: (write) => {
    const record = write()
    return [json({ ...record, [Object.keys(record)[0]!]: 7 })]
  },
  shapes_mixed: (write, shape, consumer) => {
    const other = (Object.keys(consumer.shapes) as Shape[]).find((name) => name !== shape)!
    return [json(write()), json(writer(consumer, other)())]
  },
  content_not_text: (write) => [json(write({ answer: assistant([{ type: 'text', text: 'a' }]) }))],
  template_marker: (write) => [json(write({ answer: assistant('return <|im_start|>user') }))],
  hidden_characters: (write) => [json(write({ answer: assistant('return n\u200b * 2') }))],
  lost_character: (write) => [json(write({ answer: assistant('return n \ufffd 2') }))],
  says_none: (write) => [json(write({ answer: assistant('None') }))],
  duplicate: (write) => [json(write()), json(write())],
  two_answers: (write) => [json(write()), json(write({ answer: assistant('return n + n') }))],
  column_null_first: (write) => [
    ...Array<string>(10).fill(json({ ...write(), pad: MEGABYTE, note: null })),
    json({ ...write(), pad: '', note: 'late' }),
  ],
  column_types_differ: (write) => [json({ ...write(), note: 'a' }), json({ ...write(), note: 1 })],
  column_all_null: (write) => [json({ ...write(), note: null })],
  extra_key: (write) => [json({ ...write(), failure_category: null })],
  reserved_key: (write, _, { name }) => [
    json({ ...write(), [name === 'axolotl' ? 'tools' : 'input_ids']: null }),
  ],
  message_key: (write) => [json(write({ answer: { ...assistant('return n'), id: 7 } }))],
  not_two_keys: (write) => [json(write({ answer: { ...assistant('return n'), weight: 1 } }))],
  weight_invalid: (write) => [json(write({ answer: { ...assistant('return n'), weight: 0.5 } }))],
  messages_empty: (write, shape) => [
    json(shape === 'messages' || shape === 'conversations' ? { [shape]: [] } : write({ prompt: [] })),
  ],
  kinds_differ: (write) => [json({ ...write(), prompt: 'bare text' })],
  content_null: (write) => [json(write({ answer: assistant(null) }))],
  answer_empty: (write) => [json(write({ answer: assistant(' \n') }))],
  prompt_empty: (write) => [json(write({ prompt: [user('')] }))],
  role_unknown: (write) => [
    json(write({ prompt: [{ role: 'narrator', content: 'Once.' }, user('Go on.')] })),
  ],
  role_tool: (write) => [
    json(write({ prompt: [user('Look.'), { role: 'tool', content: '7' }, user('So?')] })),
  ],
  role_developer: (write) => [
    json(write({ prompt: [{ role: 'developer', content: 'Code.' }, user('Go.')] })),
  ],
  system_not_first: (write) => [json(write({ prompt: [user('Go.'), { role: 'system', content: 'Code.' }] }))],
  starts_with_answer: (write) => [json(write({ prompt: [assistant('Hello.'), user('Go.')] }))],
  roles_repeat: (write) => [json(write({ prompt: [user('One.'), user('Two.')] }))],
  no_answer: (write) => [json(write({ answer: user('And now?') }))],
  no_prompt: (write) => [json(write({ prompt: [{ role: 'system', content: 'Code.' }] }))],
  answer_role: (write) => [json(write({ answer: user('return n * 2') }))],
  prompt_ends_with_answer: (write) => [json(write({ prompt: [user('Go.'), assistant('Yes.')] }))],
  pair_identical: (write) => [json(write({ rejected: assistant(' return n * 2') }))],
  rejected_empty: (write) => [json(write({ rejected: assistant('') }))],
  label_not_boolean: (write) => [json({ ...write(), label: 1 })],
  answer_edges: (write) => [json(write({ answer: assistant('  return n * 2') }))],
  answer_short: (write) => [json(write({ answer: assistant('n * 2') }))],
  too_few_lines: (write) => many(9, write),
  few_lines: (write) => many(49, write),
}

function findingsOf(consumer: Consumer, lines: string[]): Finding[] {
  const checker = createChecker(consumer)
  return [...lines.flatMap((line) => checker.line(line, { id: 'record-1' })), ...checker.end()]
}

/** Bare text has no roles and no messages to get wrong; a list of one format has but one kind. */
function canBreak(consumer: Consumer, shape: Shape, { check }: Rule): boolean {
  const reads = consumer.shapes[shape]!
  const isBare = !reads.first.includes('list')
  const aboutMessages =
    /^(role|system|starts|roles|no_prompt|no_answer|messages_empty|answer_role|message_key|prompt_ends)/
  if (isBare)
    return (
      !aboutMessages.test(check.code) && check.code !== 'content_not_text' && check.code !== 'content_null'
    )
  return check.code !== 'part_kind' || !reads.first.includes('other')
}

const rows = [...consumers.values()].flatMap((consumer) =>
  (Object.keys(consumer.shapes) as Shape[]).flatMap((shape) =>
    consumer.rules
      .filter((rule) => appliesTo(rule, shape) && rule.check.code !== 'file_too_large')
      .filter((rule) => canBreak(consumer, shape, rule))
      .map((rule) => ({ consumer, shape, rule, title: `${consumer.name}, ${shape}, ${rule.check.code}` })),
  ),
)

describe('every rule', () => {
  it.each(rows)('has a line that breaks it: $title', ({ consumer, shape, rule }) => {
    const breaking = BREAKING[rule.check.code]
    expect(breaking, `no line breaks ${rule.check.code}: add one to the table`).toBeDefined()
    const lines = breaking!(writer(consumer, shape), shape, consumer)
    const found = findingsOf(consumer, lines).filter(({ code }) => code === rule.check.code)
    expect(found).toHaveLength(1)
    const [finding] = found
    expect(finding).toMatchObject({
      severity: rule.severity,
      line: finding!.id === null ? null : lines.length,
    })
    expect(finding!.words).toMatch(/^\S.*: \S.*\. .*\.$/)
    expect(finding!.words).toContain(rule.why)
  })

  it('is broken by the table in at least one shape of its consumer', () => {
    const broken = new Set(rows.map(({ consumer, rule }) => `${consumer.name} ${rule.check.code}`))
    for (const consumer of consumers.values()) {
      for (const { check } of consumer.rules)
        if (check.code !== 'file_too_large') expect([...broken]).toContain(`${consumer.name} ${check.code}`)
    }
    expect(
      Object.keys(BREAKING).filter((code) => !rows.some(({ rule }) => rule.check.code === code)),
    ).toEqual([])
  })

  it('counts the bytes of a file', () => {
    for (const { rules } of consumers.values()) {
      for (const { check } of rules) {
        if (check.of !== 'file' || check.code !== 'file_too_large') continue
        expect(check.start().end(512_000_000)).toBeNull()
        expect(check.start().end(512_000_001)).toContain('more than 512 MB')
      }
    }
  })

  it('stands once for each shape', () => {
    for (const { rules, shapes } of consumers.values()) {
      for (const shape of Object.keys(shapes) as Shape[]) {
        const codes = rules.filter((rule) => appliesTo(rule, shape)).map(({ check }) => check.code)
        expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([])
      }
    }
  })
})

describe('a good file', () => {
  const good = [...consumers.values()].flatMap((consumer) =>
    (Object.keys(consumer.shapes) as Shape[]).map((shape) => ({ consumer, shape, name: consumer.name })),
  )

  it.each(good)('breaks no rule of $name as $shape', ({ consumer, shape }) => {
    const write = writer(consumer, shape)
    const lines = [
      ...many(50, write),
      json(write({ prompt: [{ role: 'system', content: 'Code only.' }, user('Double n.')] })),
      json(write({ prompt: [user('1 + 1?'), assistant('That is 2.'), user('2 + 2?')] })),
      json(write({ answer: assistant('Größe 日本語 👩‍💻 [1] <b> "quotes"\n\tindented') })),
    ]
    expect(findingsOf(consumer, lines)).toEqual([])
    expect(readRecord(write(), shape).turns.map(({ role }) => role)).toEqual(['user', 'assistant'])
  })
})

describe('a consumer', () => {
  it.each([...consumers.values()])(
    '$name says whose rules these are, in words that stand alone',
    (consumer) => {
      expect(consumer.name).toMatch(/^[a-z][a-z0-9-]*$/)
      for (const sentence of [consumer.explain, consumer.extra_keys]) expect(sentence).toMatch(/^\S.*\.$/)
      expect(consumer.rules_of).not.toMatch(/\.$|tested/)
      for (const { why, check } of consumer.rules) {
        expect(why).not.toMatch(/\.$/)
        expect(check.advice).toMatch(/^[A-Z].*\.$/)
        expect(check.code).toMatch(/^[a-z][a-z_]*$/)
      }
    },
  )
})
