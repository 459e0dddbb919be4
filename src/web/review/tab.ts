/** Owns the name of this tab: it outlives a reload, no other tab has it, and everybody can tell whether the tab is gone. */

export type Tab = Awaited<ReturnType<typeof openTab>>
export type IsGone = (tab: string) => boolean

const PLACE = 'avocet.tab'
/** A page that is being reloaded lets go a moment after the next one begins. */
const PATIENCE_MS = 300

export async function openTab() {
  const kept = read()
  const held = kept === null ? null : await hold(kept)
  const name = held && kept !== null ? kept : crypto.randomUUID()
  const letGo = held ?? (await hold(name))
  write(name)
  return { name, areGone, close: () => letGo?.() }
}

/** Tells of any tab whether nobody holds its name. */
async function areGone(): Promise<IsGone> {
  const { held = [] } = (await navigator.locks?.query()) ?? {}
  const living = new Set(held.map(({ name }) => name))
  return (tab) => !living.has(lockOf(tab))
}

/** Null where another tab holds the name; one that was copied brings the name of its original along. */
function hold(name: string): Promise<(() => void) | null> {
  const { promise, resolve } = Promise.withResolvers<(() => void) | null>()
  // A page of an insecure address has no locks: there a name is as good as alone.
  if (!navigator.locks) resolve(() => {})
  else {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const keep = (): Promise<void> => new Promise((letGo) => resolve(letGo))
    navigator.locks.request(lockOf(name), { signal }, keep).catch(() => resolve(null))
  }
  return promise
}

function lockOf(name: string): string {
  return `${PLACE}.${name}`
}

function read(): string | null {
  try {
    return sessionStorage.getItem(PLACE)
  } catch {
    return null
  }
}

function write(name: string): void {
  try {
    sessionStorage.setItem(PLACE, name)
  } catch {
    // The tab has a name until it is reloaded.
  }
}
