/** Proves that a look finds what is new, takes nothing for known that was not imported, and never runs beside another. */
import { appendFile, chmod } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { onSqlite } from '../../tests/support/each-engine.ts'
import { makeRecord, toJsonl, writeRun } from '../../tests/support/make-record.ts'
import { tempFolder } from '../../tests/support/temp-folder.ts'
import { testDeps } from '../../tests/support/test-deps.ts'
import { sources } from '../sources/index.ts'
import type { Source } from '../sources/source.ts'
import { createWatch } from './import-watch.ts'

const source = sources.get('benchmark') as Source
const folder = tempFolder()

onSqlite((open) => {
  async function begin(name: string, work: () => Promise<void> = async () => {}) {
    const { store } = await open()
    const root = folder.path(name)
    const run = (n: number) => `${name}/run-${n}/sft_candidates.jsonl`
    const path = await writeRun(folder.path(run(1)), toJsonl([makeRecord(1)]))
    const imports: string[][] = []
    const looks = { count: 0 }
    const watch = createWatch(testDeps(store), {
      source,
      async paths() {
        looks.count += 1
        return [root]
      },
      async importFiles(files) {
        imports.push(files.map((file) => file.path.slice(folder.path('').length)))
        await work()
        return imports.length
      },
    })
    return { watch, imports, looks, path, root, run }
  }

  it('imports once what is new, has grown, or was let to us', async () => {
    const { watch, imports, path, run } = await begin('grown')
    for (let times = 0; times < 2; times++) await watch.look()
    expect(imports).toHaveLength(1)
    await appendFile(path, '\n')
    for (let times = 0; times < 2; times++) await watch.look()
    expect(imports).toHaveLength(2)
    await chmod(path, 0o640)
    for (let times = 0; times < 2; times++) await watch.look()
    expect(imports).toHaveLength(3)
    await writeRun(folder.path(run(2)), toJsonl([makeRecord(2)]))
    await watch.look()
    expect(imports.at(-1)?.join()).toContain('run-2')
  })

  it('takes what it learnt for known only when it is told that it was imported', async () => {
    const { watch, imports, root } = await begin('learnt')
    const learn = await watch.learn([root])
    await watch.look()
    expect(imports).toHaveLength(1)
    const other = await begin('learnt-too')
    const learnt = await other.watch.learn([other.root])
    learnt()
    await other.watch.look()
    expect(other.imports).toHaveLength(0)
    learn()
  })

  it('tries again what failed', async () => {
    let isFull = true
    const { watch, imports } = await begin('failed', async () => {
      if (isFull) throw new Error('The disk is full.')
    })
    await watch.look()
    expect((await watch.state()).trouble).toBe('The disk is full.')
    isFull = false
    for (let times = 0; times < 2; times++) await watch.look()
    expect(imports).toHaveLength(2)
    expect((await watch.state()).trouble).toBe(null)
  })

  it('never looks twice at once, however often it is switched', async () => {
    let running = 0
    let most = 0
    const { watch, imports, looks, path } = await begin('switched', async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, 20))
      running -= 1
    })
    for (let times = 0; times < 6; times++) {
      watch.switchTo(true)
      await new Promise((resolve) => setTimeout(resolve, 5))
      watch.switchTo(false)
    }
    watch.switchTo(true)
    await watch.look()
    expect(imports).toHaveLength(1)
    await appendFile(path, '\n')
    await expect.poll(() => imports.length).toBe(2)
    // Longer than between two looks, and shorter than between three.
    const before = looks.count
    await new Promise((resolve) => setTimeout(resolve, 2500))
    expect(looks.count - before).toBeLessThan(3)
    expect([imports.length, most]).toEqual([2, 1])
    await watch.stop()
  })
})
