// Owns which Chromium the tests drive, and gets one where there is none.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { withLock } from './lock.mjs'
import { capture, root, say } from './process.mjs'
import { bundledNode, tools } from './setup.mjs'

/** Path of a Chromium that starts; installs one (Debian's package as root, else Playwright's) when none is found. */
export async function ensureBrowser() {
  const named = process.env.AVOCET_CHROMIUM
  if (named && !starts(named)) throw new Error(`AVOCET_CHROMIUM names ${named}, which does not start.`)
  let browser = named || findBrowser()
  const failures = []
  await withLock(
    () => !browser,
    async (noteInLock) => {
      say('Installing Chromium for the tests (once)…')
      for (const attempt of attempts()) {
        const { code, output } = await capture(attempt[0], attempt[1], { ...attempt[2], onStart: noteInLock })
        browser = findBrowser()
        if (browser) return
        failures.push(
          `${attempt[0]} ${attempt[1].join(' ')} (exit code ${code}):\n${output.trimEnd().split('\n').slice(-5).join('\n')}`,
        )
      }
      throw new Error(`The tests drive a Chromium, and none was found or could be installed.\n\n${failures.join('\n\n')}
\nInstall Chromium or Chrome, or name one: AVOCET_CHROMIUM=/path/to/chromium npm test`)
    },
  )
  return browser
}

function findBrowser() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
  const usual = ['/usr/bin/chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']
  return [...onPath, ...usual, playwrightsOwn()].find(starts)
}

function playwrightsOwn() {
  try {
    return createRequire(`${root}/package.json`)('playwright').chromium.executablePath()
  } catch {
    return '' // no build of Playwright's for this system
  }
}

// Tried, not only looked for: Ubuntu's chromium-browser is a script that says to use snap. (Windows' Chrome would open a window.)
function starts(path) {
  if (!path || !existsSync(path)) return false
  return (
    process.platform === 'win32' ||
    spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0
  )
}

function attempts() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => ['apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], { env }]
  const debian = [
    apt('update'),
    apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'),
  ]
  const asRoot = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0
  return [...(asRoot ? debian : []), [bundledNode(), [tools.playwright, 'install', 'chromium'], {}]]
}
