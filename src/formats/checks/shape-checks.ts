/** Owns the checks of keys and kinds: what a format gets right for all of its lines, or for none. */
import type { Consumer, ShapeCheck } from './consumer.ts'
import { quote } from './order-checks.ts'
import { type Reading, SHAPES, type Shape } from './shape.ts'

function shapeCheck(
  code: string,
  advice: string,
  find: (reading: Reading, consumer: Consumer) => string | null,
) {
  return { of: 'shape', code, advice, find } satisfies ShapeCheck
}

export const shapeUnknown = shapeCheck(
  'shape_unknown',
  'Export in a format that it reads.',
  ({ shape, record }, consumer) => {
    if (shape !== null) return null
    const keys = Object.keys(record).slice(0, 6).map(quote).join(', ')
    const shapes = (Object.keys(consumer.shapes) as Shape[]).map((name) => SHAPES[name].join(' + '))
    return `the line has ${keys === '' ? 'no keys' : `the keys ${keys}`} where there should be ${shapes.join(', or ')}`
  },
)

const KIND_WORDS = {
  list: 'a list of messages',
  object: 'one message',
  text: 'bare text',
  other: 'neither text nor messages',
}

export const partKind = shapeCheck(
  'part_kind',
  'Export in the format made for this consumer.',
  ({ shape, parts }, consumer) => {
    const reads = shape && consumer.shapes[shape]
    if (!reads) return null
    const wrong = parts.find(({ kind }, at) => !(at === 0 ? reads.first : reads.answers).includes(kind))
    if (!wrong) return null
    const wanted = (wrong === parts[0] ? reads.first : reads.answers).map((kind) => KIND_WORDS[kind])
    return `${wrong.key} is ${KIND_WORDS[wrong.kind]} where there should be ${wanted.join(' or ')}`
  },
)

export const kindsDiffer = shapeCheck(
  'kinds_differ',
  'Write all of them as lists of messages, or all as text.',
  ({ parts }) => {
    const first = parts[0]
    const other = parts.find(({ kind }) => kind !== first?.kind)
    return first && other
      ? `${first.key} is ${KIND_WORDS[first.kind]}, and ${other.key} is ${KIND_WORDS[other.kind]}`
      : null
  },
)

export const messagesEmpty = shapeCheck('messages_empty', 'Leave the line out.', ({ parts }) => {
  const empty = parts.find(({ kind, turns }) => kind === 'list' && turns.length === 0)
  return empty ? `${empty.key} is an empty list` : null
})

export const answerRole = shapeCheck(
  'answer_role',
  'Write one message of the role assistant there.',
  ({ parts }) => {
    const wrong = answers(parts).find(({ turns }) => turns.length !== 1 || turns[0]?.role !== 'assistant')
    return wrong && wrong.turns.length > 0 ? `${wrong.key} is not one message of the assistant` : null
  },
)

/** The parts that hold an answer: all but the prompt, which comes first. */
function answers(parts: Reading['parts']): Reading['parts'] {
  return parts.slice(1)
}

export const promptEndsWithAnswer = shapeCheck(
  'prompt_ends_with_answer',
  'End the prompt with a message of the user.',
  ({ parts }) => {
    const last = parts.length > 1 ? parts[0]?.turns.at(-1) : undefined
    return last?.role === 'assistant' ? `${last.place} ends the prompt, and is an answer itself` : null
  },
)

export const labelNotBoolean = shapeCheck('label_not_boolean', 'Write true or false.', ({ record }) =>
  typeof record.label === 'boolean' ? null : 'label is neither true nor false',
)

/** `allowed` beside the keys of the shape itself. */
export function extraKey(allowed: string[]): ShapeCheck {
  return shapeCheck('extra_key', 'Export in a format without it, such as messages.', ({ shape, record }) => {
    const known: string[] = [...(shape ? SHAPES[shape] : []), ...allowed]
    const extra = Object.keys(record).find((key) => shape !== null && !known.includes(key))
    return extra === undefined ? null : `the line has the key ${quote(extra)}`
  })
}

export function reservedKey(reserved: string[]): ShapeCheck {
  return shapeCheck('reserved_key', 'Give the column another name, or leave it out.', ({ shape, record }) => {
    const own: string[] = shape ? [...SHAPES[shape]] : []
    const taken = reserved.find((key) => shape !== null && Object.hasOwn(record, key) && !own.includes(key))
    return taken === undefined ? null : `the line has the key ${quote(taken)}`
  })
}

export function messageKey(allowed: string[]): ShapeCheck {
  return shapeCheck('message_key', `Keep ${allowed.join(', ')} alone.`, ({ parts }) => {
    for (const { place, keys } of parts.flatMap(({ turns }) => turns)) {
      const extra = keys.find((key) => !allowed.includes(key))
      if (extra !== undefined) return `${place} has the key ${quote(extra)}`
    }
    return null
  })
}

export const notTwoKeys = shapeCheck(
  'not_two_keys',
  'Keep the speaker and the text, and nothing else.',
  ({ parts }) => {
    const wrong = parts.flatMap(({ turns }) => turns).find(({ keys }) => keys.length !== 2)
    return wrong ? `${wrong.place} has ${wrong.keys.length} keys instead of two` : null
  },
)

export const weightInvalid = shapeCheck('weight_invalid', 'Write 0 or 1, or leave it out.', ({ record }) => {
  const messages = Array.isArray(record.messages) ? record.messages : []
  const at = messages.findIndex(
    (message) => message?.weight !== undefined && message.weight !== 0 && message.weight !== 1,
  )
  return at === -1 ? null : `messages[${at}] has a weight that is neither 0 nor 1`
})
