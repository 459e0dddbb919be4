// Owns `npm run check`: all that is true of the code without a browser, one line for each step.
import { existsSync, readdirSync } from 'node:fs'
import { capture, isMain, root, runMain } from './process.mjs'
import { bundledNode, ensureInstalled, tools } from './setup.mjs'

/** Steps that read the code and run none of it; `npm test` does them too. Each is a name and the arguments of Node. */
export function staticSteps() {
  const docs = 'scripts/docs.ts'
  return [
    // Warnings are aims (the length of a function): `npm run lint` shows them, a check does not fail on them.
    ['format and lint', [tools.biome, 'check', '--diagnostic-level=error', '--colors=off']],
    ['boundaries', ['scripts/boundaries.mjs']],
    ['types: server, command line', [tools.tsc, '-p', 'tsconfig.json']],
    ['types: tests', [tools.tsc, '-p', 'tests']],
    ['types: domain is pure', [tools.tsc, '-p', 'tsconfig.domain.json']],
    ['types: page', [tools.vueTsc, '-p', 'tsconfig.web.json']],
    ['types: package build', [tools.tsc, '-p', 'tsconfig.build.json', '--noEmit']],
    ...(existsSync(`${root}/${docs}`) ? [['docs up to date', [docs, '--check']]] : []),
  ]
}

/** Runs the steps in order, prints a line for each and what a failed one had to say; resolves with how many passed and failed. */
export async function runSteps(steps) {
  const count = { passed: 0, failed: 0 }
  for (const [name, args] of steps) {
    const start = Date.now()
    const { code, output } = await capture(bundledNode(), args)
    count[code === 0 ? 'passed' : 'failed'] += 1
    const seconds = ((Date.now() - start) / 1000).toFixed(1)
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(32)} ${seconds.padStart(6)} s`)
    if (code !== 0) console.log(`\n${output.trimEnd()}\n`)
  }
  return count
}

async function check() {
  await ensureInstalled()
  const tests = [tools.vitest, 'run', '--project', 'node', '--reporter', 'dot', ...quickTests()]
  const { failed } = await runSteps([...staticSteps(), ['unit, HTTP and contract tests', tests]])
  process.exit(failed > 0 ? 1 : 0)
}

// Named one by one: vitest does not pass its --exclude on to a project.
function quickTests() {
  const folders = readdirSync(`${root}/tests`).filter((name) => !['e2e', 'bench'].includes(name))
  return ['src/', ...folders.map((name) => `tests/${name}`)]
}

if (isMain(import.meta.url)) await runMain(check)
