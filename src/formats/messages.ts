/** Writes chat messages and nothing else: what hosted fine-tuning takes, which refuses every other key. */
import { defineFormat } from './format.ts'
import { openaiUpload, togetherUpload, unslothMessages } from './loading.ts'
import { answer, MESSAGES } from './messages-columns.ts'

export default defineFormat({
  name: 'messages',
  title: 'Chat messages alone',
  explain: 'Taken by OpenAI, Azure and Together, as JSON Lines; read by Unsloth with three lines of code.',
  shape: 'messages',
  covers: 'corrections',
  rejected: 'unused',
  columns: { messages: MESSAGES },
  consumers: ['openai', 'together', 'unsloth'],
  loading: [openaiUpload, togetherUpload, unslothMessages],
  toRows: ({ prompt, completion }) => [{ messages: [...prompt, answer(completion)] }],
})
