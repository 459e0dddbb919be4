/** Writes chat messages with the failure category beside them: the house format. */
import { defineFormat } from './format.ts'

export default defineFormat({
  name: 'sft',
  title: 'Chat messages with failure category',
  explain: 'Read by TRL and Axolotl, which ignore the extra column.',
  extension: 'jsonl',
  contentType: 'application/x-ndjson',
  toLine: ({ prompt, completion, failure_category }) =>
    JSON.stringify({
      messages: [...prompt, { role: 'assistant', content: completion }],
      failure_category,
    }),
})
