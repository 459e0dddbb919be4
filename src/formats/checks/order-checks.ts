/** Owns the checks of who speaks, and in which order. */
import type { ExampleCheck } from './consumer.ts'
import type { Reading, Turn } from './shape.ts'

const CHAT = ['system', 'user', 'assistant']
const TOOLS = ['tool', 'function']

function orderCheck(code: string, advice: string, find: (turns: Turn[], reading: Reading) => string | null) {
  return {
    of: 'example',
    code,
    advice,
    find: (reading) => find(reading.turns, reading),
  } satisfies ExampleCheck
}

function firstOf(turns: Turn[], isWrong: (turn: Turn) => boolean, words: (turn: Turn) => string) {
  const turn = turns.find(isWrong)
  return turn ? words(turn) : null
}

/** Every speaker but the system. */
function speakers(turns: Turn[]): Turn[] {
  return turns.filter(({ role }) => role !== 'system')
}

export const roleUnknown = orderCheck(
  'role_unknown',
  'Use system, user and assistant.',
  (turns, { rejected }) =>
    firstOf(
      [...turns, ...(rejected ?? [])],
      ({ role }) => typeof role !== 'string' || ![...CHAT, ...TOOLS, 'developer'].includes(role),
      ({ place, role }) =>
        typeof role === 'string' ? `${place} has the role ${quote(role)}` : `${place} has no role`,
    ),
)

export const roleTool = orderCheck(
  'role_tool',
  'Leave conversations with tools out, or fold the result of the tool into a message of the user.',
  (turns) =>
    firstOf(
      turns,
      ({ role }) => TOOLS.includes(String(role)),
      ({ place, role }) => `${place} has the role ${quote(String(role))}`,
    ),
)

export const roleDeveloper = orderCheck('role_developer', 'Call it system.', (turns) =>
  firstOf(
    turns,
    ({ role }) => role === 'developer',
    ({ place }) => `${place} has the role "developer"`,
  ),
)

export const systemNotFirst = orderCheck(
  'system_not_first',
  'Join the system messages into one, at the start.',
  (turns) =>
    firstOf(
      turns.slice(1),
      ({ role }) => role === 'system',
      ({ place }) => `${place} is a system message, and not the first one`,
    ),
)

export const startsWithAnswer = orderCheck('starts_with_answer', 'Let the user begin.', (turns) => {
  const first = speakers(turns)[0]
  return first?.role === 'assistant' ? `${first.place} is an answer that nobody asked for` : null
})

export const rolesRepeat = orderCheck('roles_repeat', 'Join the two, or leave the line out.', (turns) => {
  const spoken = speakers(turns)
  const at = spoken.findIndex(
    ({ role }, index) => (role === 'user' || role === 'assistant') && spoken[index + 1]?.role === role,
  )
  const [one, other] = [spoken[at], spoken[at + 1]]
  return one && other ? `${one.place} and ${other.place} are both from the ${String(one.role)}` : null
})

export const noAnswer = orderCheck(
  'no_answer',
  'End the conversation with what the assistant should say.',
  (turns) => {
    const last = turns.at(-1)
    return last && last.role !== 'assistant' ? `${last.place} is the last message, and no answer` : null
  },
)

export const noPrompt = orderCheck('no_prompt', 'Put what the user asked before the answer.', (turns) =>
  turns.length === 0 || turns.some(({ role }) => role === 'user') ? null : 'there is no message of the user',
)

export const ORDER_CHECKS: ExampleCheck[] = [
  roleUnknown,
  roleTool,
  roleDeveloper,
  systemNotFirst,
  startsWithAnswer,
  rolesRepeat,
  noAnswer,
  noPrompt,
]

/** Names of the data in our sentences: short, and told apart from our words. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
