/** Owns the real Chromium of end-to-end tests. */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium } from 'playwright'

const DEBIAN = '/usr/bin/chromium'

export function openBrowser(): Promise<Browser> {
  return chromium.launch(launchOptions())
}

/** With a profile on the disk, which outlives the browser. */
export function openProfile(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, launchOptions())
}

function launchOptions() {
  const executablePath = process.env.AVOCET_CHROMIUM || (existsSync(DEBIAN) ? DEBIAN : undefined)
  return {
    ...(executablePath && { executablePath }),
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--no-first-run',
      '--disable-gpu',
      // Chromium refuses to start its sandbox for root, which is what containers and CI run as.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  }
}
