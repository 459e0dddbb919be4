/** Owns what the fine-tuning of Azure OpenAI accepts. */
import { defineConsumer, error, warning } from './consumer.ts'
import { DPO_NOTE, HOSTED } from './hosted-rules.ts'
import { noPrompt, rolesRepeat, roleTool, startsWithAnswer, systemNotFirst } from './order-checks.ts'
import { promptEmpty } from './text-checks.ts'

export default defineConsumer({
  name: 'azure',
  title: 'Azure OpenAI',
  rules_of: 'the fine-tuning guide of Azure OpenAI and the rules of OpenAI',
  explain: 'Fine-tuning jobs of Azure OpenAI: supervised and by preference (DPO).',
  shapes: {
    messages: { first: ['list'], answers: [], note: null },
    'openai-dpo': { first: ['list'], answers: ['list'], note: DPO_NOTE },
  },
  extra_keys:
    'It is not documented what happens to a key beside those of the format; the rules take it for refused.',
  too_long: 'its end is cut off, where the answer stands',
  rules: [
    ...HOSTED,
    error(promptEmpty, 'content must be text that is not empty'),
    error(rolesRepeat, 'it is refused with the words "contains invalid schema", and no more'),
    warning(roleTool, 'it needs the tools and their calls beside it'),
    warning(systemNotFirst, 'it is accepted, and rarely meant'),
    warning(startsWithAnswer, 'it is accepted, and rarely meant'),
    warning(noPrompt, 'it is accepted, and rarely meant'),
  ],
})
