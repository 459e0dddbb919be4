/** Owns what `load_dataset` of Hugging Face reads: any columns, as long as they have a type. */
import { LOAD_DATASET, READABLE } from './base-rules.ts'
import { columnAllNull } from './column-checks.ts'
import { defineConsumer, type Reads, warning } from './consumer.ts'
import { duplicate } from './file-checks.ts'

const ANY: Reads = {
  first: ['list', 'object', 'text', 'other'],
  answers: ['list', 'object', 'text', 'other'],
  note: null,
}

export default defineConsumer({
  name: 'datasets',
  title: 'Hugging Face datasets',
  rules_of: 'datasets 5.0.1',
  explain: 'load_dataset of the Hugging Face datasets library, on which most trainers stand.',
  shapes: {
    messages: ANY,
    'prompt-completion': ANY,
    conversations: ANY,
    'trl-dpo': ANY,
    'openai-dpo': ANY,
    'llama-factory-dpo': ANY,
    kto: ANY,
  },
  extra_keys: 'Read as columns.',
  too_long: 'it is read, and the trainer behind cuts or drops it',
  rules: [
    ...READABLE,
    ...LOAD_DATASET,
    warning(columnAllNull, 'load_dataset stops when another split of the data set has text there'),
    warning(duplicate, 'it counts twice in the training'),
  ],
})
