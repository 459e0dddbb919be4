import { execFileSync } from 'node:child_process'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tempFolder } from '../../tests/support/temp-folder.ts'
import benchmark from './benchmark.ts'
import { findAll, findFiles } from './find-files.ts'

const NAME = 'sft_candidates.jsonl'
const asRoot = process.getuid?.() === 0
const folder = tempFolder()
let count = 0

/** Root may read everything, so root steps aside. */
async function asNobody<T>(step: () => Promise<T>): Promise<T> {
  if (!asRoot) return step()
  process.seteuid?.(65534)
  try {
    return await step()
  } finally {
    process.seteuid?.(0)
  }
}

/** A new directory that holds these files, named from inside it. */
async function tree(...files: string[]): Promise<string> {
  count += 1
  const root = folder.path(`tree-${count}`)
  await mkdir(root)
  for (const file of files) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), '{}\n')
  }
  return root
}

/** What was found, as paths from `root`. */
async function find(root: string, path = root): Promise<{ files: string[]; refused: [string, string][] }> {
  const found = await findAll(path, benchmark)
  const within = (path: string) => path.slice(root.length + 1)
  return {
    files: found.files.map((file) => within(file.path)),
    refused: found.refused.map((refused) => [within(refused.path), refused.code]),
  }
}

function only(found: Awaited<ReturnType<typeof findAll>>): { path: string; code: string; reason: string } {
  expect(found.files).toEqual([])
  expect(found.refused).toHaveLength(1)
  return found.refused[0]!
}

describe('a path that the user named', () => {
  it('is taken when it is a file, whatever its name, and labelled by its directory', async () => {
    const root = await tree('2026-04-07-143022/copy.txt')
    const path = join(root, '2026-04-07-143022/copy.txt')
    expect(await findAll(path, benchmark)).toMatchObject({
      files: [{ path, directory: '2026-04-07-143022' }],
      refused: [],
    })
  })

  it('is searched when it is the directory of one run', async () => {
    const root = await tree(NAME, 'summary.json')
    expect(await findAll(root, benchmark)).toMatchObject({
      files: [{ path: join(root, NAME), directory: basename(root) }],
      refused: [],
    })
  })

  it('is searched when it is a directory of runs, in the order of their names', async () => {
    const root = await tree(
      `run-b/${NAME}`,
      `run-a/${NAME}`,
      'run-c/summary.json',
      'README.md',
      `run-B/${NAME}`,
    )
    const found = await findAll(root, benchmark)
    expect(found.files.map((file) => file.directory)).toEqual(['run-B', 'run-a', 'run-b'])
    expect(found.refused).toEqual([])
  })

  it('gives the file beside the runs, too', async () => {
    const root = await tree(`run-a/${NAME}`, NAME, `zzz/${NAME}`)
    expect((await find(root)).files).toEqual([`run-a/${NAME}`, NAME, `zzz/${NAME}`])
  })

  it('is not searched deeper than the runs', async () => {
    const root = await tree(`run/inner/${NAME}`)
    expect(await find(root)).toEqual({ files: [], refused: [['', 'NOTHING_FOUND']] })
  })

  it('is named by the label of the real directory when it is relative to it', async () => {
    const root = await tree(NAME)
    const found = await findAll(`${root}/../${basename(root)}/./`, benchmark)
    expect(found.files.map((file) => file.directory)).toEqual([basename(root)])
  })

  it.each([
    ['an empty directory', []],
    ['a directory of other files', ['notes.jsonl', 'sft_candidates.jsonl.bak', 'sft_candidates.json']],
    ['a directory of empty runs', ['run-a/summary.json', 'run-b/summary.json']],
  ])('is refused when it is %s', async (_, files) => {
    const { code, reason } = only(await findAll(await tree(...files), benchmark))
    expect(code).toBe('NOTHING_FOUND')
    expect(reason).toBe('no sft_candidates.jsonl in it, nor in the directories inside it')
  })

  it('is refused when nothing is there, or a part of it is a file', async () => {
    const root = await tree('file')
    expect(only(await findAll(join(root, 'missing'), benchmark))).toEqual({
      path: join(root, 'missing'),
      code: 'ENOENT',
      reason: 'there is no such file or directory',
    })
    expect(only(await findAll(join(root, 'file/inner'), benchmark)).code).toBe('ENOTDIR')
    expect(only(await findAll(join(root, 'x'.repeat(300)), benchmark)).code).toBe('ENAMETOOLONG')
    expect(only(await findAll('', benchmark)).code).toBe('ENOENT')
  })

  it('is refused when it is a FIFO or a device, and not waited for', async () => {
    const root = await tree()
    execFileSync('mkfifo', [join(root, 'fifo')])
    expect(only(await findAll(join(root, 'fifo'), benchmark)).reason).toBe('it is a FIFO, not a regular file')
    expect(only(await findAll('/dev/zero', benchmark)).reason).toBe('it is a device, not a regular file')
  })
})

