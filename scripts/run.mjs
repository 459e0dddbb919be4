// Owns `npm start` and `npm run avocet`: makes Avocet ready, then runs it with the bundled Node as if it had been called itself.
import { existsSync } from 'node:fs'
import { ensureBuilt } from './page.mjs'
import { passThrough, root, runMain } from './process.mjs'
import { bundledNode, ensureInstalled } from './setup.mjs'

/** V8 compiles and collects in four threads of its own, which take the processors from the two that import. */
const nodeOptions = ['--v8-pool-size=1']

await runMain(async () => {
  await ensureInstalled()
  await ensureBuilt()
  const args = [...nodeOptions, `${root}/src/cli/main.ts`, ...process.argv.slice(2)]
  process.exit(await passThrough(bundledNode(), args, { cwd: whereTheUserStands() }))
})

// npm moves to the folder of the package; a relative path means where the user typed it. Outside npm, INIT_CWD may be an outer script's.
function whereTheUserStands() {
  const { INIT_CWD } = process.env
  return process.cwd() === root && INIT_CWD && existsSync(INIT_CWD) ? INIT_CWD : process.cwd()
}
