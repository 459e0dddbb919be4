/** Owns the way from a path that the user named to the files that a source reads. */
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { refuseIrregular } from './read-lines.ts'
import { Refusal, type Source } from './source.ts'

/** `path` is as the user would write it; `directory` is the name of the run's directory, its label. */
export type FoundFile = { path: string; directory: string }
export type RefusedPath = { path: string; code: string; reason: string }
export type Found = { files: FoundFile[]; refused: RefusedPath[] }

/** A file, a directory that holds one, or a directory of run directories. Never throws: what is wrong is `refused`. */
export async function findFiles(path: string, source: Source): Promise<Found> {
  const found: Found = { files: [], refused: [] }
  await trying(path, found, async () => {
    if ((await stat(path)).isDirectory()) await findInDirectory(path, source, found)
    else await takeFile(path, found, await realpath(path))
  })
  return found
}

async function findInDirectory(path: string, source: Source, found: Found): Promise<void> {
  const entries = (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const inner = join(path, entry.name)
    if (source.claims(entry.name)) await trying(inner, found, () => takeFile(inner, found))
    else if (entry.isDirectory()) await trying(inner, found, () => findInRun(inner, source, found))
    else if (entry.isSymbolicLink()) await trying(inner, found, () => refuseWayOut(inner, path))
  }
  if (found.files.length + found.refused.length > 0) return
  throw new Refusal('NOTHING_FOUND', `no ${source.example.fileName} in it, nor in the directories inside it`)
}

async function findInRun(path: string, source: Source, found: Found): Promise<void> {
  for (const name of (await readdir(path)).sort()) {
    if (source.claims(name)) await trying(join(path, name), found, () => takeFile(join(path, name), found))
  }
}

/** `latest -> 2026-04-07` leads to what is read anyway; a link to runs elsewhere must not be passed over in silence. */
async function refuseWayOut(link: string, root: string): Promise<void> {
  const target = await realpath(link).catch(() => null)
  if (
    target === null ||
    target.startsWith((await realpath(root)) + sep) ||
    !(await stat(target)).isDirectory()
  )
    return
  throw new Refusal(
    'SYMLINK_ESCAPE',
    'it is a link to a directory elsewhere; name that directory to import it',
  )
}

/** `lstat`, so that a link found in a directory leads nowhere; a link that the user named was resolved before. */
async function takeFile(path: string, found: Found, real = path): Promise<void> {
  refuseIrregular(await lstat(real))
  found.files.push({ path, directory: basename(dirname(await realpath(path))) })
}

async function trying(path: string, found: Found, step: () => Promise<void>): Promise<void> {
  try {
    await step()
  } catch (error) {
    found.refused.push({ path, ...refusalOf(error) })
  }
}

const SYSTEM_WORDS: Record<string, string> = {
  ENOENT: 'there is no such file or directory',
  EACCES: 'permission is missing',
  EPERM: 'permission is missing',
  ELOOP: 'its symbolic links go in a circle',
  ENOTDIR: 'a part of the path is not a directory',
  ENAMETOOLONG: 'the path is too long',
  EISDIR: 'it is a directory',
  ENXIO: 'it is not a regular file',
  EIO: 'the disk failed',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the disk is read-only',
}

/** The words for a file that could not be read. Throws on what is no trouble with a file, but a fault of ours. */
export function refusalOf(error: unknown): { code: string; reason: string } {
  if (error instanceof Refusal) return { code: error.code, reason: error.message }
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined) throw error
  return { code, reason: SYSTEM_WORDS[code] ?? `the system could not ${syscall} it (${code})` }
}
