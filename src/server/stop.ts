/** Stops the embedded PostgreSQL. */

import {setTimeout as sleep} from 'node:timers/promises'
import type {ServerLocation} from './location.ts'
import {isAlive, postmasterPid} from './postmaster.ts'
import {unavailable} from './unavailable.ts'

/** PostgreSQL's "fast shutdown", then, should it not end, "immediate": the next start recovers from the log. */
const STEPS: readonly (readonly [signal: NodeJS.Signals, limitMs: number])[] = [
  ['SIGINT', 30_000],
  ['SIGQUIT', 10_000],
]
const POLL_MS = 10

interface StopOptions {
  /** Nothing is written out: for data that is thrown away. */
  readonly immediately?: boolean
}

/** Ends sessions, writes everything out and stops; stopping what is not running is no mistake. */
export async function stopServer(
  location: ServerLocation,
  {immediately = false}: StopOptions = {},
): Promise<'stopped' | 'not running'> {
  const pid = postmasterPid(location)
  if (pid === null) return 'not running'
  for (const [signal, limitMs] of immediately ? STEPS.slice(1) : STEPS) {
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
