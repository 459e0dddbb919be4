// Owns `npm test`: everything that can be checked, a real browser included, closed by one line that counts.
// `--long` (`npm run test:long`) runs the suites that scale, and those only, for as long as they need.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { ensureBrowser } from './browser.mjs'
import { runSteps, staticSteps } from './check.mjs'
import { ensureBuilt } from './page.mjs'
import { passThrough, root, runMain, say } from './process.mjs'
import { bundledNode, ensureInstalled, tools } from './setup.mjs'

const hour = 60 * 60_000
const longSuites = [
  'tests/catalogue/fuzz.test.ts',
  'tests/catalogue/bounded.test.ts',
  'tests/model/review.test.ts',
]

await runMain(async () => {
  await ensureInstalled()
  const browser = await ensureBrowser()
  const checks = await runSteps(staticSteps())
  const page = await ensureBuilt().then(
    () => ({ passed: 0, failed: 0 }),
    (error) => {
      say(error.message) // the other tests still have something to tell
      return { passed: 0, failed: 1 }
    },
  )
  const args = process.argv.slice(2)
  const isLong = args.includes('--long')
  const tests = isLong
    ? await runTests(browser, ['--project', 'node', ...longSuites], { AVOCET_LONG: '1' }, 24 * hour)
    : await runTests(browser, args, {}, hour)
  const sum = (key) => checks[key] + page[key] + tests[key]
  const skipped = tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''
  console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped}`)
  process.exitCode = sum('failed') > 0 ? 1 : 0
})

async function runTests(browser, args, more, timeout) {
  const folder = mkdtempSync(join(tmpdir(), 'avocet-test-'))
  const report = join(folder, 'report.json')
  // `node` means the bundled one for every program that a test starts, also without npm around us.
  const PATH = [dirname(bundledNode()), process.env.PATH].join(delimiter)
  const env = { ...process.env, ...more, PATH, AVOCET_CHROMIUM: browser }
  const all = [
    tools.vitest,
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...args,
  ]
  const options = {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout,
    killSignal: 'SIGKILL',
  }
  const code = await passThrough(bundledNode(), all, options)
  const count = countReport(report, code)
  rmSync(folder, { recursive: true, force: true })
  return count
}

// Never fewer failures than there were: a file that did not load, an error outside any test, a crash, and no test at all count as one.
function countReport(report, code) {
  const count = { passed: 0, failed: 0, skipped: 0 }
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    )
    const isBroken = (file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')
    count.passed = numPassedTests
    count.skipped = numPendingTests + numTodoTests
    count.failed = numFailedTests + testResults.filter(isBroken).length
  } catch {
    say('vitest ended without a report.')
  }
  if (count.failed === 0 && (code !== 0 || count.passed === 0)) count.failed = 1
  return count
}
