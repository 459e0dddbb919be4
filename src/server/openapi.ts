/** Owns the OpenAPI document, made from the contract. */
import { z } from 'zod'
import { contract, type Endpoint } from '../contract.ts'

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
  },
}

const FILE = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }

export function openApi(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, endpoint] of Object.entries(contract) as [string, Endpoint][]) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method]: operation(name, endpoint) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Avocet', version },
    paths,
    components: { schemas: { Problem: PROBLEM } },
  }
}

function operation(
  name: string,
  { path, summary, query, body, upload, answer, errors }: Endpoint,
): Record<string, unknown> {
  const content =
    typeof answer === 'string'
      ? { [answer]: { schema: { type: 'string' } } }
      : json(toSchema(answer, 'output'))
  const problems = [...errors, 403].map((status) => [status, problem()])
  return {
    operationId: name,
    summary,
    parameters: [...pathParameters(path), ...queryParameters(query)],
    ...(upload && { requestBody: { required: true, content: FILE } }),
    ...(body && { requestBody: { required: true, content: json(toSchema(body, 'input')) } }),
    responses: { 200: { description: 'OK', content }, ...Object.fromEntries(problems) },
  }
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  // Preprocessed query values have no schema of their own on the way in.
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

function json(schema: unknown): Record<string, unknown> {
  return { 'application/json': { schema } }
}

function problem(): Record<string, unknown> {
  const schema = { $ref: '#/components/schemas/Problem' }
  return { description: 'Problem details', content: { 'application/problem+json': { schema } } }
}

function pathParameters(path: string): unknown[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(query: z.ZodType | undefined): unknown[] {
  if (!query) return []
  const { properties = {} } = toSchema(query, 'output') as { properties?: Record<string, unknown> }
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }))
}
