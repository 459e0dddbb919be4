/** Owns that no component test finds what another one left in the browser. */
import { beforeEach } from 'vitest'

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
})
