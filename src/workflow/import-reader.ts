/** Owns the thread that reads: one file at a time, never far ahead of the thread that writes. */
import { parentPort } from 'node:worker_threads'
import { sources } from '../sources/index.ts'
import type { Source } from '../sources/source.ts'
import { transferables } from './import-batch.ts'
import { BATCHES_AHEAD, type FromReader, type ReadRequest, readParts, toPlainError } from './import-read.ts'

type ToReader = { request: ReadRequest } | { taken: true; spare: ArrayBuffer[] }

const port = parentPort
if (!port) throw new Error('This file is the start of a thread.')
const spare: ArrayBuffer[] = []
let ahead = 0
let goOn = () => {}

port.on('message', (message: ToReader) => {
  if ('request' in message) void serve(message.request)
  else {
    spare.push(...message.spare)
    ahead -= 1
    goOn()
  }
})

function oneIsTaken(): Promise<void> {
  return new Promise((resolve) => {
    goOn = resolve
  })
}

async function serve(request: ReadRequest): Promise<void> {
  try {
    ahead = 0
    for await (const part of readParts(sources.get(request.source) as Source, request, spare, undefined)) {
      const moved = part.kind === 'lines' ? transferables(part) : []
      port?.postMessage({ part } satisfies FromReader, [...new Set(moved)])
      ahead += 1
      while (ahead >= BATCHES_AHEAD) await oneIsTaken()
    }
    port?.postMessage({ done: true } satisfies FromReader)
  } catch (error) {
    port?.postMessage({ failed: toPlainError(error) } satisfies FromReader)
  }
}
