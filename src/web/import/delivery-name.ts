/** Owns what a delivery is called: its one file or folder by name, several by their number. */
import { listed, plural } from '../ui/format.ts'

/** Names as they are sent: with the folder, where there is one. */
export function nameOf(names: string[]): string {
  const tops = [...new Set(names.map((name) => name.split('/')[0] ?? name))]
  return tops.length < 3 ? listed(tops) : plural(tops.length, 'file or folder', 'files and folders')
}
