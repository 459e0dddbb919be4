/** Owns the rules of who speaks when, for trainers that put a chat template around the messages. */
import { error, type Rule } from './consumer.ts'
import {
  noAnswer,
  noPrompt,
  rolesRepeat,
  roleUnknown,
  startsWithAnswer,
  systemNotFirst,
} from './order-checks.ts'

/** What a template such as Gemma's or Mistral's does with an order that it does not know. */
export const STRICT = 'strict chat templates stop the whole job at it'

/** `why` is what the consumer does with a broken order. */
export function orderRules(why: string): Rule[] {
  return [
    error(roleUnknown, why),
    error(systemNotFirst, why),
    error(startsWithAnswer, why),
    error(rolesRepeat, why),
    error(noPrompt, why),
    error(noAnswer, 'there is no answer to learn'),
  ]
}
