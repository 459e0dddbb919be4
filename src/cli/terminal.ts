/** Owns what reaches the terminal: data can never move the cursor, set the title or write the clipboard. */
import { once } from 'node:events'
import { fstatSync, writeSync } from 'node:fs'
import type { Terminal } from './command.ts'

/** Control and direction characters become visible. Line feeds stay only where we wrote them ourselves. */
export function printable(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : `\\u{${code.toString(16)}}`
  })
}

/** JSON may go to a terminal too, and JSON.stringify leaves DEL and the C1 controls as they are. */
export function printableJson(value: unknown): string {
  return escapeControls(JSON.stringify(value, null, 2))
}

/** As JSON escapes them, so that what is copied from the terminal means the same. */
function escapeControls(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** "1 line", "2 lines". */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

/** Columns as wide as their widest cell; numbers to the right. */
export function table(rows: (string | number)[][]): string {
  const texts = rows.map((row) => row.map((cell) => printable(String(cell))))
  const widths = (texts[0] ?? []).map((_, column) =>
    Math.max(...texts.map((row) => row[column]?.length ?? 0)),
  )
  const lines = texts.map((row, index) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return typeof rows[index]?.[column] === 'number' ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

type Output = NodeJS.WriteStream & { fd?: number }

function isFile(stream: Output): stream is Output & { fd: number } {
  return stream.fd !== undefined && fstatSync(stream.fd).isFile()
}

/** Node writes to a file once and forgets what did not fit: half a file on a full disk, and no word of it. */
function writeAll(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(descriptor, bytes, written)
  }
}

export function createTerminal(stdout: Output, stderr: NodeJS.WriteStream): Terminal {
  let shown = false

  function progress(text: string): void {
    if (!stderr.isTTY) return
    if (shown || text !== '') stderr.write(`\r\u001b[2K${text.slice(0, (stderr.columns ?? 80) - 1)}`)
    shown = text !== ''
  }

  return {
    progress,
    note(text) {
      progress('')
      stderr.write(`${text}\n`)
    },
    async out(data) {
      progress('')
      if (stdout.isTTY) stdout.write(escapeControls(data.toString()))
      else if (isFile(stdout)) writeAll(stdout.fd, Buffer.from(data))
      else if (!stdout.write(data)) await once(stdout, 'drain')
    },
  }
}
