#!/usr/bin/env node
/** Owns the start: checks that this Node can run Avocet, then hands over to the command. */
import { fileURLToPath } from 'node:url'

const NEEDED_SQLITE = [3, 51, 3]

function isNewEnough(version: string | undefined): boolean {
  const parts = (version ?? '0').split('.').map(Number)
  for (const [index, needed] of NEEDED_SQLITE.entries()) {
    const part = parts[index] ?? 0
    if (part !== needed) return part > needed
  }
  return true
}

/**
 * Half of a start is compiling what was compiled last time. Beside our own files, where only who may change them can
 * write, never in the common folder for temporary files; where nobody can write, nothing is kept.
 */
async function keepCompiled(): Promise<void> {
  const { constants, enableCompileCache } = await import('node:module')
  const folder = fileURLToPath(new URL('../../node_modules/.cache/avocet', import.meta.url))
  const { status } = enableCompileCache(folder)
  // Threads look for it here.
  if (status === constants.compileCacheStatus.ENABLED) process.env.NODE_COMPILE_CACHE = folder
}

// Nothing of ours is imported before this: on an older Node the imports themselves would fail, without a word of help.
if (isNewEnough(process.versions.sqlite)) {
  await keepCompiled()
  const { runCommand } = await import('./run-command.ts')
  process.exitCode = await runCommand(process.argv.slice(2))
} else {
  const { node, sqlite } = process.versions
  process.stderr.write(
    `Avocet needs the SQLite ${NEEDED_SQLITE.join('.')} of Node 24.21 or newer, and this is Node ${node} ` +
      `${sqlite ? `with SQLite ${sqlite}` : 'without one'}: install the current LTS from https://nodejs.org.\n`,
  )
  process.exitCode = 1
}
