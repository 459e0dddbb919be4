/** Writes answers with a thumb: the correction up, the model's answer down, each in a row of its own. */
import { pairFault } from '../domain/example.ts'
import { defineFormat } from './format.ts'
import { trlKto } from './loading.ts'
import { answer, MESSAGES } from './messages-columns.ts'

export default defineFormat({
  name: 'kto',
  title: 'Good and bad answers for KTO',
  explain: "Read by TRL's KTOTrainer: label true for the correction, false for the model's answer.",
  shape: 'kto',
  covers: 'corrections',
  rejected: 'both',
  columns: { prompt: MESSAGES, completion: MESSAGES, label: 'boolean' },
  consumers: ['trl'],
  loading: [trlKto],
  toRows: (example) => {
    const { prompt, completion, rejected } = example
    const good = { prompt, completion: [answer(completion)], label: true }
    if (pairFault(example)) return [good]
    return [good, { prompt, completion: [answer(rejected)], label: false }]
  },
})
