/** The embedded PostgreSQL as commands see it. */

import {ROLE_NAMES, type Role} from '../core/role.ts'
import {locate, serverUrl} from '../server/location.ts'
import {stopServer} from '../server/stop.ts'
import type {Environment} from './environment.ts'

/** The libpq URL of the data directory's server for a role, whether it runs or not. */
export function embeddedUrl({dataDir}: Environment, role: Role): string {
  return serverUrl(locate(dataDir.value), ROLE_NAMES[role])
}

export function stopEmbedded({dataDir}: Environment): Promise<'stopped' | 'not running'> {
  return stopServer(locate(dataDir.value))
}
