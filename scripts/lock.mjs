// Owns that only one start at a time sets up a checkout, however the others began or ended.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { root, say } from './process.mjs'

// Outside node_modules, which npm ci deletes.
const lock = `${root}/.setup-lock`
const lockLimit = 15 * 60_000

/** Does `work` unless another start did it meanwhile. Two at once would delete each other's node_modules. */
export async function withLock(isNeeded, work) {
  for (let told = false; isNeeded(); told = true) {
    if (takeLock()) {
      try {
        if (isNeeded()) await work(noteInLock)
      } finally {
        rmSync(lock, { recursive: true, force: true })
      }
      return
    }
    if (!told) say('Waiting for another start of Avocet to finish setting up…')
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

function takeLock() {
  try {
    mkdirSync(lock)
    noteInLock(process.pid)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw new Error(`Cannot write to ${root}: ${error.message}`)
    return isStale(lock) && dropStaleLock() && takeLock()
  }
}

// npm's own process is noted too: it goes on alone when the start that began it is killed.
function noteInLock(pid) {
  writeFileSync(`${lock}/${pid}@${hostname()}`, '')
}

function isStale(path) {
  try {
    const age = Date.now() - statSync(path).mtimeMs
    const holders = readdirSync(path).map((name) => name.split('@'))
    if (age > lockLimit || holders.length === 0) return age > Math.min(lockLimit, 5000)
    return holders.every(([pid, host]) => host === hostname() && !isAlive(Number(pid)))
  } catch {
    return false // released just now
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

// Moved first and looked at again: another start may have replaced the stale lock by its own in between.
function dropStaleLock() {
  const moved = `${lock}-${process.pid}`
  try {
    renameSync(lock, moved)
    if (isStale(moved)) rmSync(moved, { recursive: true, force: true })
    else renameSync(moved, lock)
    return true
  } catch {
    return false // another start was quicker
  }
}
