// Owns the built page in dist/web: whether it is still what the sources say, and how a new one takes its place.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename } from 'node:path'
import { withLock } from './lock.mjs'
import { quietly, root, say } from './process.mjs'
import { bundledNode, tools } from './setup.mjs'

const page = `${root}/dist/web`
const stamp = `${page}/.built-from`

/** Builds the page into dist/web when anything it is made from has changed since, or `anew`. */
export async function ensureBuilt({ anew = false } = {}) {
  if (!existsSync(`${root}/src/web/index.html`)) return
  await withLock(
    () => anew || needsBuild(),
    async () => {
      say('Building the page…')
      await buildPage()
    },
  )
}

function needsBuild() {
  return !existsSync(stamp) || readFileSync(stamp, 'utf8') !== sourceState()
}

/** Builds beside dist/web and renames, so that a running server never sees half a page. */
async function buildPage() {
  const state = sourceState() // taken first: what changes during the build is built again
  const [fresh, old] = [`${root}/dist/.web-new`, `${root}/dist/.web-old`]
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true })
  // vitest and some shells set NODE_ENV, which would put Vue's development build into the page.
  const env = { ...process.env, NODE_ENV: 'production' }
  const args = [tools.vite, 'build', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn']
  const advice = 'Fix what it names and start again.'
  await quietly('Building the page (vite build)', advice, bundledNode(), args, { env })
  writeFileSync(`${fresh}/${basename(stamp)}`, state)
  if (existsSync(page)) renameSync(page, old)
  mkdirSync(`${root}/dist`, { recursive: true })
  renameSync(fresh, page)
  rmSync(old, { recursive: true, force: true })
}

// Newest time of all that the page is made from; folders count, so that a deleted file is noticed.
function sourceState() {
  const sources = ['src/web', 'src/domain', 'src/contract.ts', 'vite.config.ts', 'package-lock.json']
  return String(Math.max(...sources.map((source) => newest(`${root}/${source}`))))
}

function newest(path) {
  if (!existsSync(path)) return 0
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  const inside = readdirSync(path).filter((name) => !/\.test\.ts$/.test(name))
  return Math.max(stat.mtimeMs, ...inside.map((name) => newest(`${path}/${name}`)))
}
