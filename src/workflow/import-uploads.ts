/** Owns the files that a page sends: kept beside the database until they are imported, never whole in memory. */
import { createWriteStream } from 'node:fs'
import { mkdir, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AvocetError } from '../domain/error.ts'
import { cleanText } from '../domain/record.ts'
import type { FoundFile } from '../sources/find-files.ts'
import type { Source } from '../sources/source.ts'

const GIBIBYTE = 1024 ** 3
export const MAX_UPLOAD_BYTES = 16 * GIBIBYTE

export type Uploads = {
  /** Throws `body_too_large`, `store_full`, or `invalid_request` when the sender hung up. */
  receive(name: string, body: AsyncIterable<Uint8Array> | null): Promise<{ upload_id: string; bytes: number }>
  /** The files behind these ids. Throws `not_found`. */
  find(ids: string[]): FoundFile[]
  remove(ids: string[]): Promise<void>
  /** Those of these names that an import of their folder would read. */
  wanted(names: string[]): string[]
  /** Those that this process received. */
  removeOwn(): Promise<void>
  /** Whatever another process left behind, too. */
  removeAll(): Promise<void>
}

type Options = { directory: string; source: Source; newId(): string; limit?: number }

export function createUploads({ directory, source, newId, limit = MAX_UPLOAD_BYTES }: Options): Uploads {
  const files = new Map<string, FoundFile>()

  async function remove(ids: Iterable<string>): Promise<void> {
    for (const id of ids) {
      const file = files.get(id)
      files.delete(id)
      if (file) await rm(String(file.location), { force: true })
    }
  }

  return {
    async receive(name, body) {
      const upload_id = newId()
      const location = join(directory, `${upload_id}${extname(name).replace(/[^.\w]/g, '')}`)
      await mkdir(directory, { recursive: true, mode: 0o700 })
      try {
        const bytes = await store(location, body, limit)
        files.set(upload_id, { path: `upload:${cleanText(name)}`, location, directory: labelOf(name) })
        return { upload_id, bytes }
      } catch (error) {
        await rm(location, { force: true })
        throw inWords(error, name)
      }
    },
    find: (ids) =>
      ids.map((id) => {
        const file = files.get(id)
        if (!file) throw new AvocetError('not_found', 'This file is not here any more. Drop it again.')
        return file
      }),
    remove,
    wanted: (names) => names.filter((name) => source.claims(basename(name))),
    async removeOwn() {
      await remove([...files.keys()])
      // Another server's may lie there.
      await rmdir(directory).catch(() => {})
    },
    async removeAll() {
      files.clear()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** The folder it lay in, as for a file on this machine; the file's own name when it was dropped alone. */
function labelOf(name: string): string {
  const folder = basename(dirname(name))
  return folder === '.' || folder === '' ? basename(name) : folder
}

async function store(
  location: string,
  body: AsyncIterable<Uint8Array> | null,
  limit: number,
): Promise<number> {
  let bytes = 0
  const counted = new Transform({
    transform(chunk: Uint8Array, _, done) {
      bytes += chunk.length
      done(bytes > limit ? tooLarge(limit) : null, chunk)
    },
  })
  await pipeline(body ?? [], counted, createWriteStream(location, { flags: 'wx', mode: 0o600 }))
  return bytes
}

function tooLarge(limit: number): AvocetError {
  const most = limit >= GIBIBYTE ? `${limit / GIBIBYTE} GiB` : `${limit} bytes`
  return new AvocetError(
    'body_too_large',
    `A file that is dropped may have ${most}. Name its path instead, or use avocet import.`,
  )
}

function inWords(error: unknown, name: string): unknown {
  if (error instanceof AvocetError) return error
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AvocetError(
      'store_full',
      `The disk is full: ${JSON.stringify(name)} was not kept. Make room and drop it again.`,
    )
  }
  if (syscall !== undefined) return error
  return new AvocetError('invalid_request', `${JSON.stringify(name)} was not sent to its end. Drop it again.`)
}
