/** Owns the import's table of `npm run bench`: one run, each step in a process of its own, the median of several. */
import { spawnSync } from 'node:child_process'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeRecord, toJsonl } from '../support/make-record.ts'

/** `cpu`: ms of work in all threads, which tells more than the clock on a busy machine. */
type Measured = { ms: number; cpu: number; megabytes: number }
type Row = {
  step: string
  'lines/s': number
  'of (b)': number
  'µs of work a line': number
  'MB at most': number
}

const STEP = join(import.meta.dirname, 'import-step.ts')
const PYTHON = join(import.meta.dirname, 'original-reader.py')
/** Where the program itself keeps what it has compiled, see `cli/main.ts`. */
const COMPILED = join(import.meta.dirname, '../../node_modules/.cache/avocet')
const FEW = 10_000

/** `lines`: of about 2.9 KB each. `runs`: the median of so many is shown. */
export async function benchImport(folder: string, lines: number, runs: number): Promise<void> {
  const file = join(folder, 'all/sft_candidates.jsonl')
  const few = join(folder, 'few/sft_candidates.jsonl')
  await writeRecords(file, 0, lines)
  await writeRecords(few, lines, FEW)
  const db = (name: string) => join(folder, `${name}.db`)
  const found = new Map<string, Measured | null>()
  const onFresh = (name: string) => () => removeDatabase(db(name))
  const on = async (name: string, args: string[], before = async () => {}) => {
    found.set(name, await median(runs, args, before))
    process.stderr.write(`${name} ${Math.round(found.get(name)?.ms ?? 0)} ms\n`)
  }
  await on('(a) read and split', ['split', file])
  await on('(b) and JSON.parse', ['parse', file])
  await on('(c) DuckDB', ['duckdb', file, db('duck')], onFresh('duck'))
  await on('(d) import', ['import', file, db('ours')], onFresh('ours'))
  await on('(e) the unchanged file again', ['import', file, db('ours')])
  await on('(f) 10 k lines onto none', ['import', few, db('few')], onFresh('few'))
  // Onto what (d) stored; the first of them only, since the second one is no news any more.
  found.set('(f) 10 k lines onto what is stored', await median(1, ['import', few, db('ours')]))
  await on('(g) a Python reader', ['python', file, db('python')], onFresh('python'))
  print(found, lines)
}

async function median(
  runs: number,
  args: string[],
  before: () => Promise<void> = async () => {},
): Promise<Measured | null> {
  const measured: Measured[] = []
  for (let run = 0; run < runs; run++) {
    await before()
    const one = measure(args)
    if (!one) return null
    measured.push(one)
  }
  return measured.sort((a, b) => a.ms - b.ms)[Math.floor(runs / 2)] ?? null
}

/** Null when the step cannot be run here. With the options that this process has, as `scripts/run.mjs` gives them to the program. */
function measure(args: string[]): Measured | null {
  const [command, ...rest] =
    args[0] === 'python'
      ? ['python3', PYTHON, ...args.slice(1)]
      : [process.execPath, ...process.execArgv, STEP, ...args]
  const env = { ...process.env, NODE_COMPILE_CACHE: COMPILED }
  const { status, stdout } = spawnSync(command as string, rest, { encoding: 'utf8', env })
  return status === 0 ? (JSON.parse(stdout) as Measured) : null
}

async function removeDatabase(path: string): Promise<void> {
  for (const ending of ['', '-wal', '-shm', '.wal']) await rm(`${path}${ending}`, { force: true })
}

function print(found: Map<string, Measured | null>, lines: number): void {
  const parse = found.get('(b) and JSON.parse')?.ms ?? 0
  const rows: Row[] = []
  for (const [step, measured] of found) {
    if (!measured) {
      console.log(
        `${step}: left out; it needs ${step.includes('Python') ? 'python3' : 'npm install --no-save @duckdb/node-api'}`,
      )
      continue
    }
    const many = step.startsWith('(f)') ? FEW : lines
    const share = (parse / lines) * (many / measured.ms)
    rows.push({
      step,
      'lines/s': Math.round((many / measured.ms) * 1000),
      'of (b)': Number(share.toFixed(2)),
      'µs of work a line': Number(((measured.cpu * 1000) / many).toFixed(1)),
      'MB at most': measured.megabytes,
    })
  }
  console.table(rows)
  console.log('Goals: (d) 0.5 of (b), 1.3 x (c), 2.5 x (g); (e) 5 x (d); (f) within 1.5 x; 450 MB.')
}

/** Words in no order: they compress about as text does. */
async function writeRecords(file: string, first: number, count: number): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true })
  const handle = await open(file, 'w')
  const random = createRandom(first + 1)
  for (let start = 0; start < count; start += 1000) {
    const records = [...Array(Math.min(1000, count - start)).keys()].map((n) =>
      makeRecord(first + start + n, {
        id: `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-9${hex(random, 3)}-${hex(random, 12)}`,
        model_response: text(random, 2250),
      }),
    )
    await handle.write(toJsonl(records))
  }
  await handle.close()
}

const WORDS =
  'the answer is wrong because model returned value of function list dict print index error range while string number class object import return else true def none self name data item result count total first last next open close read write file path line text key map set'.split(
    ' ',
  )

function text(random: () => number, length: number): string {
  let words = ''
  while (words.length < length) {
    words += `${WORDS[Math.floor(random() * WORDS.length)]} `
    if (random() < 0.1) words += `${Math.floor(random() * 1000)}\n    `
  }
  return words
}

function hex(random: () => number, length: number): string {
  let digits = ''
  while (digits.length < length) digits += Math.floor(random() * 16).toString(16)
  return digits
}

/** xorshift: the same file in every run. */
function createRandom(seed: number): () => number {
  let state = (2_463_534_242 + seed) >>> 0
  return () => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 2 ** 32
  }
}
