/** Writes preference pairs for LLaMA-Factory, which silently drops pairs whose answers are not single objects. */
import { defineFormat } from './format.ts'
import { axolotlDpo, llamaFactoryDpo } from './loading.ts'
import { answer, MESSAGE, MESSAGES } from './messages-columns.ts'

export default defineFormat({
  name: 'llama-factory-dpo',
  title: 'Preference pairs for LLaMA-Factory',
  explain: 'Read by LLaMA-Factory and Axolotl: chosen and rejected are one message each, not lists.',
  shape: 'llama-factory-dpo',
  covers: 'corrections',
  rejected: 'needed',
  columns: { messages: MESSAGES, chosen: MESSAGE, rejected: MESSAGE },
  consumers: ['llama-factory', 'axolotl'],
  loading: [llamaFactoryDpo, axolotlDpo],
  toRows: ({ prompt, completion, rejected }) => [
    { messages: prompt, chosen: answer(completion), rejected: answer(rejected) },
  ],
})