describe('a symbolic link', () => {
  it('is followed when the user named it: to a file, and to a directory', async () => {
    const root = await tree(`run/${NAME}`)
    await symlink(join(root, 'run', NAME), join(root, 'to-file'))
    await symlink(join(root, 'run'), join(root, 'to-directory'))
    expect((await find(root, join(root, 'to-file'))).files).toEqual(['to-file'])
    const found = await findAll(join(root, 'to-directory'), benchmark)
    expect(found).toMatchObject({
      files: [{ path: join(root, 'to-directory', NAME), directory: 'run' }],
      refused: [],
    })
  })

  it('is refused when it was found in a directory, and the rest is taken', async () => {
    const root = await tree(`run-a/${NAME}`, 'run-b/summary.json', 'secret')
    await symlink(join(root, 'secret'), join(root, 'run-b', NAME))
    await symlink(join(root, 'secret'), join(root, NAME))
    expect(await find(root)).toEqual({
      files: [`run-a/${NAME}`],
      refused: [
        [`run-b/${NAME}`, 'NOT_REGULAR'],
        [NAME, 'NOT_REGULAR'],
      ],
    })
  })

  it('to a directory elsewhere is refused when it was found in one', async () => {
    const root = await tree('results/keep')
    const elsewhere = await tree(NAME)
    await symlink(elsewhere, join(root, 'results/run'))
    expect(only(await findAll(join(root, 'results'), benchmark)).code).toBe('SYMLINK_ESCAPE')
  })

  it('to a file elsewhere is refused when it was found, whatever it is called like', async () => {
    const root = await tree('results/run/keep')
    await symlink('/etc/passwd', join(root, 'results/run', NAME))
    expect(only(await findAll(join(root, 'results'), benchmark)).code).toBe('SYMLINK_ESCAPE')
  })

  it('that goes in a circle is refused when it was found, and the rest is taken', async () => {
    const root = await tree(`run/${NAME}`)
    await symlink('b', join(root, 'a'))
    await symlink('a', join(root, 'b'))
    expect(await find(root)).toEqual({
      files: [`run/${NAME}`],
      refused: [
        ['a', 'ELOOP'],
        ['b', 'ELOOP'],
      ],
    })
  })

  it('to a run beside it is passed over: that run is read by its own name', async () => {
    const root = await tree(`2026-04-07/${NAME}`)
    await symlink('2026-04-07', join(root, 'latest'))
    await symlink('gone', join(root, 'broken'))
    expect(await find(root)).toEqual({ files: [`2026-04-07/${NAME}`], refused: [] })
  })

  it('is refused when it goes in a circle or to nothing', async () => {
    const root = await tree()
    await symlink('b', join(root, 'a'))
    await symlink('a', join(root, 'b'))
    await symlink('missing', join(root, 'c'))
    expect(only(await findAll(join(root, 'a'), benchmark)).reason).toBe('its symbolic links go in a circle')
    expect(only(await findAll(join(root, 'c'), benchmark)).code).toBe('ENOENT')
  })
})

