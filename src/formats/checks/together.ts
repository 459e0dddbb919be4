/** Owns what the fine-tuning of Together accepts. */
import { defineConsumer, error, warning } from './consumer.ts'
import { HOSTED } from './hosted-rules.ts'
import { noPrompt, rolesRepeat, roleTool, startsWithAnswer, systemNotFirst } from './order-checks.ts'
import { promptEmpty } from './text-checks.ts'

const DROPPED = 'the client refuses the file'

export default defineConsumer({
  name: 'together',
  title: 'Together',
  rules_of: "the validator of Together's Python client",
  explain: 'Fine-tuning jobs of Together AI, whose client looks at the file before the upload.',
  shapes: {
    messages: { first: ['list'], answers: [], note: null },
    'prompt-completion': { first: ['text'], answers: ['text'], note: null },
    'openai-dpo': { first: ['list'], answers: ['list'], note: null },
  },
  extra_keys: 'The client refuses the file at the first extra key, even when it is null.',
  too_long: 'its end is cut off, where the answer stands',
  rules: [
    ...HOSTED,
    error(rolesRepeat, DROPPED),
    error(roleTool, DROPPED),
    error(startsWithAnswer, DROPPED),
    error(systemNotFirst, DROPPED),
    warning(promptEmpty, 'it is accepted, and rarely meant'),
    warning(noPrompt, 'it is accepted, and rarely meant'),
  ],
})
