/** Owns the answers about exports that the faked network gives, for the tests of the page. */
import type { Answer, ConsumerVerdict, ExportRecord, FormatDescription } from '../../contract.ts'
import { type Asked, json, problem } from '../review/fake-server.ts'

type Preview = Answer<'exportPreview'>

export function fakeFormat(name: string, changes: Partial<FormatDescription> = {}): FormatDescription {
  return {
    name,
    title: `Title of ${name}`,
    explain: `Sentence of ${name}.`,
    containers: ['jsonl', 'parquet'],
    example: '{}',
    consumers: ['trl'],
    loading: [],
    ...changes,
  }
}

export function fakeVerdict(name: string, changes: Partial<ConsumerVerdict> = {}): ConsumerVerdict {
  return {
    name,
    title: name.toUpperCase(),
    rules_of: `${name} 1.0`,
    verdict: 'passes',
    findings: [],
    ...changes,
  }
}

export function fakePreview(changes: Partial<Preview> = {}): Preview {
  return {
    file_name: 'avocet-sft-2026-04-07.jsonl',
    as: 'jsonl',
    found: 41,
    examples: 37,
    lines: 37,
    left_out: [
      {
        code: 'scoring_artifact',
        explain: 'the model was right',
        count: 4,
        ids: ['a', 'b'],
      },
    ],
    refused: null,
    conflicts: { prompts: 0, examples: 0, first: [] },
    consumers: [fakeVerdict('trl')],
    sample: ['{"messages":[1]}', '{"messages":[2]}'],
    loading: [
      {
        consumer: 'trl',
        title: 'TRL, SFTTrainer',
        file: 'train.py',
        language: 'python',
        checked: 'Checked against the rules of TRL 1.0.',
        code: 'trainer.train()',
      },
    ],
    ...changes,
  }
}

export function fakeRecord(changes: Partial<ExportRecord> = {}): ExportRecord {
  return {
    export_id: 1,
    format: 'sft',
    as: 'jsonl',
    query: {},
    examples: 37,
    lines: 37,
    left_out: 0,
    bytes: 12_345,
    sha256: 'abcdef0123456789',
    file: null,
    reviewer: 'ada',
    finished_at: '2026-04-07T12:00:00Z',
    address: '/api/sft/export?format=sft&as=jsonl',
    command: 'avocet export --format sft --as jsonl',
    ...changes,
  }
}

/** What a test sets, and may change while it runs. */
export type FakeExports = {
  formats: FormatDescription[]
  preview: (query: URLSearchParams) => Preview
  past: ExportRecord[]
}

export function fakeExports(
  changes: Partial<FakeExports> = {},
): FakeExports & { answer: (asked: Asked) => Response | undefined } {
  const world: FakeExports = {
    formats: [
      fakeFormat('kto'),
      fakeFormat('report', { containers: ['csv', 'jsonl', 'parquet'], consumers: [] }),
      fakeFormat('sft'),
    ],
    preview: () => fakePreview(),
    past: [],
    ...changes,
  }
  return Object.assign(world, { answer: (asked: Asked) => answer(world, asked) })
}

function answer(world: FakeExports, { path, query }: Asked): Response | undefined {
  if (path === '/api/sft/formats') return json(world.formats)
  if (path === '/api/sft/exports') return json(world.past)
  if (path === '/api/sft/reviewers') return json(['ada', 'grace'])
  if (path !== '/api/sft/export/preview') return undefined
  const format = query.get('format') ?? 'sft'
  return world.formats.some(({ name }) => name === format)
    ? json(world.preview(query))
    : problem(422, 'invalid_request', `There is no format "${format}".`)
}
