/** Writes decisions for people: one row each, to read, sort and count in a spreadsheet. */
import { defineFormat } from './format.ts'

export default defineFormat({
  name: 'report',
  title: 'A table for people',
  explain:
    'Every decision as one row, discarded and flagged ones too, for spreadsheets and notebooks; no trainer reads it.',
  shape: null,
  covers: 'decisions',
  rejected: 'unused',
  columns: {
    id: 'text',
    run: 'text',
    model: 'nullable text',
    task: 'nullable text',
    category: 'nullable text',
    score: 'nullable number',
    status: 'text',
    prompt: 'text',
    answer: 'text',
    correction: 'nullable text',
    reviewer: 'nullable text',
    decided_at: 'nullable text',
  },
  consumers: [],
  loading: [],
  toRows: ({ id, prompt, completion, rejected, failure_category, about }) => [
    {
      id,
      run: about.run_id,
      model: about.model_name,
      task: about.task_name,
      category: failure_category,
      score: about.quality_score,
      status: about.status,
      prompt: prompt.map(({ role, content }) => `${role}: ${content}`).join('\n\n'),
      answer: rejected,
      correction: about.status === 'approved' ? completion : null,
      reviewer: about.reviewer,
      decided_at: about.decided_at,
    },
  ],
})
