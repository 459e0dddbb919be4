/** Owns that no component test finds what another one left in the browser. */
import { beforeEach } from 'vitest'

beforeEach(async () => {
  localStorage.clear()
  sessionStorage.clear()
  await new Promise((done) => {
    // Whoever has it open closes it.
    const request = indexedDB.deleteDatabase('avocet')
    request.onsuccess = done
    request.onerror = done
  })
})
