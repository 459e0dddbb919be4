/** Writes the prompt and its completion apart, so that a trainer learns the completion alone without being told. */
import { defineFormat } from './format.ts'
import { trlPromptCompletion, unslothPromptCompletion } from './loading.ts'
import { answer, MESSAGES } from './messages-columns.ts'

export default defineFormat({
  name: 'prompt-completion',
  title: 'Prompt and completion',
  explain: 'Read by TRL and Unsloth, which then train on the completion alone.',
  shape: 'prompt-completion',
  covers: 'corrections',
  rejected: 'unused',
  columns: { prompt: MESSAGES, completion: MESSAGES },
  consumers: ['trl', 'unsloth'],
  loading: [trlPromptCompletion, unslothPromptCompletion],
  toRows: ({ prompt, completion }) => [{ prompt, completion: [answer(completion)] }],
})
