/** Owns the way from what was dropped or chosen to files with names: folders are walked, nothing is opened yet. */
import { fetchWanted } from '../api.ts'
import type { Dropped } from './use-drop.ts'

/** `name` has the folders in it: `2026-04-07-143022/sft_candidates.jsonl`. */
export type Found = { name: string; isLoose: boolean; open: () => Promise<File> }
export type Wanted = { files: Found[]; others: number }

/** So many names travel at once: well below what the server takes as one body. */
const NAMES_AT_ONCE = 20_000

export function filesChosen(files: Iterable<File>): Found[] {
  return [...files].map((file) => ({
    name: file.webkitRelativePath || file.name,
    isLoose: file.webkitRelativePath === '',
    open: async () => file,
  }))
}

export async function filesDropped(dropped: Dropped): Promise<Found[]> {
  const found: Found[] = []
  for (const { entry, file } of dropped) {
    if (entry) await walk(entry, found)
    else if (file) found.push(...filesChosen([file]))
  }
  return found
}

async function walk(entry: FileSystemEntry, found: Found[], isLoose = true): Promise<void> {
  if (entry.isFile) {
    const name = entry.fullPath.replace(/^\//, '')
    found.push({ name, isLoose, open: () => fileOf(entry as FileSystemFileEntry) })
  }
  if (!entry.isDirectory) return
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  // A hundred at a time, and nothing at the end: the browser says no other way that there are no more.
  for (let batch = await next(reader); batch.length > 0; batch = await next(reader)) {
    for (const inner of batch) await walk(inner, found, false)
  }
}

function next(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject))
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

/** Those that an import would read. A file that somebody points at is read whatever it is called, as by its path. */
export async function askWanted(found: Found[]): Promise<Wanted> {
  if (found.length === 1 && found[0]?.isLoose) return { files: found, others: 0 }
  const names = new Set<string>()
  for (let start = 0; start < found.length; start += NAMES_AT_ONCE) {
    const some = found.slice(start, start + NAMES_AT_ONCE).map(({ name }) => name)
    for (const name of (await fetchWanted(some)).wanted) names.add(name)
  }
  const wanted = found.filter(({ name }) => names.has(name))
  const files = wanted.length > 0 ? wanted : found.filter(({ isLoose }) => isLoose)
  return { files, others: found.length - files.length }
}
