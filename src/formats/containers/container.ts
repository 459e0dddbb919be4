/** Owns the interface of a container: how rows of any format are packed into the bytes of a file. */
import type { ContainerName } from '../../domain/example.ts'
import type { Format, Row } from '../format.ts'

export type Packing = {
  /** The bytes that these rows add; empty while a container still gathers. */
  add(rows: Row[]): Uint8Array
  /** The rest, once. What `add` and `end` gave, joined, is the file. */
  end(): Uint8Array
}

export type Container = {
  name: ContainerName
  extension: string
  contentType: string
  pack(columns: Format['columns']): Packing
  /** A row as it is written, without its line feed; of a binary container, the row as JSON. */
  show(row: Row): string
}
