/** Writes chat messages with the failure category beside them: the house format. */

import { defineFormat } from './format.ts'
import { axolotlMessages, llamaFactoryMessages, trlAnnotated } from './loading.ts'
import { answer, MESSAGES } from './messages-columns.ts'

export default defineFormat({
  name: 'sft',
  title: 'Chat messages with failure category',
  explain: 'Read by TRL, Axolotl and LLaMA-Factory, which ignore the extra column.',
  shape: 'messages',
  covers: 'corrections',
  rejected: 'unused',
  columns: { messages: MESSAGES, failure_category: 'nullable text' },
  consumers: ['trl', 'axolotl', 'llama-factory'],
  loading: [trlAnnotated, axolotlMessages, llamaFactoryMessages],
  toRows: ({ prompt, completion, failure_category }) => [
    {
      messages: [...prompt, answer(completion)],
      failure_category,
    },
  ],
})
