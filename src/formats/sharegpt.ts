/** Writes conversations in the words of ShareGPT: two keys per message, `from` and `value`. */
import { defineFormat } from './format.ts'
import { axolotlShareGpt, llamaFactoryShareGpt, unslothShareGpt } from './loading.ts'
import { answer } from './messages-columns.ts'

/** What Unsloth's `standardize_sharegpt` and LLaMA-Factory's defaults call who speaks. */
const SPEAKERS = new Map([
  ['user', 'human'],
  ['assistant', 'gpt'],
])

export default defineFormat({
  name: 'sharegpt',
  title: 'ShareGPT conversations',
  explain: 'Read by Unsloth, LLaMA-Factory and Axolotl.',
  shape: 'conversations',
  covers: 'corrections',
  rejected: 'unused',
  columns: { conversations: { list: { struct: { from: 'text', value: 'text' } } } },
  consumers: ['unsloth', 'llama-factory', 'axolotl'],
  loading: [unslothShareGpt, llamaFactoryShareGpt, axolotlShareGpt],
  toRows: ({ prompt, completion }) => [
    {
      conversations: [...prompt, answer(completion)].map(({ role, content }) => ({
        from: SPEAKERS.get(role) ?? role,
        value: content,
      })),
    },
  ],
})
