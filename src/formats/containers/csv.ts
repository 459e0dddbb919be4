/** Packs flat rows as CSV (RFC 4180) that a spreadsheet opens without running what a model wrote. */
import type { Json } from '../format.ts'
import type { Container } from './container.ts'

/** A cell that begins so is a formula to a spreadsheet, see https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/

export const csv: Container = {
  name: 'csv',
  extension: 'csv',
  contentType: 'text/csv; charset=utf-8',
  pack(columns) {
    // Excel takes a file without it for the code page of the machine.
    let head = `\ufeff${toLine(Object.keys(columns))}`
    return {
      add(rows) {
        const text = head + rows.map((row) => toLine(Object.values(row))).join('')
        head = ''
        return Buffer.from(text)
      },
      end: () => Buffer.from(head),
    }
  },
  show: (row) => toLine(Object.values(row)).slice(0, -2),
}

function toLine(cells: Json[]): string {
  return `${cells.map(toCell).join(',')}\r\n`
}

function toCell(value: Json): string {
  if (value === null) return ''
  // A number cannot be a formula, and must stay one.
  if (typeof value !== 'string') return String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text
}
