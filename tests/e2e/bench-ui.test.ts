/** Proves that the bench of the page measures: every kind of key, at both speeds, beside the floor. Its figures are nobody's proof. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'

const BENCH = join(import.meta.dirname, '../bench/ui.ts')

it('prints a row for each kind of key at both speeds, with the floor beside it', async () => {
  const child = spawn(process.execPath, [BENCH, '--quick'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [table, trouble] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  expect(child.exitCode, trouble).toBe(0)
  expect(table.match(/│ (floor|discard|correct|undo)[:,]/g)).toHaveLength(14)
  expect(table.match(/p95 - floor <= 8: (yes|NO), p99 <= 50: (yes|NO)/g)).toHaveLength(3)
  expect(table).not.toMatch(/NaN|undefined/)
}, 180_000)
