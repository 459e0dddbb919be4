/** Owns what LLaMA-Factory reads. */
import { BASE, LOAD_DATASET } from './base-rules.ts'
import { defineConsumer, error, warning } from './consumer.ts'
import { roleDeveloper, roleTool } from './order-checks.ts'
import { orderRules } from './order-rules.ts'
import { pairIdentical, rejectedEmpty } from './pair-checks.ts'
import { answerRole, messagesEmpty, promptEndsWithAnswer } from './shape-checks.ts'
import { answerEmpty, contentNull, promptEmpty } from './text-checks.ts'

const DROPPED = 'the line is dropped, with no more than a warning'
const CUT = 'What is longer than cutoff_len is cut, prompt and answer alike.'

export default defineConsumer({
  name: 'llama-factory',
  title: 'LLaMA-Factory',
  rules_of: 'LLaMA-Factory, source ff6d4d12e',
  explain: 'LLaMA-Factory with an entry in dataset_info.json.',
  shapes: {
    messages: {
      first: ['list'],
      answers: [],
      note: `dataset_info.json must name the tags of the roles. ${CUT}`,
    },
    conversations: { first: ['list'], answers: [], note: CUT },
    'llama-factory-dpo': {
      first: ['list'],
      answers: ['object'],
      note: `dataset_info.json must say "ranking": true; only for the stages rm and dpo. ${CUT}`,
    },
  },
  extra_keys: 'Ignored.',
  too_long: 'prompt and answer are cut, each in proportion',
  rules: [
    ...BASE,
    ...LOAD_DATASET,
    ...orderRules(DROPPED),
    error(roleTool, DROPPED),
    error(roleDeveloper, DROPPED),
    error(messagesEmpty, DROPPED),
    error(contentNull, 'the model learns to write "None"'),
    error(answerEmpty, 'it is kept, and teaches the model to say nothing'),
    warning(promptEmpty, 'it is kept, and rarely meant'),
    error(promptEndsWithAnswer, DROPPED, ['llama-factory-dpo']),
    error(answerRole, DROPPED, ['llama-factory-dpo']),
    error(pairIdentical, 'there is nothing to prefer', ['llama-factory-dpo']),
    error(rejectedEmpty, 'there is nothing to avoid', ['llama-factory-dpo']),
  ],
})
