/** Owns the rows about files, directories and what is compressed. */
import { execFileSync } from 'node:child_process'
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { bytes, GOOD, type Row, SECOND } from './row.ts'

const NAME = 'sft_candidates.jsonl'
const RUN = `run/${NAME}`
const MIB = 1024 * 1024
const TIB = 1024 * 1024 * MIB

/** Lays these files into the folder. */
function tree(files: Record<string, string | Uint8Array>): (folder: string) => Promise<void> {
  return async (folder) => {
    for (const [name, content] of Object.entries(files)) await put(folder, name, content)
  }
}

async function put(folder: string, name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
  return path
}

async function linked(folder: string, name: string, target: string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true })
  await symlink(target, join(folder, name))
}

async function fifos(folder: string): Promise<void> {
  await put(folder, RUN, GOOD)
  for (const run of ['a', 'b', 'c', 'd', 'e']) {
    await mkdir(join(folder, run))
    execFileSync('mkfifo', [join(folder, run, NAME)])
  }
}

const ODD_NAMES = [
  'two\nlines',
  '\u001b[31m',
  "quote'",
  '-rf',
  ' space ',
  'x'.repeat(255),
  '..x',
  'RUN',
  'Run',
]

export const FILE_ROWS: Row[] = [
  { id: 'F01a', what: 'nothing at this path', file: tree({}), name: 'missing', refused: ['ENOENT'] },
  { id: 'F01b', what: 'an empty directory', file: tree({}), name: '.', refused: ['NOTHING_FOUND'] },
  {
    id: 'F01c',
    what: 'a directory of that name',
    file: tree({ [`${NAME}/inner`]: '' }),
    ignored: 1,
    refused: ['NOTHING_FOUND'],
  },
  {
    id: 'F04a',
    what: 'a link to a file elsewhere',
    file: async (folder) => {
      await put(folder, RUN, GOOD)
      await linked(folder, `b/${NAME}`, '/etc/passwd')
    },
    name: '.',
    imported: 1,
    refused: ['SYMLINK_ESCAPE'],
  },
  {
    id: 'F04b',
    what: 'a link to a file beside it',
    file: async (folder) => {
      await put(folder, RUN, GOOD)
      await linked(folder, `b/${NAME}`, join(folder, RUN))
    },
    name: '.',
    imported: 1,
    refused: ['NOT_REGULAR'],
  },
  {
    id: 'F04c',
    what: 'a link that was named',
    file: async (folder) => {
      await put(folder, RUN, GOOD)
      await linked(folder, 'link', RUN)
    },
    name: 'link',
    imported: 1,
  },
  {
    id: 'F05',
    what: 'links in a circle',
    file: async (folder) => {
      await put(folder, RUN, GOOD)
      await linked(folder, 'a', 'b')
      await linked(folder, 'b', 'a')
    },
    name: '.',
    imported: 1,
    refused: ['ELOOP', 'ELOOP'],
  },
  {
    id: 'F06',
    what: 'very deep directories',
    file: tree({ [RUN]: GOOD, [`${'d/'.repeat(500)}${NAME}`]: GOOD }),
    name: '.',
    imported: 1,
    ignored: 2,
  },
  {
    id: 'F07a',
    what: 'FIFOs, more than there are threads',
    file: fifos,
    name: '.',
    imported: 1,
    refused: ['NOT_REGULAR', 'NOT_REGULAR', 'NOT_REGULAR', 'NOT_REGULAR', 'NOT_REGULAR'],
  },
  {
    id: 'F07b',
    what: 'a device',
    file: (folder) => linked(folder, 'zero', '/dev/zero'),
    name: 'zero',
    refused: ['NOT_REGULAR'],
  },
  {
    id: 'F07c',
    what: 'memory as a file',
    file: (folder) => linked(folder, 'mem', '/proc/self/mem'),
    name: 'mem',
    refused: ['NOT_REGULAR'],
  },
  {
    id: 'F08a',
    what: 'a sparse file of 1 TB',
    file: async (folder) => truncate(await put(folder, NAME, ''), TIB),
    refused: ['NOT_TEXT'],
  },
  {
    id: 'F08b',
    what: 'a good line before 1 TB of nothing',
    file: async (folder) => truncate(await put(folder, NAME, GOOD), TIB),
    imported: 1,
    refused: ['NOT_TEXT'],
  },
  {
    id: 'F13',
    what: 'odd names',
    file: tree(
      Object.fromEntries(
        ODD_NAMES.map((name, at) => [`${name}/${NAME}`, GOOD.replace('"record-0001"', `"odd-${at}"`)]),
      ),
    ),
    name: '.',
    imported: ODD_NAMES.length,
  },
  {
    id: 'F20',
    what: 'other files, and a run without one',
    file: tree({ [RUN]: GOOD, 'run/summary.json': '[]', 'empty/summary.json': '[]', 'README.md': '' }),
    name: '.',
    imported: 1,
    ignored: 4,
  },
]

