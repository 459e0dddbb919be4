/** Owns the thread in which a server imports: its own connection, short transactions, one import at a time. */
import { parentPort, workerData } from 'node:worker_threads'
import { AvocetError } from '../domain/error.ts'
import { sources } from '../sources/index.ts'
import type { Source } from '../sources/source.ts'
import { openStore } from '../store/dialect.ts'
import type { Deps } from './deps.ts'
import type { FromWorker, RunRequest, ToWorker, WorkerStart } from './import-jobs.ts'
import { importRun } from './import-run.ts'

const port = parentPort
if (!port) throw new Error('This file is the start of a thread.')
const { address } = workerData as WorkerStart
let began = { moment: 0, at: 0 }
const store = openStore(address)
const deps: Deps = {
  store,
  now: () => new Date(began.moment + performance.now() - began.at).toISOString(),
  newId: () => crypto.randomUUID(),
  log: () => {},
}
let aborting: AbortController | undefined
let working: Promise<void> = Promise.resolve()

port.on('message', (message: ToWorker) => {
  if ('run' in message) {
    began = { moment: Date.parse(message.moment), at: performance.now() }
    working = run(message.run)
  }
  if ('abort' in message) aborting?.abort(message.abort)
  if ('stop' in message) void working.then(stop)
})

async function run({ targets, source, ...options }: RunRequest): Promise<void> {
  aborting = new AbortController()
  let last = 0
  const onProgress = (progress: { path: string; lines: number }) => {
    if (performance.now() - last < 100) return
    last = performance.now()
    tell({ progress })
  }
  try {
    const known = sources.get(source) as Source
    const ended = await importRun(deps, targets, {
      ...options,
      ...{ source: known, signal: aborting.signal, onProgress },
    })
    tell({ ended })
  } catch (error) {
    const { message } = error as Error
    tell({ failed: { code: error instanceof AvocetError ? error.code : undefined, message } })
  }
}

function tell(message: FromWorker): void {
  port?.postMessage(message)
}

async function stop(): Promise<void> {
  await store.close()
  port?.close()
}
