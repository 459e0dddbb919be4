/** Owns records for tests: valid ones with sensible defaults, and files made of them. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

export type BenchmarkRecord = Record<string, unknown> & { id: string }

export const RUN_ID = '0b8e2f0a-6f1d-4f0e-9a52-3f1c7f5f2a77'

/** Numbered ids, so that order is visible in failures. */
export function makeRecord(number: number, fields: Record<string, unknown> = {}): BenchmarkRecord {
  return {
    id: `record-${String(number).padStart(4, '0')}`,
    source: 'cf-orch-benchmark',
    benchmark_run_id: RUN_ID,
    timestamp: '2026-04-07T14:31:09Z',
    status: 'needs_review',
    prompt_messages: [
      { role: 'system', content: 'Answer with code only.' },
      { role: 'user', content: `Task ${number}` },
    ],
    model_response: `wrong answer ${number}`,
    corrected_response: null,
    quality_score: 0.3,
    failure_reason: 'pattern_match: 1/3 required patterns matched; missing: [...]',
    task_id: 'code-function',
    task_type: 'code',
    task_name: 'Code: Write a Python function',
    model_id: 'Qwen/Qwen2.5-3B-Instruct',
    model_name: 'Qwen2.5-3B',
    node_id: 'heimdall',
    gpu_id: 0,
    tokens_per_sec: 38.4,
    ...fields,
  }
}

export function toJsonl(records: unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}

export async function writeRun(path: string, content: string | Uint8Array): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
  return path
}
