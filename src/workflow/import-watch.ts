/** Owns watching: runs that are new or have grown are imported while the harness writes them. */
import { stat } from 'node:fs/promises'
import { type FoundFile, findFiles } from '../sources/find-files.ts'
import type { Source } from '../sources/source.ts'
import type { Deps } from './deps.ts'

/**
 * Asking again is what works everywhere: events of the file system do not cross network disks and containers, and
 * get lost where many files change at once. In ms.
 */
const LOOK_EVERY = 2000
/** A look at very many runs takes long: then the next one comes later. */
const SHARE_OF_TIME = 10

export type WatchState = {
  on: boolean
  paths: string[]
  looked_at: string | null
  import_id: number | null
  trouble: string | null
}

export type Watch = {
  state(): Promise<WatchState>
  /** What lies under these paths now is known once the function is called that comes back: somebody else imported it. */
  learn(paths: string[]): Promise<() => void>
  switchTo(on: boolean): void
  /** Looks once, now. */
  look(): Promise<void>
  stop(): Promise<void>
}

type Options = {
  source: Source
  paths(): Promise<string[]>
  /** A last line without its end is to be left for the next time. Returns the number in the ledger. */
  importFiles(files: FoundFile[]): Promise<number | null>
}

export function createWatch(deps: Deps, { source, paths, importFiles }: Options): Watch {
  const known = new Map<string, string>()
  const seen: Pick<WatchState, 'looked_at' | 'import_id' | 'trouble'> = {
    ...{ looked_at: null, import_id: null, trouble: null },
  }
  let on = false
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()

  async function lookOnce(): Promise<void> {
    const start = performance.now()
    let took = 0
    try {
      const { changed, trouble } = await findChanged(await paths(), source, known)
      took = performance.now() - start
      seen.trouble = trouble
      if (changed.length > 0) seen.import_id = await importFiles(changed.map(({ file }) => file))
      keep(changed)
    } catch (error) {
      seen.trouble = (error as Error).message
    }
    seen.looked_at = deps.now()
    clearTimeout(timer)
    if (on) timer = setTimeout(again, Math.max(LOOK_EVERY, took * SHARE_OF_TIME)).unref()
  }

  /** One look after the other, however often they are asked for. */
  function again(): Promise<void> {
    looking = looking.then(lookOnce)
    return looking
  }

  function keep(changed: Changed[]): void {
    for (const { file, stamp } of changed) known.set(file.path, stamp)
  }

  return {
    state: async () => ({ on, paths: await paths(), ...seen }),
    async learn(learnt) {
      const { changed } = await findChanged(learnt, source, known)
      return () => keep(changed)
    },
    switchTo(wanted) {
      if (wanted === on) return
      on = wanted
      clearTimeout(timer)
      if (on) void again()
    },
    look: again,
    async stop() {
      on = false
      clearTimeout(timer)
      await looking
    },
  }
}

type Changed = { file: FoundFile; stamp: string }

async function findChanged(paths: string[], source: Source, known: ReadonlyMap<string, string>) {
  const changed: Changed[] = []
  let trouble: string | null = null
  for (const path of paths) {
    for await (const finding of findFiles(path, source)) {
      // A directory in which the harness has not written yet is no trouble.
      if (finding.kind === 'refused' && finding.code !== 'NOTHING_FOUND') {
        trouble ??= `${finding.path}: ${finding.reason}`
      }
      if (finding.kind !== 'file') continue
      const stamp = await stampOf(finding)
      if (stamp !== null && known.get(finding.path) !== stamp) changed.push({ file: finding, stamp })
    }
  }
  return { changed, trouble }
}

/** Null when it has gone. A file that could not be read may be let to us, which changes its `ctime` alone. */
async function stampOf({ location }: FoundFile): Promise<string | null> {
  const name = typeof location === 'string' ? location : Buffer.from(location)
  const stats = await stat(name).catch(() => null)
  return stats && `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`
}
