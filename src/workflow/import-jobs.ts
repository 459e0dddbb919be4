/** Owns the imports of a server: each in the ledger at once, done one after the other in a thread of their own. */
import { Worker } from 'node:worker_threads'
import { AvocetError, type ErrorCode } from '../domain/error.ts'
import { beginImport, endImport } from '../store/imports.ts'
import { write } from '../store/open.ts'
import type { Deps } from './deps.ts'
import type { StateOf } from './import-ledger.ts'
import { extension } from './import-read.ts'
import { CANCELLED, type EndedImport, type ImportTarget, STOPPED, WORDS } from './import-run.ts'

export type Job = { id: number; done: Promise<EndedImport> }

export type ImportJobs = {
  /** Returns as soon as it has a number. `done` rejects when the store fails. */
  start(targets: ImportTarget[], options?: { leaveTail?: boolean }): Promise<Job>
  /** Nothing happens to one that has ended, or that another process runs. */
  cancel(id: number): void
  stateOf: StateOf
  /** What is under way ends between two transactions, and can be gone on with. */
  stop(): Promise<void>
}

export type RunRequest = {
  importSeq: number
  targets: ImportTarget[]
  source: string
  reviewer: string
  leaveTail: boolean
}
/** The thread's clock goes on from `moment`, in ISO 8601: it counts no time that the machine slept. */
export type ToWorker = { run: RunRequest; moment: string } | { abort: string } | { stop: true }
export type FromWorker =
  | { progress: { path: string; lines: number } }
  | { ended: EndedImport }
  | { failed: { code: string | undefined; message: string } }
export type WorkerStart = { address: string }

type Waiting = {
  request: RunRequest
  resolve(ended: EndedImport): void
  reject(error: Error): void
}

type Options = {
  source: string
  reviewer: string
  onProgress?: ((progress: { path: string; lines: number }) => void) | undefined
}

export function createImportJobs(deps: Deps, options: Options): ImportJobs {
  const waiting: Waiting[] = []
  let running: Waiting | undefined
  let worker: Worker | undefined
  let isStopped = false

  function next(): void {
    if (running) return
    running = waiting.shift()
    if (!running) return void worker?.unref()
    worker ??= startWorker()
    worker.ref()
    post({ run: running.request, moment: deps.now() })
  }

  function post(message: ToWorker): void {
    worker?.postMessage(message)
  }

  function startWorker(): Worker {
    const workerData: WorkerStart = { address: deps.store.address }
    const started = new Worker(new URL(`./import-worker${extension()}`, import.meta.url), { workerData })
    started.on('message', take)
    started.on('error', (error: Error) => {
      worker = undefined
      over((job) => job.reject(error))
    })
    return started
  }

  function take(message: FromWorker): void {
    if ('progress' in message) options.onProgress?.(message.progress)
    else if ('ended' in message) over((job) => job.resolve(message.ended))
    else over((job) => job.reject(toError(message.failed)))
  }

  function over(tell: (job: Waiting) => void): void {
    const job = running
    running = undefined
    if (job) tell(job)
    if (!isStopped) next()
  }

  /** One that never began. */
  async function leave(job: Waiting, state: 'cancelled' | 'interrupted'): Promise<void> {
    const id = job.request.importSeq
    const end = { state, trouble: WORDS[state], now: deps.now() }
    await write(deps.store, (trx) => endImport(trx, id, end))
    job.reject(new AvocetError('stopped', WORDS[state]))
  }

  return {
    async start(targets, { leaveTail = false } = {}) {
      if (isStopped) throw new AvocetError('stopped', 'Avocet is stopping. Import again when it runs.')
      const { source, reviewer } = options
      const importSeq = await write(deps.store, (trx) =>
        beginImport(trx, { source, reviewer, now: deps.now() }),
      )
      const { promise: done, resolve, reject } = Promise.withResolvers<EndedImport>()
      // Whoever does not wait for it finds the reason in the ledger.
      done.catch(() => {})
      waiting.push({ request: { importSeq, targets, source, reviewer, leaveTail }, resolve, reject })
      next()
      return { id: importSeq, done }
    },
    cancel(id) {
      if (running?.request.importSeq === id) post({ abort: CANCELLED })
      const at = waiting.findIndex(({ request }) => request.importSeq === id)
      for (const job of at === -1 ? [] : waiting.splice(at, 1)) void leave(job, 'cancelled').catch(() => {})
    },
    stateOf(id) {
      if (running?.request.importSeq === id) return 'running'
      return waiting.some(({ request }) => request.importSeq === id) ? 'waiting' : null
    },
    async stop() {
      isStopped = true
      for (const job of waiting.splice(0)) await leave(job, 'interrupted').catch(() => {})
      if (!worker) return
      const ended = new Promise((resolve) => worker?.once('exit', resolve))
      worker.ref()
      post({ abort: STOPPED })
      post({ stop: true })
      await ended
    },
  }
}

/** Classes do not survive the way between threads; the codes do. */
function toError({ code, message }: { code: string | undefined; message: string }): Error {
  return code === undefined ? new Error(message) : new AvocetError(code as ErrorCode, message)
}
