/** Starts a stopped embedded server while the program is still being loaded; the command then finds it nearly up. */

import {statSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {locate, type ServerLocation} from '../server/location.ts'
import {postmasterPid} from '../server/postmaster.ts'
import {readPlace} from './environment.ts'

/** What the desk does all day and cron does first. Others start the server when they come to need it. */
const LEDGER_COMMANDS = new Set([
  ...['adjust', 'balance', 'history', 'import', 'opening', 'pay', 'refund', 'reverse', 'topup', 'transfer'],
  ...['client:add', 'client:archive', 'client:edit', 'client:list', 'client:restore', 'client:search', 'client:show'],
  ...['staff:add', 'staff:archive', 'staff:edit', 'staff:list', 'staff:restore'],
])

const WAIT_LIMIT_MS = 2_000

let starting: Promise<ServerLocation> | null = null

/** Comes back as soon as the server's process runs. A cluster that is not there yet is left for a command found right. */
export async function startEarly(id: string): Promise<void> {
  if (!LEDGER_COMMANDS.has(id)) return
  const location = stoppedServer()
  if (location === null) return
  const {ensureServer} = await import('../server/start.ts')
  await new Promise<void>((resolve) => {
    starting = ensureServer(location, {onSpawned: resolve})
    starting.then(
      () => resolve(),
      () => resolve(),
    )
  })
}

function stoppedServer(): ServerLocation | null {
  try {
    const {databaseUrl, dataDir} = readPlace()
    if (databaseUrl.value !== null) return null
    const location = locate(dataDir.value)
    if (statSync(join(location.clusterDir, 'PG_VERSION'), {throwIfNoEntry: false}) === undefined) return null
    return postmasterPid(location) === null ? location : null
  } catch {
    // The command says what is wrong with it.
    return null
  }
}

export function isStartingEarly(): boolean {
  return starting !== null
}

/** The server that is starting, once: who needs it again has to look again. */
export function takeEarlyStart(): Promise<ServerLocation> | null {
  const taken = starting
  starting = null
  return taken
}

/**
 * Keeps a command that did not come to need the server until it answers: another command could take a server without its
 * postmaster.pid for one that is not there. Not for ever, for it may never answer.
 */
export async function waitForEarlyStart(): Promise<void> {
  const started = takeEarlyStart()
  if (started === null) return
  const limit = new AbortController()
  const ended = () => limit.abort()
  started.then(ended, ended)
  await sleep(WAIT_LIMIT_MS, undefined, {signal: limit.signal}).catch(() => {})
}
