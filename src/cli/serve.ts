/** Owns `avocet [PATHS…]`: import, serve, open the page, and stop without losing anything. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AvocetError } from '../domain/error.ts'
import { formats } from '../formats/index.ts'
import { createApp } from '../server/create-app.ts'
import { loopbackHosts } from '../server/guard.ts'
import { type Listening, listen } from '../server/listen.ts'
import { loadPages } from '../server/static.ts'
import type { Deps } from '../workflow/deps.ts'
import { createSearchIndex, type SearchIndex } from '../workflow/search-index.ts'
import { readStats } from '../workflow/stats.ts'
import { type Command, type Config, type Terminal, UsageError } from './command.ts'
import { EXAMPLE_RUNS, PAGES, readVersion, SOURCE_FLAG, sourceOf, textFlag, withDeps } from './config.ts'
import { WATCH_FLAG } from './import.ts'
import { createImporting, type Importing } from './serve-imports.ts'

const DEFAULT_PORT = 8503
/** In ms. A short import is over before the page opens; a long one goes on behind it, sooner when there are cards to show. */
const WAIT_WITHOUT = 3000
const WAIT_WITH_CARDS = 800
/** In ms. Between two decisions of a person there is time to write the log back into the database. */
const TIDY_EVERY = 5000

const COMMAND_NAMES = new Set(['import', 'export', 'runs', 'stats', 'verify', 'backup'])

export const serveCommand: Command = {
  name: 'serve',
  usage: '[serve] [PATHS…] [--watch] [--port 8503] [--no-open]',
  summary: 'Import the paths, serve the page on this machine and open it.',
  example: 'avocet bench_results --port 0 --no-open',
  flags: {
    ...SOURCE_FLAG,
    ...WATCH_FLAG,
    port: { type: 'string', explain: 'The port, or the next free one; 0 takes any (default 8503)' },
    open: { type: 'boolean', default: true, explain: 'Open the browser; --no-open keeps it shut' },
    demo: { type: 'boolean', explain: 'Review the bundled example, in data/demo.db' },
  },
  positionals: { min: 0, max: Number.POSITIVE_INFINITY },
  run: (config, terminal) => {
    checkPaths(config.positionals)
    const port = readPort(textFlag(config.flags, 'port'))
    return withDeps(config, terminal, (deps) => serve(deps, config, terminal, port))
  },
}

function readPort(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65535) return port
  throw new UsageError(`--port needs a number from 0 to 65535, found "${text}".`)
}

/** Before a database is made: a mistyped command looks like a path. */
function checkPaths(paths: string[]): void {
  const [misplaced] = paths.filter((path) => COMMAND_NAMES.has(path) && !existsSync(path))
  if (misplaced) throw new UsageError(`Write the command first: avocet ${misplaced} …`)
  if (paths.length === 0 || paths.some((path) => existsSync(path))) return
  throw new AvocetError(
    'not_found',
    `There is no such file or directory, and no such command: ${paths.join(', ')}`,
  )
}

async function serve(deps: Deps, config: Config, terminal: Terminal, wanted: number): Promise<number> {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort())
  const paths = config.flags.demo ? [EXAMPLE_RUNS, ...config.positionals] : config.positionals
  const searchIndex = createSearchIndex(deps)
  const tidying = setInterval(deps.store.tidy, TIDY_EVERY).unref()
  const importing = await createImporting(deps, config, terminal, { paths, searchIndex })
  const { port, stop } = await startServer(deps, config, { wanted, paths, searchIndex, importing })
  try {
    if (wanted !== 0 && port !== wanted) terminal.note(`Port ${wanted} is taken.`)
    const hasCards = (await readStats(deps)).by_status.needs_review > 0
    const first = importing.first()
    const wait = hasCards ? WAIT_WITH_CARDS : WAIT_WITHOUT
    const code = await Promise.race([first, sleep(wait, 0, { ref: false })])
    // A path that cannot be read at all is a mistake of the command line, not a page to look at.
    if (code === 1 && !stopping.signal.aborted) return 1
    const url = `http://127.0.0.1:${port}`
    await terminal.out(`${url}\n`)
    if (config.flags.open) openBrowser(url)
    await stopped(stopping.signal)
    return 0
  } finally {
    clearInterval(tidying)
    // Imports first: an answer that waits for one ends with it.
    await importing.stop()
    await stop()
    await searchIndex.stop()
  }
}

type Start = { wanted: number; paths: string[]; searchIndex: SearchIndex; importing: Importing }

async function startServer(
  deps: Deps,
  config: Config,
  { wanted, paths, searchIndex, importing: { jobs, uploads, watch } }: Start,
): Promise<Listening> {
  const pages = await loadPages(PAGES)
  if (!pages.has('/index.html')) throw new UsageError('The page is not built. Run: npm run build')
  const options = {
    source: sourceOf(config.flags),
    ...{ formats, pages, searchIndex, jobs, uploads, watch, reviewer: config.reviewer },
    roots: paths.map((path) => resolve(path)),
    exampleRuns: existsSync(EXAMPLE_RUNS) ? EXAMPLE_RUNS : null,
    version: readVersion(),
  }
  return listen(wanted, (port) => createApp(deps, { ...options, hosts: loopbackHosts(port) }))
}

function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** Best effort: a machine without a browser has the URL on its terminal. */
function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url]
  const child = spawn(command as string, args, { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
