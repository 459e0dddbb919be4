/** Owns the list of containers. */
import type { ContainerName } from '../../domain/example.ts'
import type { Container } from './container.ts'
import { csv } from './csv.ts'
import { jsonl } from './jsonl.ts'
import { parquet } from './parquet.ts'

export const containers: Readonly<Record<ContainerName, Container>> = { jsonl, parquet, csv }
