/** Reads cf-orch's benchmark: one `sft_candidates.jsonl` per run, one wrong answer per line. */
import { readRecord } from '../domain/record.ts'
import { readJsonLines } from './read-json-lines.ts'
import { defineSource } from './source.ts'

export default defineSource({
  name: 'benchmark',
  title: 'cf-orch benchmark',
  explain:
    "cf-orch's scripts/benchmark.py writes sft_candidates.jsonl into scripts/bench_results/<timestamp>/.",
  example: {
    fileName: 'sft_candidates.jsonl',
    content: `${JSON.stringify({
      id: '6c1f3c3e-0d4b-4a53-9c43-0f2f6f1f5a10',
      source: 'cf-orch-benchmark',
      benchmark_run_id: '0b8e2f0a-6f1d-4f0e-9a52-3f1c7f5f2a77',
      timestamp: '2026-04-07T14:31:09Z',
      status: 'needs_review',
      prompt_messages: [
        { role: 'system', content: 'Answer with code only.' },
        { role: 'user', content: 'Write a function that doubles a number.' },
      ],
      model_response: 'def double(n):\n    return n + n + n',
      corrected_response: null,
      quality_score: 0.3,
      failure_reason: "pattern_match: 1/2 required patterns matched; missing: ['n * 2']",
      task_id: 'code-function',
      task_type: 'code',
      task_name: 'Code: Write a Python function',
      model_id: 'Qwen/Qwen2.5-3B-Instruct',
      model_name: 'Qwen2.5-3B',
      node_id: 'heimdall',
      gpu_id: 0,
      tokens_per_sec: 38.4,
    })}\n`,
  },
  claims: (name) => /^sft_candidates\.jsonl(\.gz|\.zst)?$/.test(name),
  open: (location, options) =>
    readJsonLines(location, options, readRecord, ['prompt_messages', 'model_response']),
})
