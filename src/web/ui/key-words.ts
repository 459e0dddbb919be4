/** Owns the names of keys, as this computer writes them and as ARIA does. */

const isMac = /mac|iphone|ipad/i.test(navigator.platform)

export function keyWords(key: string): string {
  if (key === 'Escape') return 'Esc'
  if (key === 'Mod+Enter') return isMac ? '⌘↵' : 'Ctrl ↵'
  return key
}

export function ariaKey(key: string): string {
  return key.replace('Mod', isMac ? 'Meta' : 'Control')
}
