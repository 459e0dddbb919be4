/** Owns the shapes of a training line: which keys make one, and the turns and answers that it holds. */

/** The keys that a line has when it is of the shape. */
export const SHAPES = {
  messages: ['messages'],
  'prompt-completion': ['prompt', 'completion'],
  conversations: ['conversations'],
  'trl-dpo': ['prompt', 'chosen', 'rejected'],
  'openai-dpo': ['input', 'preferred_output', 'non_preferred_output'],
  'llama-factory-dpo': ['messages', 'chosen', 'rejected'],
  kto: ['prompt', 'completion', 'label'],
} as const

export type Shape = keyof typeof SHAPES
/** How messages are written: a list of them, one alone, or bare text. */
export type Kind = 'list' | 'object' | 'text' | 'other'

/** One message, with its place in the line for the words of a finding. Nothing is known of its values yet. */
export type Turn = { place: string; role: unknown; content: unknown; keys: string[] }

/** A part of a line that holds messages, such as `chosen`. */
export type Part = { key: string; kind: Kind; turns: Turn[] }

/** A line as the checks see it. */
export type Reading = {
  /** Null when the consumer does not read a line with these keys; then there are no turns. */
  shape: Shape | null
  record: Record<string, unknown>
  parts: Part[]
  /** The conversation that is learnt, in order: prompt, then the answer (of a pair, the chosen one). */
  turns: Turn[]
  /** The answer to be unlearnt, or null where the shape has none. */
  rejected: Turn[] | null
}

/** The shape whose keys the line has; of two that fit, the one with more keys. */
export function shapeOf(record: Record<string, unknown>): Shape | null {
  const fitting = (Object.keys(SHAPES) as Shape[]).filter((shape) =>
    SHAPES[shape].every((key) => Object.hasOwn(record, key)),
  )
  return fitting.sort((a, b) => SHAPES[b].length - SHAPES[a].length)[0] ?? null
}

export function readRecord(record: Record<string, unknown>, shape: Shape): Reading {
  const part = (key: string, role = 'assistant') => readPart(key, record[key], role)
  switch (shape) {
    case 'messages':
    case 'conversations':
      return reading(shape, record, [part(SHAPES[shape][0])])
    case 'prompt-completion':
    case 'kto':
      return reading(shape, record, [part('prompt', 'user'), part('completion')])
    case 'openai-dpo':
      return reading(
        shape,
        record,
        [readInput(record.input), part('preferred_output')],
        part('non_preferred_output'),
      )
    default:
      return reading(shape, record, [part(SHAPES[shape][0], 'user'), part('chosen')], part('rejected'))
  }
}

function reading(shape: Shape, record: Record<string, unknown>, learnt: Part[], rejected?: Part): Reading {
  return {
    shape,
    record,
    parts: rejected ? [...learnt, rejected] : learnt,
    turns: learnt.flatMap(({ turns }) => turns),
    rejected: rejected?.turns ?? null,
  }
}

function readInput(input: unknown): Part {
  return readPart('input.messages', isObject(input) ? input.messages : undefined, 'user')
}

/** `role` is that of bare text, whose place in the line says who speaks. */
function readPart(key: string, value: unknown, role: string): Part {
  if (typeof value === 'string') {
    return { key, kind: 'text', turns: [{ place: key, role, content: value, keys: ['role', 'content'] }] }
  }
  if (Array.isArray(value)) {
    return { key, kind: 'list', turns: value.map((item, at) => readTurn(`${key}[${at}]`, item)) }
  }
  if (isObject(value)) return { key, kind: 'object', turns: [readTurn(key, value)] }
  return { key, kind: 'other', turns: [] }
}

/** ShareGPT says `from` and `value`, and has names of its own for who speaks. */
const SHAREGPT_ROLES: Record<string, string> = {
  human: 'user',
  input: 'user',
  gpt: 'assistant',
  output: 'assistant',
}

function readTurn(place: string, message: unknown): Turn {
  if (!isObject(message)) return { place, role: undefined, content: undefined, keys: [] }
  const keys = Object.keys(message)
  if (!Object.hasOwn(message, 'from')) return { place, role: message.role, content: message.content, keys }
  const from = message.from
  const role = typeof from === 'string' && Object.hasOwn(SHAREGPT_ROLES, from) ? SHAREGPT_ROLES[from] : from
  return { place, role, content: message.value, keys }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
