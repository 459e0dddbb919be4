/** Owns what the trainers of TRL read. */
import { BASE, LOAD_DATASET } from './base-rules.ts'
import { defineConsumer, error, warning } from './consumer.ts'
import { roleDeveloper, roleTool } from './order-checks.ts'
import { orderRules, STRICT } from './order-rules.ts'
import { pairIdentical, rejectedEmpty } from './pair-checks.ts'
import {
  answerRole,
  kindsDiffer,
  labelNotBoolean,
  messagesEmpty,
  promptEndsWithAnswer,
  reservedKey,
} from './shape-checks.ts'
import { answerEmpty, contentNull, promptEmpty } from './text-checks.ts'

/** Columns that the trainers take for something of their own, whatever they hold. */
const RESERVED = [
  ...['messages', 'conversations', 'prompt', 'completion', 'chosen', 'rejected'],
  ...['labels', 'tools', 'images', 'image', 'input_ids', 'chat_template_kwargs', 'seq_lengths'],
]
const LENGTH = 'max_length is 1024 tokens unless you set it: what is longer is cut at the end'

export default defineConsumer({
  name: 'trl',
  title: 'TRL',
  rules_of: 'TRL 1.13.0',
  explain: 'SFTTrainer, DPOTrainer and KTOTrainer of Hugging Face TRL.',
  shapes: {
    messages: {
      first: ['list'],
      answers: [],
      note: `Set assistant_only_loss=True, or the prompt is learnt as well. ${LENGTH}, the answer first.`,
    },
    'prompt-completion': {
      first: ['list', 'text'],
      answers: ['list', 'text'],
      note: `${LENGTH}, and a line whose prompt fills it is dropped without a word.`,
    },
    'trl-dpo': { first: ['list', 'text'], answers: ['list', 'text'], note: `${LENGTH}.` },
    kto: { first: ['list', 'text'], answers: ['list', 'text'], note: `${LENGTH}.` },
  },
  extra_keys: 'Ignored, but for the names that the trainers reserve.',
  too_long: 'the trainer cuts off its end, where the answer stands, or drops it',
  rules: [
    ...BASE,
    ...LOAD_DATASET,
    ...orderRules(STRICT),
    error(reservedKey(RESERVED), 'the trainer takes the column for something of its own'),
    error(messagesEmpty, 'one such line stops the whole job (IndexError)'),
    error(contentNull, 'the model learns to write "None"'),
    error(answerEmpty, 'it is accepted, and teaches the model to say nothing'),
    warning(promptEmpty, 'it is accepted, and rarely meant'),
    warning(roleTool, 'only the templates of some models know it'),
    warning(roleDeveloper, 'only the templates of some models know it'),
    error(kindsDiffer, 'the trainer stops (TypeError)', ['prompt-completion', 'trl-dpo', 'kto']),
    error(promptEndsWithAnswer, STRICT, ['prompt-completion', 'trl-dpo', 'kto']),
    error(answerRole, 'the template writes it as somebody else', ['prompt-completion', 'trl-dpo', 'kto']),
    error(pairIdentical, 'it is accepted, and nothing is learnt: the loss stays at 0.693', ['trl-dpo']),
    error(rejectedEmpty, 'it is accepted, and nothing useful is learnt', ['trl-dpo']),
    error(labelNotBoolean, 'nobody knows whether the answer is good', ['kto']),
  ],
})
