/**
 * One PostgreSQL for a whole test run: the embedded one in a temporary folder, or the one that FLEKS_TEST_SERVER names
 * (a URL for a superuser). With FLEKS_TEST_POOLER (a URL of a pooler in front of it) the program goes through that one.
 */

import {chmod, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {ROLE_NAMES} from '../../src/core/role.ts'
import {locate, serverUrl} from '../../src/server/location.ts'
import {ensureServer} from '../../src/server/start.ts'
import {stopServer} from '../../src/server/stop.ts'
import {skip} from './skipped.ts'

let started: Promise<TestServer> | null = null

export interface TestServer {
  /** The URL of one of its databases, for the superuser and for the desk: as commands connect. */
  readonly superuserUrl: (name: string) => string
  readonly deskUrl: (name: string) => string
  readonly stop: () => Promise<void>
}

/** The server of this run, started by whichever test asks first. */
export function testServer(): Promise<TestServer> {
  started ??= start()
  return started
}

/** Stops what was started; mocha calls it once, at the end (test/support/hooks.ts). */
export async function stopTestServer(): Promise<void> {
  if (started !== null) await (await started).stop()
}

async function start(): Promise<TestServer> {
  const given = process.env.FLEKS_TEST_SERVER
  if (given !== undefined && given !== '') {
    const pooler = process.env.FLEKS_TEST_POOLER || given
    return {
      superuserUrl: (name) => withDatabase(given, name),
      deskUrl: (name) => asUser(withDatabase(pooler, name), ROLE_NAMES.desk),
      stop: async () => {},
    }
  }
  const folder = await temporaryFolder()
  const location = await ensureServer(locate(join(folder, 'data')))
  return {
    superuserUrl: (name) => serverUrl(location, ROLE_NAMES.superuser, name),
    deskUrl: (name) => serverUrl(location, ROLE_NAMES.desk, name),
    stop: async () => {
      await stopServer(location)
      await rm(folder, {recursive: true, force: true})
    },
  }
}

const temporaryFolders: string[] = []

/**
 * A new folder that the user a server runs as can enter, too: root's servers do not run as root. It goes with the
 * whole run; a server in it is stopped before.
 */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fleks-test-'))
  temporaryFolders.push(folder)
  if (process.getuid?.() === 0) await chmod(folder, 0o711)
  return folder
}

export async function removeTemporaryFolders(): Promise<void> {
  // A program that a test has killed may have left a child that still writes.
  for (const folder of temporaryFolders.splice(0)) await rm(folder, {recursive: true, force: true, maxRetries: 5})
}

/** Skips a test that a pooler with fewer connections than this cannot pass, and says why. */
export function skipBehindPooler(test: Mocha.Context, reason: string, connections = 2): void {
  const given = Number(process.env.FLEKS_TEST_POOL_SIZE || Number.POSITIVE_INFINITY)
  if (!process.env.FLEKS_TEST_POOLER || given >= connections) return
  skip(test, `behind a pooler with ${given} connections ${reason}`)
}

/** The same database for the superuser, past any pooler. */
export function asSuperuser(url: string): string {
  const {host, pathname} = new URL(url)
  const given = process.env.FLEKS_TEST_SERVER ?? ''
  const ours = [given, process.env.FLEKS_TEST_POOLER ?? ''].some(
    (known) => known !== '' && new URL(known).host === host,
  )
  // Any other server of a test is an embedded one.
  return ours ? withDatabase(given, pathname.slice(1)) : asUser(url, ROLE_NAMES.superuser)
}

/** The same database for another user; the scripts that start a server let its socket's directory decide who comes in. */
export function asUser(url: string, user: string): string {
  const parsed = new URL(url)
  parsed.username = user
  parsed.password = ''
  return parsed.toString()
}

function withDatabase(url: string, name: string): string {
  const parsed = new URL(url)
  parsed.pathname = `/${name}`
  return parsed.toString()
}
