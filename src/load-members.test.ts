import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { tempFolder } from '../tests/support/temp-folder.ts'
import { loadMembers } from './load-members.ts'

const folder = tempFolder()
let count = 0

async function folderOf(files: Record<string, string>): Promise<string> {
  count += 1
  const path = folder.path(`members-${count}`)
  await mkdir(path)
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content)
  return path
}

it('finds what the files of a folder default-export, by name and in the order of names', async () => {
  const path = await folderOf({
    'zebra.ts': "export default { name: 'zebra' as string, legs: 4 }\n",
    'ant.js': "export default { name: 'ant', legs: 6 }\n",
    'two-words.ts': "export default { name: 'two-words' }\n",
  })
  expect([...(await loadMembers(path)).entries()]).toEqual([
    ['ant', { name: 'ant', legs: 6 }],
    ['two-words', { name: 'two-words' }],
    ['zebra', { name: 'zebra', legs: 4 }],
  ])
})

it("passes over the folder's own parts", async () => {
  const path = await folderOf({
    'ant.ts': "export default { name: 'ant' }\n",
    'part.ts': 'export const legs = 6\n',
    'README.md': 'export default',
    'data.json': '{"name":"data"}',
  })
  await mkdir(join(path, 'inner'))
  expect([...(await loadMembers(path)).keys()]).toEqual(['ant'])
})

it('does not even load the index, tests and declarations', async () => {
  const stop = "throw new Error('loaded')\n"
  const path = await folderOf({
    'ant.ts': "export default { name: 'ant' }\n",
    'ant.test.ts': stop,
    'ant.d.ts': stop,
    'index.ts': stop,
    'index.js': stop,
    'ant.js.map': stop,
  })
  expect([...(await loadMembers(path)).keys()]).toEqual(['ant'])
})

it('gives nothing for an empty folder, and throws where there is none', async () => {
  expect((await loadMembers(await folderOf({}))).size).toBe(0)
  await expect(loadMembers(folder.path('missing'))).rejects.toMatchObject({ code: 'ENOENT' })
})

it('stops at a member whose name is not that of its file', async () => {
  const path = await folderOf({ 'ant.ts': "export default { name: 'bee' }\n" })
  await expect(loadMembers(path)).rejects.toThrow(
    `${join(path, 'ant.ts')} must export the name "ant", found "bee".`,
  )
})

it('stops at a file that cannot be loaded', async () => {
  const path = await folderOf({ 'ant.ts': "throw new Error('broken')\n" })
  await expect(loadMembers(path)).rejects.toThrow('broken')
})
