/** Owns what Unsloth reads. */
import { BASE, LOAD_DATASET } from './base-rules.ts'
import { defineConsumer, error, warning } from './consumer.ts'
import { roleDeveloper, roleTool } from './order-checks.ts'
import { orderRules, STRICT } from './order-rules.ts'
import { pairIdentical, rejectedEmpty } from './pair-checks.ts'
import {
  answerRole,
  kindsDiffer,
  messagesEmpty,
  notTwoKeys,
  promptEndsWithAnswer,
  reservedKey,
} from './shape-checks.ts'
import { answerEmpty, contentNull, promptEmpty } from './text-checks.ts'

const ASSERTED = 'standardize_data_formats stops at it'

export default defineConsumer({
  name: 'unsloth',
  title: 'Unsloth',
  rules_of: 'Unsloth, source 015bdef0d9, and unsloth_zoo, source ce232d6c',
  explain: 'Unsloth, whose SFTTrainer prepares the data in a way of its own.',
  shapes: {
    'prompt-completion': { first: ['list', 'text'], answers: ['list', 'text'], note: null },
    conversations: {
      first: ['list'],
      answers: [],
      note: 'Call standardize_data_formats first, and give the trainer a formatting_func.',
    },
    messages: {
      first: ['list'],
      answers: [],
      note: 'Give the trainer a formatting_func; without one it stops.',
    },
    'trl-dpo': { first: ['list', 'text'], answers: ['list', 'text'], note: null },
  },
  extra_keys: 'Removed, but for text, labels and input_ids, which take the place of the messages.',
  too_long: 'the trainer cuts off its end, where the answer stands, or drops it',
  rules: [
    ...BASE,
    ...LOAD_DATASET,
    ...orderRules(STRICT),
    error(
      reservedKey(['text', 'labels', 'input_ids']),
      'the trainer learns the column instead of the messages',
    ),
    error(notTwoKeys, ASSERTED, ['conversations']),
    error(roleTool, ASSERTED, ['conversations']),
    error(roleDeveloper, ASSERTED, ['conversations']),
    warning(roleTool, 'only the templates of some models know it', [
      'messages',
      'prompt-completion',
      'trl-dpo',
    ]),
    warning(roleDeveloper, 'only the templates of some models know it', [
      'messages',
      'prompt-completion',
      'trl-dpo',
    ]),
    error(messagesEmpty, 'one such line stops the whole job (IndexError)'),
    error(contentNull, 'the model learns to write "None"'),
    error(answerEmpty, 'it is accepted, and teaches the model to say nothing'),
    warning(promptEmpty, 'it is accepted, and rarely meant'),
    error(kindsDiffer, 'the trainer stops (TypeError)', ['prompt-completion', 'trl-dpo']),
    error(promptEndsWithAnswer, STRICT, ['prompt-completion', 'trl-dpo']),
    error(answerRole, 'the template writes it as somebody else', ['prompt-completion', 'trl-dpo']),
    error(pairIdentical, 'it is accepted, and nothing is learnt: the loss stays at 0.693', ['trl-dpo']),
    error(rejectedEmpty, 'it is accepted, and nothing useful is learnt', ['trl-dpo']),
  ],
})
