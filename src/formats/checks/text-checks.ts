/** Owns the checks of what is said: text that is missing, broken, invisible, or that a trainer takes for something else. */
import { isBlank } from '../../domain/decision.ts'
import { stretchesOf } from '../../domain/hidden-characters.ts'
import type { ExampleCheck } from './consumer.ts'
import { quote } from './order-checks.ts'
import { isObject, type Reading, type Turn } from './shape.ts'

type TextTurn = Turn & { content: string }

function textCheck(code: string, advice: string, find: (turns: Turn[], reading: Reading) => string | null) {
  return {
    of: 'example',
    code,
    advice,
    find: (reading) => find([...reading.turns, ...(reading.rejected ?? [])], reading),
  } satisfies ExampleCheck
}

/** Asks the text of every message, and the place of the first that is wrong begins the finding. */
function eachText(turns: Turn[], find: (text: string, turn: TextTurn) => string | null): string | null {
  for (const turn of turns) {
    const found = typeof turn.content === 'string' ? find(turn.content, turn as TextTurn) : null
    if (found !== null) return `${turn.place} ${found}`
  }
  return null
}

export const contentNull = textCheck('content_null', 'Write its text, or leave the line out.', (turns) => {
  const turn = turns.find(({ content }) => content === null || content === undefined)
  return turn ? `${turn.place} has no text` : null
})

export const contentNotText = textCheck('content_not_text', 'Write the text itself: one string.', (turns) => {
  const turn = turns.find(
    ({ content }) => content !== null && content !== undefined && typeof content !== 'string',
  )
  if (!turn) return null
  const kind = Array.isArray(turn.content)
    ? 'a list'
    : isObject(turn.content)
      ? 'an object'
      : `a ${typeof turn.content}`
  return `${turn.place} holds ${kind} instead of text`
})

export const promptEmpty = textCheck('prompt_empty', 'Leave the empty message out.', (_, { turns }) =>
  eachText(turns, (text, { role }) => (role !== 'assistant' && isBlank(text) ? 'is empty' : null)),
)

export const answerEmpty = textCheck(
  'answer_empty',
  'Write the answer, or leave the line out.',
  (_, { turns }) =>
    eachText(turns, (text, { role }) => (role === 'assistant' && isBlank(text) ? 'is empty' : null)),
)

export const lostCharacter = textCheck(
  'lost_character',
  'Look at the card, and write what stood there.',
  (turns) =>
    eachText(turns, (text) =>
      text.includes('\ufffd') ? 'holds U+FFFD, the trace of a character that was lost' : null,
    ),
)

/** What chat templates of the common model families write around turns. */
const MARKERS =
  /<\|(?:im_start|im_end|im_sep|start_header_id|end_header_id|eot_id|begin_of_text|end_of_text|endoftext|user|assistant|system|end|start|message|channel|return|START_OF_TURN_TOKEN|END_OF_TURN_TOKEN)\|>|<(?:start|end)_of_turn>|\[\/?INST\]|<<\/?SYS>>|<\uff5c[^\uff5c<>]{1,40}\uff5c>|\[\/?(?:SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS)\]/

export const templateMarker = textCheck(
  'template_marker',
  'Take the markers out: the trainer writes its own around every message.',
  (turns) =>
    eachText(turns, (text) => {
      const marker = MARKERS.exec(text)?.[0]
      return marker === undefined ? null : `holds the chat-template marker ${quote(marker)}`
    }),
)

export const hiddenCharacters = textCheck(
  'hidden_characters',
  'Open the card, where they are marked, and delete those that do not belong there.',
  (turns) =>
    eachText(turns, (text) => {
      const name = stretchesOf(text).find(({ label }) => label !== undefined)?.name
      return name === undefined ? null : `holds what nobody sees (${name})`
    }),
)

export const saysNone = textCheck(
  'says_none',
  'If that is not the answer, leave the line out: a missing value was written as text.',
  (turns) =>
    eachText(turns, (text) =>
      /^\s*(None|null|nan|NaN|undefined|\[object Object\])\s*$/.test(text)
        ? `says only ${quote(text.trim())}`
        : null,
    ),
)

export const answerEdges = textCheck(
  'answer_edges',
  'Trim the text, unless the space belongs to it.',
  (turns) =>
    eachText(turns, (text, { role }) =>
      role === 'assistant' && text !== text.trim() ? 'begins or ends with white space' : null,
    ),
)

const SHORT = 8

export const answerShort = textCheck(
  'answer_short',
  'Write a whole sentence, or look at how the line is tokenised.',
  (turns) =>
    eachText(turns, (text, { role }) =>
      role === 'assistant' && text.trim().length < SHORT ? `has fewer than ${SHORT} characters` : null,
    ),
)

export const TEXT_CHECKS: ExampleCheck[] = [
  contentNull,
  contentNotText,
  promptEmpty,
  answerEmpty,
  lostCharacter,
  templateMarker,
  hiddenCharacters,
  saysNone,
  answerEdges,
  answerShort,
]
