/** Owns the way from a path that the user named to the files that a source reads. */
import type { Dirent } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { refuseIrregular } from './open-regular.ts'
import { type Location, Refusal, type Source } from './source.ts'

/**
 * What lies under a path, each thing once. `path` is for people: as they would write it, what is not UTF-8 escaped.
 * `location` is what is opened. `directory` is the name of the run's directory, its label.
 */
export type FoundFile = { path: string; location: Location; directory: string }
export type RefusedPath = { path: string; code: string; reason: string }
export type Finding =
  | ({ kind: 'file' } & FoundFile)
  | ({ kind: 'refused' } & RefusedPath)
  /** Nothing of ours, and nothing wrong: counted and listed, so that nothing is passed over in silence. */
  | { kind: 'ignored'; path: string; reason: string }

/**
 * A file, a directory that holds one, or a directory of run directories; in the order of their names, one at a time,
 * because there may be 100 000 of them. Never throws: what is wrong is `refused`.
 */
export async function* findFiles(path: string, source: Source): AsyncGenerator<Finding> {
  yield* trying(path, async function* () {
    if ((await stat(path)).isDirectory()) yield* findInDirectory(path, source)
    else yield await takeFile(path, await realpath(path))
  })
}

/** All that was found, for those who need it at once. */
export async function findAll(path: string, source: Source) {
  const found = { files: [] as FoundFile[], refused: [] as RefusedPath[], ignored: [] as string[] }
  for await (const { kind, ...finding } of findFiles(path, source)) {
    if (kind === 'file') found.files.push(finding as FoundFile)
    else if (kind === 'refused') found.refused.push(finding as RefusedPath)
    else found.ignored.push(finding.path)
  }
  return found
}

async function* findInDirectory(path: string, source: Source): AsyncGenerator<Finding> {
  let isEmpty = true
  const entries = (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const inner = join(path, entry.name)
    for await (const finding of trying(inner, () => findInEntry(inner, entry, path, source))) {
      if (finding.kind !== 'ignored') isEmpty = false
      yield finding
    }
  }
  if (!isEmpty) return
  throw new Refusal('NOTHING_FOUND', `no ${source.example.fileName} in it, nor in the directories inside it`)
}

async function* findInEntry(
  inner: string,
  entry: Dirent,
  root: string,
  source: Source,
): AsyncGenerator<Finding> {
  if (source.claims(entry.name)) yield await takeFile(inner)
  else if (entry.isDirectory()) yield* findInRun(inner, source)
  else {
    if (entry.isSymbolicLink()) await refuseWayOut(inner, root)
    yield { kind: 'ignored', path: inner, reason: `not called ${source.example.fileName}` }
  }
}

async function* findInRun(path: string, source: Source): AsyncGenerator<Finding> {
  let isEmpty = true
  for (const name of (await readdir(path)).sort()) {
    const inner = join(path, name)
    if (!source.claims(name)) {
      yield { kind: 'ignored', path: inner, reason: `not called ${source.example.fileName}` }
      continue
    }
    isEmpty = false
    yield* trying(inner, async function* () {
      yield await takeFile(inner)
    })
  }
  if (isEmpty) yield { kind: 'ignored', path, reason: `no ${source.example.fileName} in it` }
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
async function takeFile(path: string, location = path): Promise<Finding> {
  refuseIrregular(await lstat(location))
  return { kind: 'file', path, location, directory: basename(dirname(await realpath(path))) }
}

async function* trying(path: string, step: () => AsyncGenerator<Finding>): AsyncGenerator<Finding> {
  try {
    yield* step()
  } catch (error) {
    yield { kind: 'refused', path, ...refusalOf(error) }
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
