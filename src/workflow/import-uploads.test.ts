/** Proves that two servers on one database keep out of each other's uploads. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { tempFolder } from '../../tests/support/temp-folder.ts'
import { sources } from '../sources/index.ts'
import type { Source } from '../sources/source.ts'
import { createUploads } from './import-uploads.ts'

const folder = tempFolder()

async function* bytes() {
  yield Buffer.from('{}\n')
}

it('a server that stops takes its own uploads with it, and the last one the folder', async () => {
  const directory = folder.path('uploads')
  let id = 0
  const source = sources.get('benchmark') as Source
  const [one, other] = [1, 2].map(() => createUploads({ directory, source, newId: () => `id-${id++}` }))
  await one?.receive('run/sft_candidates.jsonl', bytes())
  const kept = await other?.receive('run/sft_candidates.jsonl', bytes())
  await one?.removeOwn()
  expect(await readdir(directory)).toEqual([`${kept?.upload_id}.jsonl`])
  await other?.removeOwn()
  expect(existsSync(directory)).toBe(false)
  await other?.removeOwn()
})
