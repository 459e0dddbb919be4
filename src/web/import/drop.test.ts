/** Proves that files may be dropped anywhere: folders are walked, what an import reads is sent, and one import takes it in. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { fakeUploads, type Sent } from '../../../tests/support/fake-uploads.ts'
import { type OpenApp, openApp } from '../open-app.ts'
import { cards, fakeNetwork } from '../review/fake-network.ts'
import { problem } from '../review/fake-server.ts'
import { importReport } from './fake-imports.ts'
import { filesDropped } from './found-files.ts'

let network: ReturnType<typeof fakeNetwork>
let app: OpenApp
let sent: Sent[]
let hold: (() => Promise<Response | undefined>) | undefined

beforeEach(() => {
  hold = undefined
  network = fakeNetwork(cards(3), { imports: () => importReport() })
  sent = fakeUploads(() => hold?.() ?? Promise.resolve(undefined))
})
afterEach(async () => {
  app.unmount()
  network.restore()
})

function fire(type: string, files: File[], on: Element = document.body): DragEvent {
  const dataTransfer = new DataTransfer()
  for (const file of files) dataTransfer.items.add(file)
  const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true })
  on.dispatchEvent(event)
  return event
}

const jsonl = (name = 'sft_candidates.jsonl', text = '{"id":"a"}') => new File([text], name)
const surface = () => document.querySelector('.surface')
const started = () => network.of('/imports').flatMap(({ method, body }) => (method === 'POST' ? [body] : []))

describe('a file held over the page', () => {
  it('shows where to let go, on every page, until it leaves', async () => {
    app = await openApp('/insights')
    expect(fire('dragenter', [jsonl()]).defaultPrevented).toBe(true)
    await expect.element(page.getByText('Drop benchmark files or run folders to import them')).toBeVisible()
    fire('dragleave', [jsonl()])
    await expect.poll(surface).toBeNull()
  })

  it('is told from a text that is dragged, which the page leaves alone', async () => {
    app = await openApp('/insights')
    const dataTransfer = new DataTransfer()
    dataTransfer.setData('text/plain', 'some words')
    const event = new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true })
    document.body.dispatchEvent(event)
    expect(event.defaultPrevented).toBe(false)
    expect(surface()).toBeNull()
  })
})

describe('a file that is dropped', () => {
  it('is sent as it is, imported, and its report stands on the page of runs', async () => {
    app = await openApp('/')
    await expect.poll(() => app.store.current?.id).toBe('c1')
    fire('dragenter', [jsonl()])
    fire('drop', [jsonl('mended.jsonl', '{"id":"m"}')])
    // Two pages are fetched on the way.
    await expect.poll(app.address, { timeout: 10_000 }).toBe('/runs?import=7')
    expect(sent).toEqual([{ name: 'mended.jsonl', text: '{"id":"m"}' }])
    expect(started()).toEqual([{ uploads: ['u1'] }])
    await expect.poll(() => document.querySelector('#report')?.textContent).toBe('Import of mended.jsonl')
    await expect.poll(app.said).toContain('16 new cards')
    expect(app.store.current?.id).toBe('c1')
  })

  it('before the surface is there is taken all the same', async () => {
    app = await openApp('/runs')
    fire('drop', [jsonl()])
    await expect.poll(() => sent.length, { timeout: 10_000 }).toBe(1)
  })

  it('among others is sent alone, and the report says how many stayed', async () => {
    app = await openApp('/runs')
    fire('drop', [jsonl(), jsonl('summary.json'), jsonl('notes.txt')])
    await expect.element(page.getByText(/^2 other files beside it were not sent/)).toBeVisible()
    expect(sent.map(({ name }) => name)).toEqual(['sft_candidates.jsonl'])
    expect(network.of('/wanted')[0]?.body).toEqual({
      names: ['sft_candidates.jsonl', 'summary.json', 'notes.txt'],
    })
  })

  it('shows how far it is, and can be called back', async () => {
    const gate = Promise.withResolvers<Response | undefined>()
    hold = () => gate.promise
    app = await openApp('/runs')
    fire('drop', [jsonl('big.jsonl', 'x'.repeat(4000))])
    await expect.element(page.getByText('Sending: 2.0 KB of 4.0 KB')).toBeVisible()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await expect.poll(() => document.querySelector('[aria-labelledby="under-way"]')).toBeNull()
    gate.resolve(undefined)
    expect(app.said()).toContain('big.jsonl is not sent.')
    expect(started()).toEqual([])
  })

  it('that is refused says why, stays, and goes on where it stopped', async () => {
    hold = async () => (sent.length === 1 ? problem(507, 'store_full', 'The disk is full.') : undefined)
    app = await openApp('/runs')
    const folder = directory('bench', [directory('a', [jsonl()]), directory('b', [jsonl()])])
    const { useUploads } = await import('./use-uploads.ts')
    useUploads().send('bench', () => filesDropped([{ entry: folder, file: null }]))
    await expect.element(page.getByText('The disk is full.')).toBeVisible()
    expect(started()).toEqual([])
    hold = undefined
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(started).toEqual([{ uploads: ['u1', 'u2'] }])
    expect(sent.map(({ name }) => name)).toEqual([
      'bench/a/sft_candidates.jsonl',
      'bench/b/sft_candidates.jsonl',
    ])
  })

  it('in a folder without anything to import says so', async () => {
    app = await openApp('/runs')
    const folder = directory('photos', [jsonl('a.png'), jsonl('b.png')])
    const { useUploads } = await import('./use-uploads.ts')
    useUploads().send('photos', () => filesDropped([{ entry: folder, file: null }]))
    await expect.element(page.getByText('None of its 2 files is a file of a benchmark run.')).toBeVisible()
    expect(sent).toEqual([])
    await page.getByRole('button', { name: 'Put aside' }).click()
    await expect.poll(() => document.querySelector('[aria-labelledby="under-way"]')).toBeNull()
  })

  it('comes after the one before it', async () => {
    const gate = Promise.withResolvers<Response | undefined>()
    hold = () => gate.promise
    app = await openApp('/runs')
    fire('drop', [jsonl('one.jsonl')])
    fire('drop', [jsonl('two.jsonl')])
    await expect.poll(() => document.querySelectorAll('[aria-labelledby="under-way"] .title').length).toBe(2)
    gate.resolve(undefined)
    await expect.poll(() => sent.map(({ name }) => name)).toEqual(['one.jsonl', 'two.jsonl'])
    await expect.poll(() => started().length).toBe(2)
  })
})

describe('a folder', () => {
  it('is walked to its last file, however many the browser gives at once', async () => {
    const many = Array.from({ length: 250 }, (_, index) => directory(`run-${index}`, [jsonl()]))
    const found = await filesDropped([{ entry: directory('bench', many), file: null }])
    expect(found.length).toBe(250)
    expect(found.at(-1)?.name).toBe('bench/run-249/sft_candidates.jsonl')
    expect(await (await found[0]?.open())?.text()).toBe('{"id":"a"}')
  })
})

/** As a browser gives it: a hundred entries at a time, then none. */
function directory(name: string, inner: (File | FileSystemEntry)[]): FileSystemDirectoryEntry {
  const entry = { name, isFile: false, isDirectory: true, fullPath: `/${name}` }
  const entries = () =>
    inner.map((each) => (each instanceof File ? fileEntry(each) : each)).map((each) => under(entry, each))
  const createReader = () => {
    let at = 0
    return {
      readEntries(take: (entries: FileSystemEntry[]) => void) {
        take(entries().slice(at, at + 100))
        at += 100
      },
    }
  }
  return Object.assign(entry, { createReader }) as unknown as FileSystemDirectoryEntry
}

function fileEntry(file: File): FileSystemEntry {
  const { name } = file
  const entry = { name, isFile: true, isDirectory: false, fullPath: `/${name}` }
  return { ...entry, file: (take: (file: File) => void) => take(file) } as unknown as FileSystemEntry
}

/** Its path begins where it was dropped. */
function under(parent: { fullPath: string }, entry: FileSystemEntry): FileSystemEntry {
  return Object.assign(entry, { fullPath: `${parent.fullPath}/${entry.name}` })
}
