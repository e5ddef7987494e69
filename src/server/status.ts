/** What there is to know about the embedded PostgreSQL without starting it. */

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {ServerLocation} from './location.ts'
import {postmasterPid} from './postmaster.ts'
import {socketAnswers} from './socket.ts'

export interface ServerStatus {
  readonly running: boolean
  readonly pid: number | null
  /** The major version that made the cluster; null before the first start. */
  readonly version: string | null
  readonly dataDir: string
  readonly clusterDir: string
  readonly socketDir: string
  readonly logFile: string
}

export async function serverStatus(location: ServerLocation): Promise<ServerStatus> {
  const {dataDir, clusterDir, socketDir, logFile} = location
  const running = await socketAnswers(location)
  return {
    running,
    pid: postmasterPid(location),
    version: clusterVersion(clusterDir),
    dataDir,
    clusterDir,
    socketDir,
    logFile,
  }
}

function clusterVersion(clusterDir: string): string | null {
  try {
    return readFileSync(join(clusterDir, 'PG_VERSION'), 'utf8').trim()
  } catch {
    return null
  }
}
