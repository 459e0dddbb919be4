/** Packs rows as Parquet with the types that the format declares: null is possible only where it says so. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { ColumnType, Format, Row } from '../format.ts'
import type { Container } from './container.ts'

/** Of text, before compression: large enough to compress well, small enough to be held a few times over. */
const ROW_GROUP_BYTES = 4 * 1024 * 1024
const ROW_GROUP_ROWS = 10_000

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number]

export const parquet: Container = {
  name: 'parquet',
  extension: 'parquet',
  contentType: 'application/vnd.apache.parquet',
  pack,
  show: (row) => JSON.stringify(row),
}

function pack(columns: Format['columns']): ReturnType<Container['pack']> {
  const writer = new ByteWriter()
  const fields = Object.entries(columns)
  const root = { name: 'root', num_children: fields.length }
  const schema = [root, ...fields.flatMap(([name, type]) => toSchema(name, type))]
  const file = new ParquetWriter({ writer, schema, createdBy: 'avocet' })
  let gathered: Row[] = []
  let size = 0

  function writeGroup(): void {
    if (gathered.length === 0) return
    const columnData = fields.map(([name]) => ({ name, data: gathered.map((row) => row[name]) }))
    file.write({ columnData, rowGroupSize: gathered.length })
    gathered = []
    size = 0
  }

  function take(): Uint8Array {
    const bytes = writer.getBytes().slice()
    writer.index = 0
    return bytes
  }

  return {
    add(rows) {
      for (const row of rows) {
        gathered.push(row)
        size += sizeOf(row)
        if (size >= ROW_GROUP_BYTES || gathered.length >= ROW_GROUP_ROWS) writeGroup()
      }
      return take()
    },
    end() {
      writeGroup()
      file.finish()
      return take()
    },
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 8
  let size = 0
  for (const inner of Object.values(value)) size += sizeOf(inner)
  return size
}

/** Lists have the three levels of the specification, with the names that Arrow gives them. */
function toSchema(
  name: string,
  type: ColumnType,
  repetition_type: 'REQUIRED' | 'OPTIONAL' = 'REQUIRED',
): SchemaElement[] {
  if (typeof type === 'string') return [leaf(name, type)]
  if ('struct' in type) {
    const fields = Object.entries(type.struct)
    return [
      { name, repetition_type, num_children: fields.length },
      ...fields.flatMap(([field, inner]) => toSchema(field, inner)),
    ]
  }
  return [
    { name, repetition_type, converted_type: 'LIST', logical_type: { type: 'LIST' }, num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    ...toSchema('element', type.list),
  ]
}

function leaf(name: string, type: ColumnType & string): SchemaElement {
  switch (type) {
    case 'boolean':
      return { name, type: 'BOOLEAN', repetition_type: 'REQUIRED' }
    case 'nullable number':
      return { name, type: 'DOUBLE', repetition_type: 'OPTIONAL' }
    default:
      return {
        name,
        type: 'BYTE_ARRAY',
        converted_type: 'UTF8',
        logical_type: { type: 'STRING' },
        repetition_type: type === 'text' ? 'REQUIRED' : 'OPTIONAL',
      }
  }
}
