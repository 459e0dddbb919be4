/** Files are written whole or not at all, on a disk that is full as well. */
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { writeTo } from './write-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'avocet-write-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function* parts(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

it('writes all parts and leaves nothing beside the file', async () => {
  const file = join(folder, 'train.jsonl')
  await writeTo(file, parts('a', '', 'b'), '1')
  expect(await readFile(file, 'utf8')).toBe('ab')
  expect(await readdir(folder)).toEqual(['train.jsonl'])
})

it('leaves the old file and nothing else when its parts end in an error', async () => {
  const file = join(folder, 'train.jsonl')
  await writeFile(file, 'old')
  async function* failing() {
    yield Buffer.from('half')
    throw new Error('the store has gone')
  }
  await expect(writeTo(file, failing(), '1')).rejects.toThrow('the store has gone')
  expect(await readFile(file, 'utf8')).toBe('old')
  expect(await readdir(folder)).toEqual(['train.jsonl'])
})

it('writes through a link, which stays one', async () => {
  await writeFile(join(folder, 'real'), 'old')
  await symlink('real', join(folder, 'link'))
  await writeTo(join(folder, 'link'), parts('new'), '1')
  expect(await readFile(join(folder, 'real'), 'utf8')).toBe('new')
})

it('gives two writers of one name a file each, and the last one stays, whole', async () => {
  const file = join(folder, 'train.jsonl')
  const texts = ['x'.repeat(300_000), 'y'.repeat(300_000)]
  await Promise.all(texts.map((text, n) => writeTo(file, parts(text, text, text), String(n))))
  expect(texts.map((text) => text.repeat(3))).toContain(await readFile(file, 'utf8'))
  expect(await readdir(folder)).toEqual(['train.jsonl'])
})

it('says in words that there is no room, and keeps the old file', async () => {
  const file = join(folder, 'train.jsonl')
  await writeFile(file, 'old')
  // A file may grow no further than 64 KiB: what a full disk does to it.
  const script = `import { writeTo } from ${JSON.stringify(join(import.meta.dirname, 'write-file.ts'))}
    async function* parts() { for (let n = 0; n < 100; n++) yield Buffer.alloc(10000, 120) }
    await writeTo(${JSON.stringify(file)}, parts(), '1').catch((error) => console.log(error.code, error.message))`
  const { stdout } = await promisify(execFile)('sh', [
    '-c',
    'ulimit -f 128; exec "$0" --input-type=module -e "$1"',
    process.execPath,
    script,
  ])
  expect(stdout).toMatch(/^unwritable .*train\.jsonl cannot be written: /)
  expect(await readFile(file, 'utf8')).toBe('old')
  expect(await readdir(folder)).toEqual(['train.jsonl'])
})
