/** One PostgreSQL for a whole test run: the embedded one in a temporary folder, or the one FLEKS_TEST_SERVER names. */

import {chmod, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {locate, serverUrl} from '../../src/server/location.ts'
import {ensureServer} from '../../src/server/start.ts'
import {stopServer} from '../../src/server/stop.ts'

let started: Promise<TestServer> | null = null

export interface TestServer {
  /** The URL of one of its databases, for the superuser. */
  readonly databaseUrl: (name: string) => string
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
    return {databaseUrl: (name) => withDatabase(given, name), stop: async () => {}}
  }
  const folder = await temporaryFolder()
  const location = await ensureServer(locate(join(folder, 'data')))
  return {
    databaseUrl: (name) => serverUrl(location, 'fleks', name),
    stop: async () => {
      await stopServer(location)
      await rm(folder, {recursive: true, force: true})
    },
  }
}

/** A new folder that the user a server runs as can enter, too: root's servers do not run as root. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fleks-test-'))
  if (process.getuid?.() === 0) await chmod(folder, 0o711)
  return folder
}

function withDatabase(url: string, name: string): string {
  const parsed = new URL(url)
  parsed.pathname = `/${name}`
  return parsed.toString()
}
