/** Owns what the first bytes of a file give away: compressed, another encoding, another kind of file altogether. */
import { Refusal } from './source.ts'

export type Packing = 'gzip' | 'zstd'

/** As many bytes as `packingOf` wants to see. */
export const HEAD_BYTES = 4096

const NAMES: Record<Packing, string> = { gzip: '.gz', zstd: '.zst' }
/** What it is called, where its signature stands, and the signature, a character for each byte. */
const ARCHIVES: [string, number, string][] = [
  ['a zip archive', 0, 'PK\x03\x04'],
  ['a zip archive', 0, 'PK\x05\x06'],
  ['a tar archive', 257, 'ustar'],
  ['compressed with bzip2', 0, 'BZh'],
  ['compressed with xz', 0, '\xfd7zXZ\0'],
  ['a 7z archive', 0, '7z\xbc\xaf'],
  ['a rar archive', 0, 'Rar!\x1a'],
  ['compressed with lz4', 0, '\x04\x22\x4d\x18'],
]
const UTF16_MARKS = ['\xff\xfe', '\xfe\xff', '\0\0\xfe\xff']

/** How the file is packed, by its name and its content alike; null for plain text. Throws a Refusal. */
export function packingOf(head: Buffer, name: string): Packing | null {
  const content = findPacking(head)
  const named = name.toLowerCase()
  const promised = (['gzip', 'zstd'] as const).find((packing) => named.endsWith(NAMES[packing])) ?? null
  if (content === promised || head.length === 0) return content
  if (content !== null && promised === null) {
    throw new Refusal(
      'COMPRESSED_UNDECLARED',
      `it is compressed with ${content}, and its name does not say so`,
    )
  }
  const found = content === null ? 'not compressed so' : `compressed with ${content}`
  throw new Refusal(
    'COMPRESSION_MISMATCH',
    `its name ends in ${NAMES[promised as Packing]}, and it is ${found}`,
  )
}

/** Throws a Refusal when it cannot be the beginning of JSON Lines. `head` is plain, not packed. */
export function refuseOtherKinds(head: Buffer): void {
  if (findPacking(head)) throw new Refusal('ARCHIVE_NESTED', 'it is compressed twice')
  const text = head.toString('latin1')
  for (const [words, at, signature] of ARCHIVES) {
    if (text.startsWith(signature, at)) throw new Refusal('ARCHIVE_UNSUPPORTED', `it is ${words}`)
  }
  if (UTF16_MARKS.some((mark) => text.startsWith(mark)) || hasEverySecondNul(head)) {
    throw new Refusal('ENCODING_UTF16', 'it is UTF-16 or UTF-32, not UTF-8')
  }
  const [firstLine = ''] = text.split('\n', 1)
  if (
    firstLine.startsWith('\0') ||
    (firstLine.includes('\0') && !/^(\xef\xbb\xbf)?\s*[{[]/.test(firstLine))
  ) {
    throw new Refusal('NOT_TEXT', 'it is not text')
  }
  if (/^(\xef\xbb\xbf)?\s*\[\s*\{/.test(text)) {
    throw new Refusal('NOT_JSONL', 'it is one JSON array, not one record per line')
  }
}

function findPacking(head: Buffer): Packing | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  if (head.length < 4) return null
  const magic = head.readUInt32LE(0)
  // The second are frames that hold no data, with which some writers begin.
  return magic === 0xfd2fb528 || magic >>> 4 === 0x184d2a5 ? 'zstd' : null
}

/** UTF-16 without a mark: JSON begins with two ASCII characters. */
function hasEverySecondNul(head: Buffer): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = head
  return (a !== 0 && b === 0 && c !== 0 && d === 0) || (a === 0 && b !== 0 && c === 0 && d !== 0)
}
