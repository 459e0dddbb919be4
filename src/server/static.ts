/** Owns the built page: read into memory at start, so that no request ever names a path on the disk. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

type Page = { body: Uint8Array<ArrayBuffer>; headers: Record<string, string> }
export type Pages = ReadonlyMap<string, Page>

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** Files by their URL path. Empty when the page was not built. */
export async function loadPages(directory: string): Promise<Pages> {
  const pages = new Map<string, Page>()
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const type = TYPES[extname(entry.name)]
    if (!entry.isFile() || !type) continue
    const path = join(entry.parentPath, entry.name)
    const url = `/${relative(directory, path).split(sep).join('/')}`
    pages.set(url, toPage(new Uint8Array(await readFile(path)), type, url))
  }
  return pages
}

function toPage(body: Uint8Array<ArrayBuffer>, type: string, url: string): Page {
  const hashed = url.startsWith('/assets/')
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  const cache = hashed ? 'public, max-age=31536000, immutable' : 'no-cache'
  return { body, headers: { 'Content-Type': type, 'Cache-Control': cache, ETag: etag } }
}

type PageHeaders = { ifNoneMatch: string | undefined; wantsHtml: boolean }

function nowhere(pages: Pages): Response | undefined {
  const page = pages.get('/index.html')
  return (
    page &&
    new Response(page.body, { status: 404, headers: { ...page.headers, 'Cache-Control': 'no-store' } })
  )
}

/** Paths that the page itself understands. */
const SCREEN = /^\/(runs|insights|export|cards(\/[^/]+)?)?$/

/** Undefined means 404. What a person typed gets the page all the same, which says so in its own words. */
export function servePage(pages: Pages, path: string, headers: PageHeaders): Response | undefined {
  const page = pages.get(SCREEN.test(path) ? '/index.html' : path)
  if (!page) return path.startsWith('/api/') || !headers.wantsHtml ? undefined : nowhere(pages)
  if (headers.ifNoneMatch === page.headers.ETag)
    return new Response(null, { status: 304, headers: page.headers })
  return new Response(page.body, { headers: page.headers })
}
