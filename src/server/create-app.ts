/** Owns the Hono app as a value: no port, no globals; tests call it without a socket. */
import { Hono } from 'hono'
import { AvocetError } from '../domain/error.ts'
import type { Deps } from '../workflow/deps.ts'
import { toProblem } from './errors.ts'
import { guard, secure } from './guard.ts'
import { openApi } from './openapi.ts'
import { routes, type ServerOptions } from './routes.ts'
import { mount, sendJson } from './serve.ts'
import { type Pages, servePage } from './static.ts'

export type AppOptions = ServerOptions & { pages: Pages; hosts: ReadonlySet<string> }

/** The request handler: Fetch API in and out. It never throws. */
export function createApp(deps: Deps, options: AppOptions): (request: Request) => Promise<Response> {
  const app = new Hono()
  app.use(guard(options.hosts))
  mount(app, routes(deps, options))
  const description = openApi(options.version)
  app.get('/api/openapi.json', () => sendJson(description))
  app.get('*', ({ req }) => {
    const wantsHtml = req.header('accept')?.includes('text/html') ?? false
    const page = servePage(options.pages, req.path, { ifNoneMatch: req.header('if-none-match'), wantsHtml })
    if (!page) throw new AvocetError('not_found', `There is nothing at ${req.path}.`)
    return page
  })
  app.notFound(({ req }) => {
    throw new AvocetError('not_found', `There is nothing to ${req.method} at ${req.path}.`)
  })
  app.onError((error) => toProblem(error, deps.log, deps.store))
  return async (request) => secure(await app.fetch(request))
}
