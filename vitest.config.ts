// Owns how tests run: `node` for the server and end to end, `browser` for components in a real Chromium.
import { existsSync } from 'node:fs'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { vueFlags, vuePlugin } from './vite.config.ts'

const debian = '/usr/bin/chromium'
const chromium = process.env.AVOCET_CHROMIUM || (existsSync(debian) ? debian : undefined)
const asRoot = process.getuid?.() === 0

const launchOptions = {
  // Undefined is Playwright's own Chromium.
  executablePath: chromium,
  args: [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--no-first-run',
    '--disable-gpu',
    // Chromium refuses to start its sandbox for root, which is what containers and CI run as.
    ...(asRoot ? ['--no-sandbox'] : []),
  ],
}

/** Long enough for a machine that does something else as well: a poll ends as soon as it is satisfied. */
const POLL = { timeout: 10_000 }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: ['src/web/**', 'tests/bench/**'],
          pool: 'forks',
          expect: { poll: POLL },
          globalSetup: ['tests/support/postgres.ts'],
          // Tests in tests/e2e start a browser themselves.
          env: chromium ? { AVOCET_CHROMIUM: chromium } : {},
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [vuePlugin()],
        define: vueFlags,
        // Found ahead of the first test: found during it, vite would reload the page under it.
        optimizeDeps: {
          include: [
            ...['vue', 'vue-router', 'pinia', 'vitest-browser-vue', 'zod', 'axe-core', 'marked', 'lowlight'],
            'highlight.js/lib/languages/*',
          ],
        },
        test: {
          name: 'browser',
          include: ['src/web/**/*.test.ts'],
          setupFiles: ['tests/support/fresh-browser.ts'],
          expect: { poll: POLL },
          testTimeout: 30_000,
          hookTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
