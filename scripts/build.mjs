// Owns the package build (`npm run build`): src/ file by file as JavaScript, and the page, both into dist/.
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { ensureBuilt } from './page.mjs'
import { isMain, quietly, root, runMain, say } from './process.mjs'
import { bundledNode, ensureInstalled, tools } from './setup.mjs'

const dist = `${root}/dist`

export async function build() {
  await ensureInstalled()
  say('Building the program…')
  clean()
  const args = [tools.tsc, '-p', 'tsconfig.build.json']
  await quietly('Compiling src/ (tsc)', 'Fix what it names and build again.', bundledNode(), args)
  for (const file of filesBelow(dist).filter((path) => path.endsWith('.js'))) rewriteUrls(file)
  chmodSync(`${dist}/cli/main.js`, 0o755)
  await ensureBuilt({ anew: true })
}

// The page stays until the new one is there: a server may be showing it.
function clean() {
  for (const name of filesIn(dist))
    if (!/^\.?web/.test(name)) rmSync(`${dist}/${name}`, { recursive: true, force: true })
}

// tsc rewrites the suffix of imports, but not of a file that is named as a URL, as a worker is.
function rewriteUrls(file) {
  const text = readFileSync(file, 'utf8')
  const rewritten = text.replace(
    /(new URL\(\s*['"]\.{1,2}\/[^'"]+)\.ts(['"]\s*,\s*import\.meta\.url)/g,
    '$1.js$2',
  )
  if (rewritten !== text) writeFileSync(file, rewritten)
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (path === `${dist}/web`) return []
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

function filesIn(folder) {
  try {
    return readdirSync(folder)
  } catch {
    return [] // nothing built yet
  }
}

if (isMain(import.meta.url)) await runMain(build)
