/** What is packed here is read by DuckDB, which is not ours, and compared with what went in; and with golden files. */
import { writeFile } from 'node:fs/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { STANDARD } from '../../../tests/support/examples.ts'
import { tempFolder } from '../../../tests/support/temp-folder.ts'
import { type ContainerName, pairFault } from '../../domain/example.ts'
import { type ColumnType, containersOf, type Format, type Row } from '../format.ts'
import { formats } from '../index.ts'
import { containers } from './index.ts'

const folder = tempFolder()
/** The declared types in DuckDB's words; left to itself it makes timestamps of texts. */
function inSql(type: ColumnType): string {
  if (type === 'boolean') return 'BOOLEAN'
  if (typeof type === 'string') return type === 'nullable number' ? 'DOUBLE' : 'VARCHAR'
  if ('list' in type) return `${inSql(type.list)}[]`
  const fields = Object.entries(type.struct).map(([name, inner]) => `"${name}" ${inSql(inner)}`)
  return `STRUCT(${fields.join(', ')})`
}

const READERS: Record<ContainerName, (path: string, columns: Format['columns']) => string> = {
  jsonl: (path, columns) => {
    const types = Object.entries(columns).map(([name, type]) => `'${name}': '${inSql(type)}'`)
    return `read_json('${path}', format = 'newline_delimited', maximum_object_size = 20000000, columns = {${types.join(', ')}})`
  },
  parquet: (path) => `read_parquet('${path}')`,
  csv: (path) => `read_csv('${path}', header = true, all_varchar = true, max_line_size = 20000000)`,
}

function rowsOf(format: Format): Row[] {
  return STANDARD.filter(({ example }) => format.rejected !== 'needed' || !pairFault(example)).flatMap(
    ({ example }) => format.toRows(example),
  )
}

/** In uneven parts, as an export packs them. */
function packed(format: Format, as: ContainerName, rows: Row[]): Buffer {
  const packing = containers[as].pack(format.columns)
  const parts = [packing.add([]), packing.add(rows.slice(0, 3)), packing.add(rows.slice(3)), packing.end()]
  return Buffer.concat(parts)
}

async function read(bytes: Uint8Array, as: ContainerName, { columns }: Format): Promise<unknown[]> {
  const path = folder.path(`file-${Math.random()}.${containers[as].extension}`)
  await writeFile(path, bytes)
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const result = await connection.runAndReadAll(`select * from ${READERS[as](path, columns)}`)
  connection.closeSync()
  return result.getRowObjectsJson()
}

const all = [...formats.values()].flatMap((format) =>
  containersOf(format).map((as) => ({ name: format.name, format, as })),
)

describe.each(all)('$name as $as', ({ format, as }) => {
  const rows = rowsOf(format)

  it('is read by DuckDB as it went in', async () => {
    const expected = as === 'csv' ? rows.map(inCells) : rows
    expect(await read(packed(format, as, rows), as, format)).toEqual(expected)
  })

  it('has the same bytes for the same rows', () => {
    expect(packed(format, as, rows).equals(packed(format, as, structuredClone(rows)))).toBe(true)
  })
})

describe.each(all.filter(({ as }) => as !== 'parquet'))('$name as $as', ({ format, as }) => {
  const rows = rowsOf(format)

  it('is as it always was', async () => {
    const bytes = packed(
      format,
      as,
      rows.filter((row) => JSON.stringify(row).length < 10_000),
    )
    await expect(bytes.toString('utf8')).toMatchFileSnapshot(`golden/${format.name}.${as}`)
  })

  it('shows a row as it writes it', () => {
    const [row = {}] = rows
    expect(packed(format, as, [row]).toString('utf8')).toContain(containers[as].show(row))
  })
})

/** What a spreadsheet shows: everything as text, nothing for null, and a quote before what would be a formula. */
function inCells(row: Row): Record<string, string | null> {
  const cells = Object.entries(row).map(([name, value]) => {
    const text = value === null ? null : String(value)
    return [name, text !== null && typeof value === 'string' && /^[=+\-@\n]/.test(text) ? `'${text}` : text]
  })
  return Object.fromEntries(cells)
}

describe('parquet', () => {
  it('declares its types, so that a file without a row or with null alone has the same ones', async () => {
    const format = formats.get('report') as Format
    const [row] = rowsOf(format)
    const describeFile = async (rows: Row[]) => {
      const path = folder.path(`types-${rows.length}.parquet`)
      await writeFile(path, packed(format, 'parquet', rows))
      const connection = await (await DuckDBInstance.create(':memory:')).connect()
      const result = await connection.runAndReadAll(`describe select * from '${path}'`)
      return result.getRowObjectsJson().map(({ column_name, column_type }) => `${column_name} ${column_type}`)
    }
    const types = await describeFile([])
    expect(types).toContain('score DOUBLE')
    expect(types).toContain('reviewer VARCHAR')
    expect(await describeFile([{ ...(row as Row), score: null, reviewer: null }])).toEqual(types)
  })

  it('writes a row group before too many rows are in memory', () => {
    const format = formats.get('sft') as Format
    const [row] = rowsOf(format)
    const packing = containers.parquet.pack(format.columns)
    const parts = [...Array(21).keys()].map(() => packing.add(Array(1000).fill(row)).length)
    expect(parts.filter((length) => length > 10)).toHaveLength(2)
  })
})

describe('csv', () => {
  const format = formats.get('report') as Format

  it.each(['=1+1', '+1', '-1', '@x', '\t=1', '\r=1', '＝1'])('defuses %j', (text) => {
    const row = { ...(rowsOf(format)[0] as Row), answer: text }
    expect(packed(format, 'csv', [row]).toString()).toContain(`'${text}`)
  })

  it('leaves a negative number a number', () => {
    const row = { ...(rowsOf(format)[0] as Row), score: -0.5 }
    expect(packed(format, 'csv', [row]).toString()).toContain(',-0.5,')
  })
})
