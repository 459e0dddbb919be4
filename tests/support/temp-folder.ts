/** Owns folders for tests that need real files: one for each test file, removed after it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'

export type TempFolder = {
  /** The path of `name` inside. */
  path(name: string): string
  /** Writes a file with a name of its own and returns its path. */
  write(content: string | Uint8Array): Promise<string>
}

export function tempFolder(): TempFolder {
  let folder = ''
  let files = 0

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'avocet-test-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  return {
    path: (name) => join(folder, name),
    async write(content) {
      files += 1
      const path = join(folder, `file-${files}.jsonl`)
      await writeFile(path, content)
      return path
    },
  }
}
