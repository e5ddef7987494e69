/** The running server's process: which one it is, and whether it still lives. */

import {readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {type ServerLocation, socketPath} from './location.ts'

/** The pid of the server on this cluster; null when there is none. */
export function postmasterPid({clusterDir}: ServerLocation): number | null {
  const pid = pidIn(join(clusterDir, 'postmaster.pid'))
  return pid !== null && isPostmaster(pid, clusterDir) ? pid : null
}

/**
 * After a power cut the pid in the left-over files can be another program's, and PostgreSQL would then refuse to
 * start. Only while nobody else starts the server.
 */
export function removeStaleFiles(location: ServerLocation): void {
  if (postmasterPid(location) !== null) return
  for (const file of [
    join(location.clusterDir, 'postmaster.pid'),
    `${socketPath(location)}.lock`,
    socketPath(location),
  ]) {
    rmSync(file, {force: true})
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function pidIn(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, 'utf8').split('\n', 1)[0])
    return Number.isSafeInteger(pid) && pid > 1 ? pid : null
  } catch {
    return null
  }
}

function isPostmaster(pid: number, clusterDir: string): boolean {
  if (!isAlive(pid)) return false
  if (process.platform !== 'linux') return true
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(clusterDir)
  } catch {
    return false
  }
}
