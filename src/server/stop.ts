/** Stops the embedded PostgreSQL. */

import {setTimeout as sleep} from 'node:timers/promises'
import type {ServerLocation} from './location.ts'
import {isAlive, postmasterPid} from './postmaster.ts'
import {unavailable} from './unavailable.ts'

const FAST_LIMIT_MS = 30_000
const IMMEDIATE_LIMIT_MS = 10_000
const POLL_MS = 10

/** Ends sessions, writes everything out and stops; stopping what is not running is no mistake. */
export async function stopServer(location: ServerLocation): Promise<'stopped' | 'not running'> {
  const pid = postmasterPid(location)
  if (pid === null) return 'not running'
  // PostgreSQL's "fast shutdown", then, should it not end, "immediate": the next start recovers from the log.
  for (const [signal, limitMs] of [
    ['SIGINT', FAST_LIMIT_MS],
    ['SIGQUIT', IMMEDIATE_LIMIT_MS],
  ] as const) {
    signalServer(pid, signal)
    for (let waitedMs = 0; waitedMs < limitMs; waitedMs += POLL_MS) {
      if (!isAlive(pid) || postmasterPid(location) !== pid) return 'stopped'
      await sleep(POLL_MS)
    }
  }
  throw unavailable(`The embedded PostgreSQL (process ${pid}) does not stop`, `Look into its log: ${location.logFile}`)
}

function signalServer(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return
    throw unavailable(`The embedded PostgreSQL (process ${pid}) belongs to another user`, 'Stop it as that user', error)
  }
}
