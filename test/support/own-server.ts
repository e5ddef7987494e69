/** A PostgreSQL of a test's own, on a TCP port and with settings of its own: with TLS, with a standby, to be killed. */

import {type ChildProcess, spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {appendFileSync, chmodSync, chownSync, closeSync, cpSync, openSync, readFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {ROLE_NAMES} from '../../src/core/role.ts'
import {bringUpToDate} from '../../src/data/migrate.ts'
import {prepareBinaries} from '../../src/server/binaries.ts'
import {serverEnvironment} from '../../src/server/cluster.ts'
import {prepareDirectories} from '../../src/server/directories.ts'
import {locate, type ServerLocation} from '../../src/server/location.ts'
import {ensureServer} from '../../src/server/start.ts'
import {stopServer} from '../../src/server/stop.ts'
import {MIGRATIONS, sqlAs} from './database.ts'

const TRIES = 1_000

/** A migrated cluster that does not run. */
export async function makeCluster(dataDir: string): Promise<ServerLocation> {
  const location = await ensureServer(locate(dataDir))
  await bringUpToDate(location.superuserUrl, MIGRATIONS)
  await stopServer(location)
  return location
}

/** A copy of a cluster that does not run. */
export function copyCluster(from: ServerLocation, dataDir: string): ServerLocation {
  const {location, identity} = prepareDirectories(locate(dataDir))
  cpSync(from.clusterDir, location.clusterDir, {recursive: true, preserveTimestamps: true})
  chmodSync(location.clusterDir, 0o700)
  if (identity !== null) chownAll(location.clusterDir, identity.uid, identity.gid)
  return location
}

function chownAll(path: string, uid: number, gid: number): void {
  const {status} = spawnSync('chown', ['-R', `${uid}:${gid}`, path])
  if (status !== 0) throw new Error(`${path} could not be given to its user`)
}

export interface OwnServer {
  readonly port: number
  readonly process: ChildProcess
  /** By its socket: the superuser needs no password there. */
  readonly sql: (text: string) => Promise<readonly Record<string, unknown>[]>
  readonly socketUrl: (user: string) => string
  /** By TCP. */
  readonly url: (
    user: string,
    more?: {readonly password?: string; readonly host?: string; readonly query?: string},
  ) => string
  readonly kill: (signal: NodeJS.Signals) => Promise<void>
}

/** Gives a file to the user that the server runs as; `mode` 0600 is what PostgreSQL asks of a key. */
export function ownedByServer(location: ServerLocation, file: string): void {
  const {identity} = prepareDirectories(location)
  if (identity !== null) chownSync(file, identity.uid, identity.gid)
}

export async function startOwnServer(
  location: ServerLocation,
  settings: Readonly<Record<string, string>>,
  port?: number,
): Promise<OwnServer> {
  const {identity} = prepareDirectories(location)
  const {folder} = prepareBinaries(location, identity)
  const ownPort = port ?? (await freePort())
  const all = {listen_addresses: '127.0.0.1', port: String(ownPort), ...settings}
  const log = openSync(location.logFile, 'a', 0o600)
  const child = spawn(
    join(folder, 'bin', 'postgres'),
    [
      '-D',
      location.clusterDir,
      '-k',
      location.socketDir,
      ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    {cwd: '/', env: serverEnvironment(location), stdio: ['ignore', log, log], ...(identity ?? {})},
  )
  closeSync(log)
  const socketUrl = (user: string) => `postgresql://${user}@${encodeURIComponent(location.socketDir)}:${ownPort}/fleks`
  const sql = (text: string) => sqlAs(socketUrl(ROLE_NAMES.superuser), text)
  const server: OwnServer = {
    port: ownPort,
    process: child,
    sql,
    socketUrl,
    url: (user, {password, host = '127.0.0.1', query = ''} = {}) =>
      `postgresql://${user}${password === undefined ? '' : `:${password}`}@${host}:${ownPort}/fleks${query === '' ? '' : `?${query}`}`,
    kill: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill(signal)
      const limit = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await gone
      clearTimeout(limit)
    },
  }
  for (let tried = 0; tried < TRIES; tried++) {
    if (child.exitCode !== null) break
    try {
      await sql('select 1')
      return server
    } catch {
      await sleep(10)
    }
  }
  await server.kill('SIGKILL')
  throw new Error(`The server does not start: ${readFileSync(location.logFile, 'utf8').slice(-1_000)}`)
}

export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port')
  return address.port
}

/** Adds lines to one of the cluster's configuration files. */
export function configureCluster({clusterDir}: ServerLocation, file: string, lines: readonly string[]): void {
  appendFileSync(join(clusterDir, file), `${lines.join('\n')}\n`)
}
