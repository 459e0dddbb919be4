/** Owns what Axolotl reads. */
import { BASE, LOAD_DATASET } from './base-rules.ts'
import { defineConsumer, error, warning } from './consumer.ts'
import { roleDeveloper, roleTool } from './order-checks.ts'
import { orderRules, STRICT } from './order-rules.ts'
import { pairIdentical, rejectedEmpty } from './pair-checks.ts'
import type { Shape } from './shape.ts'
import { answerRole, messagesEmpty, promptEndsWithAnswer, reservedKey } from './shape-checks.ts'
import { answerEdges, answerEmpty, answerShort, contentNull, promptEmpty } from './text-checks.ts'

const SFT: Shape[] = ['messages', 'conversations']
const DPO: Shape[] = ['llama-factory-dpo']
const LENGTH = 'A line that is longer than sequence_len is dropped'

export default defineConsumer({
  name: 'axolotl',
  title: 'Axolotl',
  rules_of: 'Axolotl, source 067b021c8',
  explain: 'Axolotl with a data set of the type chat_template.',
  shapes: {
    messages: { first: ['list'], answers: [], note: `The type is chat_template. ${LENGTH}.` },
    conversations: {
      first: ['list'],
      answers: [],
      note: `The type is chat_template with field_messages and message_property_mappings. ${LENGTH}.`,
    },
    'llama-factory-dpo': {
      first: ['list'],
      answers: ['list', 'object', 'text'],
      note: `The type is chat_template.default. ${LENGTH}.`,
    },
  },
  extra_keys: 'Ignored, but for system, tools, images and prompt.',
  too_long: 'it is dropped',
  rules: [
    ...BASE,
    ...LOAD_DATASET,
    ...orderRules(STRICT),
    error(
      reservedKey(['system', 'tools', 'images', 'prompt']),
      'Axolotl takes the column for its own: system becomes a message',
    ),
    error(messagesEmpty, 'one such line stops the whole job (IndexError)'),
    error(contentNull, 'the null is taken out, and the template has nothing to write'),
    error(answerEmpty, 'nothing is trained, with no more than a warning', SFT),
    error(answerEmpty, 'the text of the pair becomes corrupt', DPO),
    warning(promptEmpty, 'it is accepted, and rarely meant'),
    warning(roleTool, 'only the templates of some models know it', SFT),
    error(roleTool, 'the map of roles does not know it (KeyError)', DPO),
    warning(roleDeveloper, 'only the templates of some models know it', SFT),
    error(roleDeveloper, 'the map of roles does not know it (KeyError)', DPO),
    error(promptEndsWithAnswer, STRICT, DPO),
    error(answerRole, 'the template writes it as somebody else', DPO),
    error(pairIdentical, 'there is nothing to prefer', DPO),
    error(rejectedEmpty, 'the text of the pair becomes corrupt', DPO),
    warning(answerEdges, 'with a template that trims, the text of the pair becomes corrupt', DPO),
    warning(
      answerShort,
      'when the same text stands in the template, the text of the pair becomes corrupt',
      DPO,
    ),
  ],
})
