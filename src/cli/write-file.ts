/** Owns writing a file whole or not at all. */
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AvocetError } from '../domain/error.ts'
import { refusalOf } from '../sources/find-files.ts'

/** `id` is nobody else's: two exports to one name at once must not write into each other's file. */
export async function writeTo(file: string, chunks: AsyncIterable<Uint8Array>, id: string): Promise<void> {
  try {
    const target = await realpath(file).catch(() => file)
    const stats = await stat(target).catch(() => null)
    // A pipe or a device is written into; renaming a file over it would destroy it.
    if (stats && !stats.isFile()) await fill(target, 'w', chunks)
    else await writeWhole(target, chunks, id)
  } catch (error) {
    if (error instanceof AvocetError || (error as NodeJS.ErrnoException).code === undefined) throw error
    throw new AvocetError('unwritable', `${file} cannot be written: ${refusalOf(error).reason}.`)
  }
}

/** Beside the target, synced, renamed: a reader finds the old file or the new one, never half of it. */
async function writeWhole(file: string, chunks: AsyncIterable<Uint8Array>, id: string): Promise<void> {
  const part = `${file}.part-${id}`
  try {
    await fill(part, 'wx', chunks)
    await rename(part, file)
    await syncDirectory(dirname(file))
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

async function fill(file: string, flags: 'w' | 'wx', chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const handle = await open(file, flags)
  try {
    await pour(chunks, handle)
    // A pipe cannot be synced.
    await handle.sync().catch((error) => {
      if (error.code !== 'EINVAL') throw error
    })
  } finally {
    await handle.close()
  }
}

/** The next piece is made while the last one is written. */
async function pour(chunks: AsyncIterable<Uint8Array>, handle: FileHandle): Promise<void> {
  let writing = Promise.resolve()
  try {
    for await (const chunk of chunks) {
      await writing
      writing = handle.writeFile(chunk)
      // Awaited with the next piece; until then nobody may call it unhandled.
      writing.catch(() => {})
    }
  } finally {
    await writing
  }
}

/** The new name itself must reach the disk. Not every system can open a directory. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch(() => null)
  await handle?.sync().catch(() => {})
  await handle?.close()
}
