/** Owns the real PostgreSQL server of the tests: started once for a run, from binaries that npm installed. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'
import { pathsOf } from './postgres-paths.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** postgres://… of a server on this machine, or null where npm has no binaries for it. */
    postgresUrl: string | null
  }
}

/** PostgreSQL refuses to run as root; "nobody" exists everywhere and owns nothing. */
const NOBODY = 65534
const asRoot = process.getuid?.() === 0
const identity = asRoot ? { uid: NOBODY, gid: NOBODY } : {}

export default async function startForAllTests(
  project: TestProject,
): Promise<(() => Promise<void>) | undefined> {
  const native = await pathsOf()
  if (!native) {
    project.provide('postgresUrl', null)
    return undefined
  }
  const folder = await mkdtemp(join(tmpdir(), 'avocet-postgres-'))
  const server = await start(folder, native)
  project.provide('postgresUrl', server.url)
  return async () => {
    server.process.kill('SIGINT')
    await once(server.process, 'exit')
    await rm(folder, { recursive: true, force: true })
  }
}

async function start(folder: string, native: string): Promise<{ process: ChildProcess; url: string }> {
  const bin = join(await copyNative(native, folder), 'bin')
  const data = join(folder, 'data')
  await mkdir(data, { mode: 0o700 })
  if (asRoot) for (const path of [folder, data]) await chown(path, NOBODY, NOBODY)
  await promisify(execFile)(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'avocet', '-A', 'trust', '-E', 'UTF8', '--no-locale'],
    identity,
  )
  const port = await freePort()
  const args = [
    '-D',
    data,
    '-p',
    String(port),
    '-k',
    data,
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'max_connections=60',
  ]
  const server = spawn(join(bin, 'postgres'), args, { ...identity, stdio: ['ignore', 'ignore', 'pipe'] })
  await ready(server)
  return { process: server, url: `postgres://avocet@127.0.0.1:${port}/postgres` }
}

/** A copy, because a checkout below a private home cannot be read by "nobody". npm drops symbolic links: they are made again. */
async function copyNative(native: string, folder: string): Promise<string> {
  const copy = join(folder, 'native')
  await cp(native, copy, { recursive: true, verbatimSymlinks: true })
  const links = JSON.parse(await readFile(join(copy, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    const from = join(folder, target)
    await symlink(relative(dirname(from), join(folder, source)), from).catch(() => {})
  }
  return copy
}

async function ready(server: ChildProcess): Promise<void> {
  let log = ''
  server.stderr?.on('data', (chunk) => {
    log += chunk
  })
  for (let waited = 0; waited < 30_000; waited += 50) {
    if (log.includes('ready to accept connections')) return
    if (server.exitCode !== null) break
    await sleep(50)
  }
  throw new Error(`PostgreSQL did not start:\n${log}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}
