/** Who may speak to the server, and what every answer carries. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract } from '../../src/contract.ts'
import { createTestApp, HOST, type TestApp } from '../support/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const ROUTES = [
  ...Object.values(contract).map(
    ({ method, path }) => [method.toUpperCase(), path.replace(':id', 'x')] as const,
  ),
  ['GET', '/api/openapi.json'] as const,
  ['GET', '/'] as const,
  ['GET', '/index.html'] as const,
  ['GET', '/missing.js'] as const,
]

describe.each(ROUTES)('%s %s', (method, path) => {
  const send = (headers: Record<string, string>) => app.request(path, { method, headers })

  it.each([
    'evil.test',
    'evil.test:8503',
    '127.0.0.1.evil.test:8503',
    '127.0.0.1:8504',
    '127.0.0.1',
    'localhost:80',
    '0.0.0.0:8503',
    '[::1]:9999',
    'localhost:8503.evil.test',
    '127.0.0.1:8503@evil.test',
    '',
  ])('refuses the host "%s"', async (host) => {
    const response = await send({ host })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ code: 'forbidden_host' })
  })

  it.each([
    { origin: 'null' },
    { origin: 'http://evil.test' },
    { origin: 'https://127.0.0.1:8503' },
    { origin: 'http://127.0.0.1:3000' },
    { origin: 'http://localhost:8503' },
    { origin: 'http://127.0.0.1:8503.evil.test' },
    { origin: '' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('refuses %j', async (headers) => {
    const response = await send(headers as unknown as Record<string, string>)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ code: 'forbidden_origin' })
  })

  it.each([
    { host: 'localhost:8503', origin: 'http://localhost:8503', 'sec-fetch-site': 'same-origin' },
    { host: '[::1]:8503' },
    { host: HOST, origin: `http://${HOST}` },
    { 'sec-fetch-site': 'none' },
  ])('answers %j', async (headers) => {
    expect((await send(headers as unknown as Record<string, string>)).status).not.toBe(403)
  })

  it('carries the security headers and allows no other origin', async () => {
    for (const headers of [{}, { host: 'evil.test' }] as Record<string, string>[]) {
      const response = await send(headers)
      const policy = response.headers.get('content-security-policy')?.split('; ')
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("require-trusted-types-for 'script'")
      expect(policy).toContain('trusted-types')
      expect(policy?.join()).not.toMatch(/unsafe|data:|\*/)
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(response.headers.get('referrer-policy')).toBe('no-referrer')
      expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})

const WRITES = Object.values(contract).filter((endpoint) => 'body' in endpoint)

describe.each(WRITES.map(({ method, path }) => [method.toUpperCase(), path.replace(':id', 'x')]))(
  '%s %s',
  (method, path) => {
    it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
      'refuses a body of type "%s"',
      async (type) => {
        const response = await app.request(path as string, {
          method: method as string,
          body: '{}',
          headers: { 'Content-Type': type },
        })
        expect(response.status).toBe(415)
        expect(await response.json()).toMatchObject({ code: 'not_json' })
      },
    )

    it.each(['', '{', 'undefined', '{"id":"\ufffe'])(
      'refuses the body "%s" that is no JSON',
      async (body) => {
        const headers = { 'Content-Type': 'application/json; charset=utf-8' }
        const response = await app.request(path as string, { method: method as string, body, headers })
        expect(response.status).toBe(400)
        expect(await response.json()).toMatchObject({ code: 'invalid_json' })
      },
    )

    it.each(['null', '[]', '42', '"x"', '{"id":{}}'])('refuses the JSON %s', async (body) => {
      const headers = { 'Content-Type': 'application/json' }
      const response = await app.request(path as string, { method: method as string, body, headers })
      expect(response.status).toBe(422)
    })
  },
)

describe('errors', () => {
  it('are problem details, for what does not exist too', async () => {
    for (const [method, path] of [
      ['GET', '/api/nothing'],
      ['DELETE', '/api/sft/queue'],
      ['POST', '/'],
      ['GET', '/a.js'],
      ['GET', '/api'],
      ['GET', '/nowhere'],
      ['GET', '/cards/a/b'],
      ['GET', '/../../etc/passwd.txt'],
    ]) {
      const response = await app.request(path as string, { method: method as string })
      expect(response.status).toBe(404)
      expect(response.headers.get('content-type')).toContain('application/problem+json')
      expect(await response.json()).toMatchObject({
        type: 'about:blank',
        status: 404,
        code: 'not_found',
        title: expect.any(String),
        detail: expect.any(String),
      })
    }
  })

  it('tell nothing of the inside', async () => {
    const broken = await createTestApp()
    await broken.store.close()
    const response = await broken.request('/api/sft/stats')
    expect(response.status).toBe(500)
    expect(JSON.stringify(await response.json())).not.toMatch(/sqlite|database|at .*\.ts/i)
    expect(broken.deps.logged.join()).toContain('internal error')
    await broken.close()
  })
})

describe('a request line', () => {
  it('is refused when it names another host than the header', async () => {
    const request = new Request('http://evil.test/', { headers: { host: HOST } })
    expect((await app.handle(request)).status).toBe(403)
  })
})

describe('the page', () => {
  it('is sent with 404 to a person who typed an address that leads nowhere', async () => {
    for (const path of ['/nowhere', '/cards/']) {
      const response = await app.request(path, { headers: { Accept: 'text/html,*/*' } })
      expect(response.status).toBe(404)
      expect(await response.text()).toContain('Avocet')
    }
    expect(
      (await app.request('/api/nothing', { headers: { Accept: 'text/html' } })).headers.get('content-type'),
    ).toContain('problem')
  })

  it('is sent, and again only when it changed', async () => {
    for (const path of ['/', '/runs', '/insights', '/export', '/cards', '/cards/a%2Fb']) {
      expect(await (await app.request(path)).text()).toContain('Avocet')
    }
    expect((await app.request('/', { headers: { 'If-None-Match': '"1"' } })).status).toBe(304)
  })
})

describe('GET /api/openapi.json', () => {
  it('describes every endpoint of the contract', async () => {
    const { json } = await app.get('/api/openapi.json')
    expect(json).toMatchObject({ openapi: '3.1.0', info: { title: 'Avocet', version: '1.2.3' } })
    for (const { method, path } of Object.values(contract)) {
      expect(json.paths[path.replace(':id', '{id}')]?.[method]).toMatchObject({ responses: { 200: {} } })
    }
    const submit = json.paths['/api/sft/submit'].post.requestBody.content['application/json'].schema
    expect(submit.required).toEqual(['id', 'action'])
  })
})

describe('GET /healthz', () => {
  it('answers with the version', async () => {
    expect((await app.get('/healthz')).json).toEqual({ ok: true, version: '1.2.3' })
  })
})
