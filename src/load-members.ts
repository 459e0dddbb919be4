/** Owns "adding things by adding one file": loads what the files of a folder default-export. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Files without a default export are the folder's own parts. A member whose name is not its file's stops the program. */
export async function loadMembers<Member extends { name: string }>(
  folder: string,
): Promise<Map<string, Member>> {
  const members = new Map<string, Member>()
  for (const file of (await readdir(folder)).sort()) {
    const name = /^(.+)\.(?:ts|js)$/.exec(file)?.[1]
    if (name === undefined || name.includes('.') || name === 'index') continue
    const module = (await import(pathToFileURL(join(folder, file)).href)) as { default?: Member }
    if (!module.default) continue
    if (module.default.name !== name) {
      throw new Error(`${join(folder, file)} must export the name "${name}", found "${module.default.name}".`)
    }
    members.set(name, module.default)
  }
  return members
}
