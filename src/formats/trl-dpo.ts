/** Writes preference pairs for TRL: prompt, chosen and rejected, each a list of messages. */
import { defineFormat } from './format.ts'
import { trlDpo } from './loading.ts'
import { answer, MESSAGES } from './messages-columns.ts'

export default defineFormat({
  name: 'trl-dpo',
  title: 'Preference pairs for TRL',
  explain: "Read by TRL's DPOTrainer: the correction is chosen, the model's answer is rejected.",
  shape: 'trl-dpo',
  covers: 'corrections',
  rejected: 'needed',
  columns: { prompt: MESSAGES, chosen: MESSAGES, rejected: MESSAGES },
  consumers: ['trl'],
  loading: [trlDpo],
  toRows: ({ prompt, completion, rejected }) => [
    { prompt, chosen: [answer(completion)], rejected: [answer(rejected)] },
  ],
})
