/** Owns the mounting of one endpoint: input checked against the contract, the handler called, its answer sent as JSON. */
import type { Context, Hono } from 'hono'
import type { z } from 'zod'
import type { Answer, Contract, Endpoint, EndpointName, ParsedBody, Query } from '../contract.ts'
import { contract } from '../contract.ts'
import { AvocetError } from '../domain/error.ts'

const MAX_BODY_BYTES = 32 * 1024 * 1024

export type Input<N extends EndpointName> = {
  query: Query<N>
  body: ParsedBody<N>
  id: string
  /** The body as it comes, for an endpoint that takes a file. */
  file: ReadableStream<Uint8Array> | null
}
export type Handlers = {
  [N in EndpointName]: (
    input: Input<N>,
  ) => Promise<Contract[N]['answer'] extends 'application/x-ndjson' ? Response : Answer<N>>
}

/** Every endpoint of the contract; one without a handler does not compile. */
export function mount(app: Hono, handlers: Handlers): void {
  for (const name of Object.keys(contract) as EndpointName[]) {
    const { method, path } = contract[name]
    app.on(method, path, async (context) => {
      const input = await readInput(context, name)
      const answer = await (handlers[name] as (input: unknown) => Promise<unknown>)(input)
      return answer instanceof Response ? answer : sendJson(answer)
    })
  }
}

export function sendJson(value: unknown): Response {
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' }
  return new Response(JSON.stringify(value), { headers })
}

async function readInput(context: Context, name: EndpointName): Promise<unknown> {
  const endpoint: Endpoint = contract[name]
  return {
    id: context.req.param('id') ?? '',
    query: endpoint.query && check(endpoint.query, readQuery(context), 'query'),
    file: endpoint.upload ? context.req.raw.body : null,
    body: endpoint.body && check(endpoint.body, await readBody(context), 'body'),
  }
}

/** A parameter given once is text, given again a list; an empty one, as forms send it, is not there. */
function readQuery(context: Context): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {}
  for (const [key, values] of Object.entries(context.req.queries())) {
    const given = values.filter((value) => value !== '')
    if (given[0] !== undefined) query[key] = given.length === 1 ? given[0] : given
  }
  return query
}

async function readBody(context: Context): Promise<unknown> {
  const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    throw new AvocetError('not_json', 'Send the body as JSON, with Content-Type: application/json.')
  }
  const text = await readText(context.req.raw.body)
  try {
    return JSON.parse(text)
  } catch {
    throw new AvocetError('invalid_json', 'The body could not be read as JSON.')
  }
}

async function readText(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const bytes = await readBytes(body)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new AvocetError('invalid_json', 'The body is not UTF-8.')
  }
}

async function readBytes(body: ReadableStream<Uint8Array> | null): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for await (const part of body ?? []) {
      length += part.length
      if (length > MAX_BODY_BYTES) break
      parts.push(part)
    }
  } catch {
    // The sender hung up; nobody reads the answer.
    throw new AvocetError('invalid_json', 'The body ended too early.')
  }
  if (length <= MAX_BODY_BYTES) return Buffer.concat(parts)
  throw new AvocetError('body_too_large', `The body is larger than ${MAX_BODY_BYTES / 1024 / 1024} MiB.`)
}

function check(schema: z.ZodType, value: unknown, where: 'query' | 'body'): unknown {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const errors = result.error.issues.map(({ path, message }) => ({ field: path.join('.') || where, message }))
  const words = errors.map(({ field, message }) => `${field}: ${message}`).join('; ')
  throw new AvocetError('invalid_request', `Not valid in the ${where}: ${words}.`, { errors })
}