const bomb = Buffer.alloc(300 * MIB, 'x')
const lines = Buffer.from(
  Array.from({ length: 300 }, (_, n) => GOOD.replace('record-0001', `${n}-${Math.random()}`)).join(''),
)
const noise = Buffer.from(Array.from({ length: 3000 }, () => Math.random()).join())
const badCheck = Buffer.from(gzipSync(GOOD + SECOND))
badCheck[badCheck.length - 8]! ^= 1

export const PACKED_ROWS: Row[] = [
  { id: 'Z00a', what: 'gzip', file: gzipSync(GOOD + SECOND), name: `${NAME}.gz`, imported: 2 },
  { id: 'Z00b', what: 'Zstandard', file: zstdCompressSync(GOOD + SECOND), name: `${NAME}.zst`, imported: 2 },
  {
    id: 'Z00c',
    what: 'a name that promises too much',
    file: GOOD,
    name: `${NAME}.gz`,
    refused: ['COMPRESSION_MISMATCH'],
  },
  {
    id: 'Z00d',
    what: 'gzip that is called Zstandard',
    file: gzipSync(GOOD),
    name: `${NAME}.zst`,
    refused: ['COMPRESSION_MISMATCH'],
  },
  {
    id: 'Z01a',
    what: 'a gzip bomb',
    file: gzipSync(bytes(GOOD, bomb)),
    name: `${NAME}.gz`,
    imported: 1,
    refused: ['RATIO'],
  },
  {
    id: 'Z01b',
    what: 'a Zstandard bomb',
    file: zstdCompressSync(bytes(GOOD, bomb)),
    name: `${NAME}.zst`,
    imported: 1,
    refused: ['RATIO'],
  },
  {
    id: 'Z02',
    what: 'gzip in gzip',
    file: gzipSync(gzipSync(GOOD)),
    name: `${NAME}.gz`,
    refused: ['ARCHIVE_NESTED'],
  },
  {
    id: 'Z03a',
    what: 'two members of gzip',
    file: bytes(gzipSync(GOOD), gzipSync(SECOND)),
    name: `${NAME}.gz`,
    imported: 2,
  },
  {
    id: 'Z03b',
    what: 'two frames of Zstandard',
    file: bytes(zstdCompressSync(GOOD), zstdCompressSync(SECOND)),
    name: `${NAME}.zst`,
    imported: 2,
  },
  {
    id: 'Z04a',
    what: 'a cut gzip',
    file: gzipSync(bytes(lines, noise)).subarray(0, -2000),
    name: `${NAME}.gz`,
    imported: 300,
    warnings: ['SAME_CONTENT'],
    refused: ['ARCHIVE_DAMAGED'],
  },
  {
    id: 'Z04b',
    what: 'a wrong checksum',
    file: badCheck,
    name: `${NAME}.gz`,
    imported: 2,
    refused: ['ARCHIVE_DAMAGED'],
  },
  {
    id: 'Z04c',
    what: 'garbage behind gzip',
    file: bytes(gzipSync(GOOD), 'garbage'),
    name: `${NAME}.gz`,
    imported: 1,
    refused: ['ARCHIVE_DAMAGED'],
  },
  {
    id: 'Z04d',
    what: 'garbage behind Zstandard',
    file: bytes(zstdCompressSync(GOOD), 'garbage'),
    name: `${NAME}.zst`,
    imported: 1,
    refused: ['ARCHIVE_DAMAGED'],
  },
  {
    id: 'Z04e',
    what: 'a cut Zstandard file',
    file: bytes(zstdCompressSync(lines), zstdCompressSync(noise).subarray(0, -9)),
    name: `${NAME}.zst`,
    imported: 300,
    warnings: ['SAME_CONTENT'],
    refused: ['ARCHIVE_DAMAGED'],
  },
  {
    id: 'Z05a',
    what: 'a zip archive',
    file: bytes('PK\x03\x04', [20, 0, 0, 0]),
    refused: ['ARCHIVE_UNSUPPORTED'],
  },
  {
    id: 'Z05b',
    what: 'a tar archive in gzip',
    file: gzipSync(bytes('a'.repeat(257), 'ustar  ', GOOD)),
    name: `${NAME}.gz`,
    refused: ['ARCHIVE_UNSUPPORTED'],
  },
]
