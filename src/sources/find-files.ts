/** Owns the way from a path that the user named to the files that a source reads. */
import { isUtf8 } from 'node:buffer'
import { lstat, opendir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { refuseIrregular, toPath } from './open-regular.ts'
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
    if ((await stat(path)).isDirectory()) yield* findInRoot(path, source)
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

/** `root` is the real path of what the user named; `path` and `location` as in FoundFile. */
type Folder = { path: string; location: Location; root: string; directory: string }

async function* findInRoot(path: string, source: Source): AsyncGenerator<Finding> {
  const root = await realpath(path)
  let isEmpty = true
  for await (const finding of findInFolder(
    { path, location: path, root, directory: basename(root) },
    source,
    1,
  )) {
    if (finding.kind !== 'ignored') isEmpty = false
    yield finding
  }
  if (!isEmpty) return
  throw new Refusal('NOTHING_FOUND', `no ${source.example.fileName} in it, nor in the directories inside it`)
}

/** `depth`: how many levels of directories are searched inside this one. */
async function* findInFolder(folder: Folder, source: Source, depth: number): AsyncGenerator<Finding> {
  let isEmpty = true
  for (const entry of await listEntries(folder.location)) {
    const path = join(folder.path, entry.name)
    const location = locationOf(folder, entry)
    const inner = { ...folder, path, location }
    for await (const finding of trying(path, () => findInEntry(inner, entry, source, depth))) {
      if (finding.kind !== 'ignored') isEmpty = false
      yield finding
    }
  }
  if (isEmpty && depth === 0) {
    yield { kind: 'ignored', path: folder.path, reason: `no ${source.example.fileName} in it` }
  }
}

async function* findInEntry(
  found: Folder,
  entry: Entry,
  source: Source,
  depth: number,
): AsyncGenerator<Finding> {
  const isClaimed = source.claims(entry.name)
  if (entry.kind === 'link') await refuseLink(found, isClaimed)
  if (isClaimed) yield await takeFile(found.path, found.location, found.directory)
  else if (entry.kind === 'directory' && depth > 0) {
    yield* findInFolder({ ...found, directory: entry.name }, source, depth - 1)
  } else yield { kind: 'ignored', path: found.path, reason: `not called ${source.example.fileName}` }
}

/** `name` is for people; `bytes` is the name itself where it is not UTF-8. */
type Entry = { name: string; bytes: Buffer | null; kind: 'directory' | 'link' | 'other' }

/** Small entries, because there may be very many; `opendir` hands them over a thousand at a time. */
async function listEntries(location: Location): Promise<Entry[]> {
  const entries: Entry[] = []
  // The types know names in UTF-8 only.
  const options = { encoding: 'buffer' as BufferEncoding, bufferSize: 1000 }
  for await (const entry of await opendir(toPath(location) as string, options)) {
    const name = Buffer.from(entry.name)
    const bytes = isUtf8(name) ? null : name
    const kind = entry.isDirectory() ? 'directory' : entry.isSymbolicLink() ? 'link' : 'other'
    entries.push({ name: bytes ? escapeBytes(bytes) : name.toString(), bytes, kind })
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function escapeBytes(name: Buffer): string {
  return name
    .toString('latin1')
    .replace(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

function locationOf({ location }: Folder, { name, bytes }: Entry): Location {
  if (bytes === null && typeof location === 'string') return join(location, name)
  return Buffer.concat([Buffer.from(location), Buffer.from(sep), bytes ?? Buffer.from(name)])
}

/**
 * A link that was found is never followed. `latest -> 2026-04-07` leads to what is read anyway; a link to runs
 * elsewhere must not be passed over in silence.
 */
async function refuseLink({ location, root }: Folder, isClaimed: boolean): Promise<void> {
  const target = await realpath(toPath(location)).catch((error) => {
    if (error.code === 'ELOOP') throw error
    return null
  })
  if (target === null || target === root || target.startsWith(root + sep)) return
  if (!isClaimed && !(await stat(target)).isDirectory()) return
  throw new Refusal('SYMLINK_ESCAPE', 'it is a link that leads elsewhere; name its target to import it')
}

/** `lstat`, so that a link found in a directory leads nowhere; a link that the user named was resolved before. */
async function takeFile(path: string, location: Location, directory?: string): Promise<Finding> {
  refuseIrregular(await lstat(toPath(location)))
  return { kind: 'file', path, location, directory: directory ?? basename(dirname(await realpath(path))) }
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
