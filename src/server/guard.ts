/**
 * Owns the door: who may speak to a server on this machine. A page of another site can send requests to
 * 127.0.0.1, and a DNS-rebound one even bears our address as its origin, so Host and Origin are compared
 * with what we are, never with each other.
 */
import type { MiddlewareHandler } from 'hono'
import { AvocetError } from '../domain/error.ts'

/** `hosts`: every `name:port` under which this server may be called. */
export function guard(hosts: ReadonlySet<string>): MiddlewareHandler {
  return async (context, next) => {
    checkSender((name) => context.req.header(name), new URL(context.req.url).host, hosts)
    await next()
  }
}

/** `target`: the host of the request line, which may name another one than the Host header. */
function checkSender(
  header: (name: string) => string | undefined,
  target: string,
  hosts: ReadonlySet<string>,
): void {
  const host = header('host')?.toLowerCase()
  if (host === undefined || !hosts.has(host) || target !== new URL(`http://${host}`).host) {
    throw new AvocetError('forbidden_host', 'This server answers only under its own address on this machine.')
  }
  const origin = header('origin')
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new AvocetError('forbidden_origin', 'Another site may not use this server.')
  }
  const site = header('sec-fetch-site')
  if (origin === undefined && (site === 'cross-site' || site === 'same-site')) {
    throw new AvocetError('forbidden_origin', 'Another site may not use this server.')
  }
}

/** Names under which a loopback server on this port is called. */
export function loopbackHosts(port: number): ReadonlySet<string> {
  const names = ['127.0.0.1', 'localhost', '[::1]']
  return new Set(
    port === 80 ? names.flatMap((name) => [name, `${name}:80`]) : names.map((name) => `${name}:${port}`),
  )
}

/** On every answer, errors included. Nothing loads from elsewhere, nothing inline runs, no string becomes HTML. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types',
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
}

export function secure(response: Response): Response {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value)
  return response
}
