/** Owns the socket: loopback only, the port asked for or the next free one, and a stop that loses nothing. */
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { AvocetError } from '../domain/error.ts'
import { toProblem } from './errors.ts'
import { secure } from './guard.ts'

export type Listening = { port: number; stop(): Promise<void> }

const PORTS_TRIED = 100
/** In ms: a large file from a slow disk takes its time. */
const SLOWEST_UPLOAD = 3_600_000

/** `createHandler` gets the port, because the guard must know our own address. Throws when no port is free. */
export async function listen(
  port: number,
  createHandler: (port: number) => (request: Request) => Promise<Response>,
): Promise<Listening> {
  // A request without a host is refused by our own guard, with our own headers.
  const server = createServer({
    requestTimeout: SLOWEST_UPLOAD,
    headersTimeout: 15_000,
    requireHostHeader: false,
  })
  const bound = await bindNextFree(server, port)
  const handler = createHandler(bound)
  const options = {
    overrideGlobalObjects: false,
    hostname: 'no-host.invalid',
    errorHandler: refuseUnreadable,
  }
  server.on('request', getRequestListener(handler, options))
  return { port: bound, stop: () => stop(server) }
}

/** A request line or host that no URL can be made of never reaches the app. */
function refuseUnreadable(): Response {
  const error = new AvocetError('forbidden_host', 'The address of this request cannot be read.')
  return secure(toProblem(error, () => {}))
}

async function bindNextFree(server: Server, port: number): Promise<number> {
  for (let tried = port; ; tried++) {
    try {
      return await bind(server, tried)
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      if (!taken || tried - port === PORTS_TRIED || tried === 65535) throw error
    }
  }
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

/** Finishes what is under way, at the most 5 s; idle connections are closed at once. */
async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const force = setTimeout(() => server.closeAllConnections(), 5000)
  await closed
  clearTimeout(force)
}
