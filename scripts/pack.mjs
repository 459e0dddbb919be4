// Owns what `npm pack` puts into the tarball besides the files: a build, and a package.json without what only a checkout needs.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { build } from './build.mjs'
import { root, runMain } from './process.mjs'
import { checkoutManifest, restoreManifest } from './setup.mjs'

const manifest = `${root}/package.json`
const work = { prepare, restore: restoreManifest, refuse }[process.argv[2]]
await runMain(work ?? usage)

async function prepare() {
  await build()
  const { scripts, devDependencies, optionalDependencies, allowScripts, ...published } = JSON.parse(
    readFileSync(manifest, 'utf8'),
  )
  // A checkout brings its own Node; who installs the package runs it on theirs.
  published.engines = { node: '>=24.21' }
  copyFileSync(manifest, checkoutManifest)
  writeFileSync(manifest, `${JSON.stringify(published, null, 2)}\n`)
}

// Publishing a folder makes npm read package.json again after it was put back, and the registry would tell
// everybody to install our Node. A tarball carries the right one.
function refuse() {
  throw new Error('Publish the tarball, not the folder: npm pack, then npm publish avocet-<version>.tgz')
}

function usage() {
  throw new Error('Usage: node scripts/pack.mjs prepare | restore | refuse')
}
