/** Starts a place's server under a clock that can be set: the embedded server's own programs, and libfaketime. */

import {spawn} from 'node:child_process'
import {closeSync, openSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {prepareBinaries} from '../../../src/server/binaries.ts'
import {serverEnvironment} from '../../../src/server/cluster.ts'
import {prepareDirectories} from '../../../src/server/directories.ts'
import type {ServerLocation} from '../../../src/server/location.ts'
import {removeStaleFiles} from '../../../src/server/postmaster.ts'
import {socketAnswers} from '../../../src/server/socket.ts'
import {stopServer} from '../../../src/server/stop.ts'
import {takeTurn} from '../../../src/server/turn.ts'
import type {Clock} from './clock.ts'

const POLL_MS = 20
const TRIES = 500

/** Stops the server and starts it by this clock. Whoever else would start it waits for the turn. */
export async function restartByClock(location: ServerLocation, clock: Clock): Promise<void> {
  clock.set('+0d')
  const turn = await untilTrue(() => takeTurn(location))
  try {
    await stopServer(location)
    removeStaleFiles(location)
    start(location, clock)
    await untilTrue(async () => (await socketAnswers(location)) || null)
  } finally {
    turn?.end()
  }
}

function start(location: ServerLocation, clock: Clock): void {
  const {identity} = prepareDirectories(location)
  const {folder} = prepareBinaries(location, identity)
  const log = openSync(location.logFile, 'a', 0o600)
  const server = spawn(join(folder, 'bin', 'postgres'), ['-D', location.clusterDir, '-k', location.socketDir], {
    cwd: '/',
    detached: true,
    env: {...serverEnvironment(location), ...clock.env},
    stdio: ['ignore', log, log],
    ...(identity ?? {}),
  })
  closeSync(log)
  server.on('error', () => {})
  server.unref()
}

async function untilTrue<T>(attempt: () => Promise<T | null>): Promise<T | null> {
  for (let tried = 0; tried < TRIES; tried++) {
    const found = await attempt()
    if (found !== null) return found
    await sleep(POLL_MS)
  }
  return null
}
