#!/usr/bin/env node
/** Owns the start: checks that this Node can run Avocet, then hands over to the command. */

const NEEDED_SQLITE = [3, 51, 3]

function isNewEnough(version: string | undefined): boolean {
  const parts = (version ?? '0').split('.').map(Number)
  for (const [index, needed] of NEEDED_SQLITE.entries()) {
    const part = parts[index] ?? 0
    if (part !== needed) return part > needed
  }
  return true
}

// Nothing else is imported before this: on an older Node the imports themselves would fail, without a word of help.
if (isNewEnough(process.versions.sqlite)) {
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
