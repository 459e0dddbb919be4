/** Owns the rules of the services that take a file as OpenAI does: strict about keys, read line by line. */
import { BASE } from './base-rules.ts'
import { error, type Rule, warning } from './consumer.ts'
import { fewerLines, largerThan } from './file-checks.ts'
import { noAnswer, roleDeveloper, roleUnknown } from './order-checks.ts'
import { pairIdentical, rejectedEmpty } from './pair-checks.ts'
import { blankLine, bom, crlf } from './raw-checks.ts'
import { answerRole, extraKey, messageKey, messagesEmpty, weightInvalid } from './shape-checks.ts'
import { answerEmpty, contentNull } from './text-checks.ts'

const MESSAGE_KEYS = ['role', 'content', 'name', 'weight']
const REFUSED = 'the upload is refused'

export const HOSTED: Rule[] = [
  ...BASE,
  error(bom, REFUSED),
  error(blankLine, 'every line must be a JSON dictionary'),
  warning(crlf, 'the format asks for line feeds alone'),
  error(
    extraKey(['tools', 'parallel_tool_calls', 'functions']),
    'a key that is not in the format is refused',
  ),
  error(messageKey(MESSAGE_KEYS), 'a message with another key is refused', ['messages']),
  error(weightInvalid, REFUSED, ['messages']),
  error(messagesEmpty, REFUSED),
  error(contentNull, REFUSED),
  error(answerEmpty, 'it is refused, or teaches the model to say nothing'),
  error(roleUnknown, REFUSED),
  error(roleDeveloper, REFUSED),
  error(noAnswer, 'there is nothing to learn in it'),
  error(answerRole, REFUSED, ['openai-dpo']),
  error(pairIdentical, 'there is nothing to prefer', ['openai-dpo']),
  error(rejectedEmpty, REFUSED, ['openai-dpo']),
  error(fewerLines('too_few_lines', 1, 10), 'at least ten are wanted'),
  warning(fewerLines('few_lines', 10, 50), 'the guide recommends fifty to begin with'),
  error(largerThan(512), 'the upload is refused above that'),
]

export const DPO_NOTE = 'Choose the method "dpo" when you create the job.'
