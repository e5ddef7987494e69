/** Starts the embedded PostgreSQL when a command needs it. It stays when the command ends. */

import {spawn} from 'node:child_process'
import {closeSync, openSync, renameSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {type Binaries, prepareBinaries} from './binaries.ts'
import {ensureCluster, serverEnvironment} from './cluster.ts'
import {type Prepared, prepareDirectories} from './directories.ts'
import type {ServerLocation} from './location.ts'
import {removeStaleFiles} from './postmaster.ts'
import {socketAnswers} from './socket.ts'
import {takeTurn} from './turn.ts'
import {serverFailed, unavailable} from './unavailable.ts'

export interface StartOptions {
  /** How long starting may take in all, in milliseconds. */
  readonly deadlineMs?: number
  /** Told what takes time. */
  readonly onProgress?: (text: string) => void
}

const DEADLINE_MS = 60_000
const TURN_POLL_MS = 10
const SOCKET_POLL_MS = 2
const RETRY_PAUSE_MS = 100
/** How often a server may end by itself before that is taken for a fault that waiting does not cure. */
const STARTS_MAX = 20
const LOG_MAX_BYTES = 5_000_000

/**
 * Makes sure that the server of this data directory answers, and says where it is (root's may have to move). Of
 * several processes one starts it and all use it. Refused (DATABASE_UNAVAILABLE) with the reason; never a hang.
 */
export async function ensureServer(wanted: ServerLocation, options: StartOptions = {}): Promise<ServerLocation> {
  // Not the clock on the wall, which can jump while we wait.
  const deadline = performance.now() + (options.deadlineMs ?? DEADLINE_MS)
  const prepared = prepareDirectories(wanted)
  const {location} = prepared
  while (performance.now() < deadline) {
    if (await socketAnswers(location)) return location
    const turn = await takeTurn(location)
    if (turn === null) {
      await sleep(TURN_POLL_MS)
      continue
    }
    try {
      if (!(await socketAnswers(location))) await start(prepared, deadline, options.onProgress ?? (() => {}))
      return location
    } finally {
      turn.end()
    }
  }
  throw unavailable('The embedded PostgreSQL did not answer in time', `Look into its log: ${location.logFile}`)
}

async function start(prepared: Prepared, deadline: number, onProgress: (text: string) => void): Promise<void> {
  const {location, identity} = prepared
  const binaries = prepareBinaries(location, identity)
  if (statSync(join(location.clusterDir, 'PG_VERSION'), {throwIfNoEntry: false}) === undefined) {
    onProgress('Creating the database (once)…')
  }
  shortenLog(location.logFile)
  ensureCluster(location, binaries, identity)
  for (let starts = 0; starts < STARTS_MAX && performance.now() < deadline; starts++) {
    removeStaleFiles(location)
    if (await startOnce(prepared, binaries, deadline)) return
    // Backends of a server that was killed hold its memory for a moment; starting works once they are gone.
    await sleep(RETRY_PAUSE_MS)
  }
  throw serverFailed('does not start', location)
}

async function startOnce({location, identity}: Prepared, binaries: Binaries, deadline: number): Promise<boolean> {
  const log = openSync(location.logFile, 'a', 0o600)
  const server = spawn(
    join(binaries.folder, 'bin', 'postgres'),
    ['-D', location.clusterDir, '-k', location.socketDir],
    {
      cwd: '/',
      detached: true,
      env: serverEnvironment(location),
      stdio: ['ignore', log, log],
      ...(identity ?? {}),
    },
  )
  closeSync(log)
  server.unref()
  let ended = false
  server.on('error', () => {
    ended = true
  })
  server.on('exit', () => {
    ended = true
  })
  while (performance.now() < deadline) {
    if (await socketAnswers(location)) return true
    if (ended) return false
    await sleep(SOCKET_POLL_MS)
  }
  throw serverFailed('did not answer in time', location)
}

/** The log cannot grow for ever: at a start, what is long becomes the old log. */
function shortenLog(logFile: string): void {
  const size = statSync(logFile, {throwIfNoEntry: false})?.size ?? 0
  if (size > LOG_MAX_BYTES) renameSync(logFile, `${logFile}.old`)
}