describe('in a directory of runs', () => {
  it('what is no regular file is refused by its path, and the rest is taken', async () => {
    const root = await tree(`good/${NAME}`, `directory/${NAME}/inner`)
    await mkdir(join(root, 'fifo'))
    execFileSync('mkfifo', [join(root, 'fifo', NAME)])
    expect(await find(root)).toEqual({
      files: [`good/${NAME}`],
      refused: [
        [`directory/${NAME}`, 'NOT_REGULAR'],
        [`fifo/${NAME}`, 'NOT_REGULAR'],
      ],
    })
  })

  it('what may not be read is refused, and the rest is taken', async () => {
    const root = await tree(`closed/${NAME}`, `good/${NAME}`)
    await chmod(join(root, 'closed'), 0)
    try {
      await chmod(dirname(root), 0o711)
      const found = await asNobody(() => findAll(root, benchmark))
      expect(found.files.map((file) => file.directory)).toEqual(['good'])
      expect(found.refused).toEqual([
        { path: join(root, 'closed'), code: 'EACCES', reason: 'permission is missing' },
      ])
    } finally {
      await chmod(join(root, 'closed'), 0o700)
    }
  })

  it.each([
    'two\nlines',
    '\u001b[31mred',
    '-rf',
    ' spaces ',
    'quote\'s "',
    'x'.repeat(255),
    '\u{1f426}',
    '..x',
    '%2e%2e',
    '__proto__',
  ])('the name %j is a name like any other', async (name) => {
    const root = await tree(`${name}/${NAME}`)
    expect(await findAll(root, benchmark)).toMatchObject({
      files: [{ path: join(root, name, NAME), directory: name }],
      refused: [],
    })
  })

  it.runIf(process.platform === 'linux')(
    'a name that is not UTF-8 is shown escaped, and its file is read',
    async () => {
      const root = await tree(`good/${NAME}`)
      const name = Buffer.concat([Buffer.from(`${root}/bad-`), Buffer.from([0xff])])
      await mkdir(name)
      await writeFile(Buffer.concat([name, Buffer.from(`/${NAME}`)]), '{}\n')
      const { files, refused } = await findAll(root, benchmark)
      expect(refused).toEqual([])
      expect(files).toMatchObject([
        { directory: 'bad-\\xff', path: join(root, 'bad-\\xff', NAME) },
        { directory: 'good' },
      ])
      const items = []
      for await (const batch of benchmark.open(files[0]!.location, {})) items.push(...batch)
      expect(items).toMatchObject([{ code: 'ID_MISSING' }])
    },
  )

  it('what is not ours is counted and named: other files, and runs without a file', async () => {
    const root = await tree(`run-a/${NAME}`, 'run-a/summary.json', 'run-b/summary.json', 'README.md')
    const { ignored } = await findAll(root, benchmark)
    expect(ignored.map((path) => path.slice(root.length + 1))).toEqual([
      'README.md',
      'run-a/summary.json',
      'run-b/summary.json',
      'run-b',
    ])
  })

  it('packed files are found beside plain ones', async () => {
    const root = await tree(`a/${NAME}.gz`, `b/${NAME}.zst`, `c/${NAME}.bak`)
    expect((await find(root)).files).toEqual([`a/${NAME}.gz`, `b/${NAME}.zst`])
  })

  it('ten thousand runs are found one at a time, and none is opened', async () => {
    const root = folder.path('many')
    for (let run = 0; run < 10_000; run++) await mkdir(join(root, `run-${run}`), { recursive: true })
    await writeFile(join(root, 'run-77', NAME), '{}\n')
    let ignored = 0
    const files: string[] = []
    for await (const finding of findFiles(root, benchmark)) {
      if (finding.kind === 'file') files.push(finding.directory)
      if (finding.kind === 'ignored') ignored += 1
    }
    expect([files, ignored]).toEqual([['run-77'], 9999])
  })
})
