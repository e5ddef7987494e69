/** A server of its own to be hurt: killed, stopped, frozen, and, where the machine allows it, left without disk space. */

import {spawnSync} from 'node:child_process'
import {appendFileSync, closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {ROLE_NAMES} from '../../../src/core/role.ts'
import {bringUpToDate} from '../../../src/data/migrate.ts'
import {locate, type ServerLocation, serverUrl} from '../../../src/server/location.ts'
import {isAlive, postmasterPid} from '../../../src/server/postmaster.ts'
import {ensureServer} from '../../../src/server/start.ts'
import {stopServer} from '../../../src/server/stop.ts'
import {MIGRATIONS, plainSql} from '../database.ts'
import {temporaryFolder} from '../server.ts'
import {type Clock, clockIn} from './clock.ts'
import {restartByClock} from './clocked-server.ts'

export interface Place {
  readonly dataDir: string
  /** The superuser's; of the ledger, or of another database. */
  readonly urlOf: (database?: string) => string
  /** As commands of the embedded server have it. */
  readonly deskUrl: string
  /** Ends when it answers; does nothing where it does. */
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
  /** To the postmaster, and to its processes. */
  readonly signal: (signal: NodeJS.Signals, to: 'postmaster' | 'all') => void
  /** Starts it anew by a clock that can be set; null without libfaketime. */
  readonly clocked: (() => Promise<Clock>) | null
  /** Leaves no byte free until the disposer is called; null where that cannot be arranged. */
  readonly fillDisk: (() => () => void) | null
  readonly remove: () => Promise<void>
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const
const DISK_MB = 600
const STARTS_MAX = 300
/** Or the write-ahead log alone would fill the small disk in a long run. */
const SETTINGS = {max_wal_size: '64MB'}

/** A migrated server in a folder of its own; `settings` are PostgreSQL's. */
export async function makePlace(settings: Readonly<Record<string, string>> = {}): Promise<Place> {
  const folder = await temporaryFolder()
  const disk = join(folder, 'disk')
  mkdirSync(disk, {mode: 0o711})
  const location = locate(join(disk, 'data'))
  const unmount = mountSmallDisk(disk)
  const leave = () => {
    signalServer(location, 'SIGKILL', 'all')
    unmount?.()
  }
  // A run that is broken off, by Ctrl-C or by mocha, leaves nothing behind.
  const quit = () => process.exit(1)
  process.once('exit', leave)
  for (const signal of SIGNALS) process.once(signal, quit)
  const remove = async () => {
    process.off('exit', leave)
    for (const signal of SIGNALS) process.off(signal, quit)
    await stopServer(location, {immediately: true})
    unmount?.()
    await rm(folder, {recursive: true, force: true})
  }
  try {
    return {
      ...(await servedAt(location, settings, join(folder, 'clock'))),
      fillDisk: unmount && (() => fillDisk(join(disk, 'filler'))),
      remove,
    }
  } catch (error) {
    await remove()
    throw error
  }
}

async function servedAt(wanted: ServerLocation, settings: Readonly<Record<string, string>>, clockFile: string) {
  const location = await ensureServer(wanted)
  const lines = Object.entries({...SETTINGS, ...settings}).map(([name, value]) => `${name} = '${value}'\n`)
  appendFileSync(join(location.clusterDir, 'postgresql.conf'), lines.join(''))
  await stopServer(location)
  await ensureServer(location)
  const urlOf = (database?: string) => serverUrl(location, ROLE_NAMES.superuser, database)
  await bringUpToDate(urlOf(), MIGRATIONS)
  const clock = clockIn(clockFile)
  return {
    dataDir: location.dataDir,
    urlOf,
    deskUrl: location.url,
    start: async () => {
      for (let tried = 1; ; tried++) {
        await ensureServer(location)
        try {
          // It may answer the door and still be recovering, or not have noticed yet that it must.
          await plainSql(urlOf(), 'select 1', [])
          return
        } catch (error) {
          if (tried === STARTS_MAX) throw error
          await sleep(100)
        }
      }
    },
    stop: async () => {
      await stopServer(location)
    },
    clocked:
      clock &&
      (async () => {
        await restartByClock(location, clock)
        return clock
      }),
    signal: (signal: NodeJS.Signals, to: 'postmaster' | 'all') => signalServer(location, signal, to),
  }
}

/** A disk that can be filled without harm to anybody: only root can have one. */
function mountSmallDisk(folder: string): (() => void) | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null
  const options = `size=${DISK_MB}m,mode=0711`
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status !== 0) return null
  return () => {
    spawnSync('umount', ['-l', folder])
  }
}

const BLOCK = Buffer.alloc(1_000_000)

function fillDisk(file: string): () => void {
  const handle = openSync(file, 'w')
  try {
    for (let size = BLOCK.length; size > 0; ) {
      try {
        writeSync(handle, BLOCK, 0, size)
      } catch {
        size = Math.trunc(size / 10)
      }
    }
  } finally {
    closeSync(handle)
  }
  return () => rmSync(file, {force: true})
}

function signalServer(location: ServerLocation, signal: NodeJS.Signals, to: 'postmaster' | 'all'): void {
  const postmaster = postmasterPid(location)
  if (postmaster === null) return
  const children = to === 'all' ? childrenOf(postmaster) : []
  for (const pid of [postmaster, ...children]) if (isAlive(pid)) tryKill(pid, signal)
}

function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}

/** The server's own processes; only Linux tells them without another program. */
function childrenOf(parent: number): readonly number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === parent)
    .map(Number)
}

function parentOf(pid: string): number {
  try {
    // The name of the program stands in parentheses and may hold anything.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1])
  } catch {
    return 0
  }
}
