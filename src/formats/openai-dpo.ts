/** Writes preference pairs for hosted fine-tuning: one input and two outputs. */
import { defineFormat } from './format.ts'
import { openaiDpoUpload } from './loading.ts'
import { answer, MESSAGES } from './messages-columns.ts'

export default defineFormat({
  name: 'openai-dpo',
  title: 'Preference pairs for OpenAI',
  explain:
    "Taken by OpenAI, Azure and Together, as JSON Lines: the model's answer is the output not preferred.",
  shape: 'openai-dpo',
  covers: 'corrections',
  rejected: 'needed',
  columns: {
    input: { struct: { messages: MESSAGES } },
    preferred_output: MESSAGES,
    non_preferred_output: MESSAGES,
  },
  consumers: ['openai', 'together'],
  loading: [openaiDpoUpload],
  toRows: ({ prompt, completion, rejected }) => [
    {
      input: { messages: prompt },
      preferred_output: [answer(completion)],
      non_preferred_output: [answer(rejected)],
    },
  ],
})
