/** Owns which paths the page may import: only those inside the results directory or the roots given at start. */
import { realpath } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { AvocetError } from '../domain/error.ts'
import { getSetting } from '../store/settings.ts'
import type { Deps } from './deps.ts'

/** The real path. Throws `outside_roots`, or `not_found` when it is inside and missing. */
export async function checkPath({ store }: Deps, path: string, roots: string[]): Promise<string> {
  const results = await getSetting(store.db, 'bench_results_dir')
  const allowed = [...roots, ...(results === '' ? [] : [results])].map((root) => resolve(root))
  const wanted = path.includes('\0') ? null : resolve(path)
  // Checked before the disk is asked: what lies outside must not even be told to exist.
  if (wanted === null || !allowed.some((root) => isInside(root, wanted))) throw outside(path)
  const real = await realpath(wanted).catch(() => null)
  if (real === null) throw new AvocetError('not_found', `There is nothing at ${JSON.stringify(path)}.`)
  for (const root of allowed) if (isInside(await realpath(root).catch(() => root), real)) return real
  throw outside(path)
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function outside(path: string): AvocetError {
  return new AvocetError(
    'outside_roots',
    `${JSON.stringify(path)} lies outside the results directory and the paths given at start.`,
  )
}
