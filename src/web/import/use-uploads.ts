/** Owns what is being sent to the server: one delivery after the other, each becomes one import. */
import { defineStore } from 'pinia'
import { reactive } from 'vue'
import { ApiError, toApiError, uploadFile } from '../api.ts'
import { useImports } from '../runs/use-imports.ts'
import { announce } from '../ui/announce.ts'
import { plural } from '../ui/format.ts'
import { askWanted, type Found } from './found-files.ts'

export type Delivery = {
  key: number
  title: string
  phase: 'looking' | 'sending' | 'stopped'
  files: number
  sentFiles: number
  /** Bytes of what was opened so far: the size of the rest is not known before. */
  size: number
  sent: number
  /** What else lay there, and was not sent. */
  others: number
  trouble: string | null
}

/** What the work needs and the screen does not. */
type Work = { find: () => Promise<Found[]>; files: Found[] | null; uploads: string[]; abort: AbortController }

/** The server takes so many in one import. */
const FILES_IN_IMPORT = 10_000

export const useUploads = defineStore('uploads', () => {
  const imports = useImports()
  const deliveries = reactive<Delivery[]>([])
  const works = new Map<number, Work>()
  let keys = 0
  let last: Promise<void> = Promise.resolve()

  /** `find` walks what was dropped. */
  function send(title: string, find: () => Promise<Found[]>): void {
    keys += 1
    works.set(keys, { find, files: null, uploads: [], abort: new AbortController() })
    const sizes = { files: 0, sentFiles: 0, size: 0, sent: 0, others: 0 }
    deliveries.push({ key: keys, title, phase: 'looking', ...sizes, trouble: null })
    go(deliveries.at(-1) as Delivery)
  }

  function go(delivery: Delivery): void {
    last = last.then(() => deliver(delivery))
    window.addEventListener('beforeunload', holdPage)
  }

  async function deliver(delivery: Delivery): Promise<void> {
    const work = works.get(delivery.key)
    if (!work) return
    try {
      const files = await findFiles(delivery, work)
      if (files.length === 0) return stop(delivery, nothingIn(delivery))
      delivery.phase = 'sending'
      await sendFiles(delivery, work, files)
      if (work.abort.signal.aborted) return
      for (let start = 0; start < work.uploads.length; start += FILES_IN_IMPORT) {
        const uploads = work.uploads.slice(start, start + FILES_IN_IMPORT)
        await imports.start({ uploads }, { name: delivery.title, others: delivery.others })
      }
      forget(delivery)
    } catch (error) {
      const { code, detail } = toApiError(error)
      if (code !== 'cancelled') stop(delivery, detail)
    }
  }

  async function findFiles(delivery: Delivery, work: Work): Promise<Found[]> {
    if (work.files) return work.files
    const { files, others } = await askWanted(await work.find())
    work.files = files
    Object.assign(delivery, { files: files.length, others })
    return files
  }

  /** Goes on behind what has arrived, when it is tried again. */
  async function sendFiles(delivery: Delivery, work: Work, files: Found[]): Promise<void> {
    const { signal } = work.abort
    for (const { name, open } of files.slice(work.uploads.length)) {
      const file = await open().catch(() => {
        throw new ApiError(0, 'unreadable', `${name} could not be read: it was moved, or may not be opened.`)
      })
      const before = delivery.sent
      delivery.size = before + file.size
      const onSent = (bytes: number) => {
        delivery.sent = before + Math.min(bytes, file.size)
      }
      if (signal.aborted) return
      try {
        work.uploads.push((await uploadFile(name, file, { onSent, signal })).upload_id)
      } catch (error) {
        delivery.sent = before
        throw error
      }
      delivery.sent = before + file.size
      delivery.sentFiles = work.uploads.length
    }
  }

  function stop(delivery: Delivery, trouble: string): void {
    Object.assign(delivery, { phase: 'stopped', trouble })
    announce(`${delivery.title} was not sent. ${trouble}`)
    letPageGo()
  }

  function retry(delivery: Delivery): void {
    Object.assign(delivery, { phase: 'looking', trouble: null })
    go(delivery)
  }

  function cancel(delivery: Delivery): void {
    works.get(delivery.key)?.abort.abort()
    announce(`${delivery.title} is not sent.`)
    forget(delivery)
  }

  function forget({ key }: Delivery): void {
    works.delete(key)
    const index = deliveries.findIndex((each) => each.key === key)
    if (index >= 0) deliveries.splice(index, 1)
    letPageGo()
  }

  function letPageGo(): void {
    if (deliveries.some(({ phase }) => phase !== 'stopped')) return
    window.removeEventListener('beforeunload', holdPage)
  }

  return { deliveries, send, retry, cancel }
})

/** The browser asks whether to leave: what is half sent would be lost. */
function holdPage(event: BeforeUnloadEvent): void {
  event.preventDefault()
}

function nothingIn({ others }: Delivery): string {
  return others === 0
    ? 'It is an empty folder.'
    : `None of its ${plural(others, 'file')} is a file of a benchmark run.`
}
