// Owns what a fresh clone lacks: its packages, and with them the Node that Avocet runs on.
import { existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { withLock } from './lock.mjs'
import { capture, quietly, root, say } from './process.mjs'

const modules = `${root}/node_modules`
/** Where `npm pack` keeps the real package.json while the published one lies in its place. */
export const checkoutManifest = `${root}/dist/package.json.checkout`

/** Called with their paths, since `node_modules/.bin` holds shell scripts on Windows and needs a `node` on PATH. */
export const tools = {
  biome: `${modules}/@biomejs/biome/bin/biome`,
  playwright: `${modules}/playwright/cli.js`,
  tsc: `${modules}/@typescript/native/bin/tsc`,
  vite: `${modules}/vite/bin/vite.js`,
  vitest: `${modules}/vitest/vitest.mjs`,
  vueTsc: `${modules}/vue-tsc/bin/vue-tsc.js`,
}

/** Path of the Node that Avocet runs on, or undefined when none is here: any Node can run these scripts, not the program. */
export function bundledNode() {
  const { platform, arch, execPath, version } = process
  const name =
    platform === 'darwin' && arch === 'arm64'
      ? 'bin-darwin-arm64'
      : `${platform.replace('win32', 'win')}-${arch}`
  const bundled = `${modules}/node-${name}/bin/node${platform === 'win32' ? '.exe' : ''}`
  if (existsSync(bundled)) return bundled
  const [major, minor] = version.slice(1).split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 21) ? execPath : undefined
}

/** Runs `npm ci` when the packages are missing, older than the lockfile, or without what builds the page. */
export async function ensureInstalled() {
  restoreManifest()
  await withLock(needsInstall, async (noteInLock) => {
    say('Installing packages (once)…')
    const [command, ...args] = npmCommand()
    // Said outright, because NODE_ENV=production or a user's omit=dev would leave the page without its builder.
    args.push('ci', '--loglevel=error', '--include=dev', '--include=optional', '--engine-strict=false')
    const shell = command === 'npm' && process.platform === 'win32'
    const options = { env: withoutNpm(process.env), shell, onStart: noteInLock }
    const advice = 'Check the network and the npm registry, then start again.'
    await quietly('Installing the packages (npm ci)', advice, command, args, options)
    await dropForeignNode()
  })
  if (!bundledNode()) {
    const { platform, arch, version } = process
    throw new Error(`Avocet runs on Node 24.21 or newer. This is ${version}, and npm brought none that starts on ${platform}-${arch}.
Install a newer Node, or try again if the network failed.`)
  }
}

// The packaged Node needs glibc. Where it does not start (Alpine), it must not stand before the system's own on npm's PATH.
async function dropForeignNode() {
  const node = bundledNode()
  if (!node?.startsWith(modules) || (await capture(node, ['--version'])).code === 0) return
  rmSync(node)
  rmSync(`${modules}/.bin/node`, { force: true })
}

function needsInstall() {
  const installed = mtime(`${modules}/.package-lock.json`)
  return installed < mtime(`${root}/package-lock.json`) || !existsSync(tools.vite) || !bundledNode()
}

/** Puts the real package.json back after `npm pack`, also after one that was interrupted. */
export function restoreManifest() {
  if (existsSync(checkoutManifest)) renameSync(checkoutManifest, `${root}/package.json`)
}

function mtime(path) {
  return existsSync(path) ? statSync(path).mtimeMs : -1
}

// The npm that called us, else the one on PATH. npm_node_execpath is the Node it runs on itself: our own lies in the folder it deletes.
function npmCommand() {
  const { npm_execpath: npm = '', npm_node_execpath: node = process.execPath } = process.env
  return basename(npm) === 'npm-cli.js' ? [node, npm] : ['npm']
}

// Inside an npm script, npm's own settings are in the environment; these would turn `npm ci` into something else
// (`npm pack --dry-run` into a dry install). A registry, a proxy or a cache that the user set stays.
function withoutNpm(env) {
  const changesCi =
    'dry_run|global|location|omit|include|only|production|package_lock(_only)?|workspaces?|local_prefix|json'
  const harmful = new RegExp(`^npm_(?!config_)|^npm_config_(${changesCi})$`, 'i')
  return Object.fromEntries(Object.entries(env).filter(([name]) => !harmful.test(name)))
}
