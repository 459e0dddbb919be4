/** Owns the sign that a server works with a database file: a lock of the system, which ends with its process, however that ends. */
import { existsSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** An empty database beside the real one; only its lock matters. */
function fileOf(path: string): string {
  return `${path}-served`
}

/** Until the function that comes back is called, imports of other processes are considerate. */
export function beServed(path: string): () => void {
  // Whoever looks whether it is held holds it for a moment.
  const lock = new DatabaseSync(fileOf(path), { timeout: 1000 })
  // Shared: several servers may work with one file.
  lock.exec('pragma journal_mode = delete; begin; select count(*) from sqlite_schema')
  return () => {
    if (!lock.isOpen) return
    lock.close()
    if (!isServed(path)) rmSync(fileOf(path), { force: true })
  }
}

export function isServed(path: string): boolean {
  if (!existsSync(fileOf(path))) return false
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(fileOf(path))
    lock.exec('pragma busy_timeout = 0; begin exclusive; rollback')
    return false
  } catch {
    // Whatever keeps us from knowing: being considerate is never wrong.
    return true
  } finally {
    lock?.close()
  }
}
