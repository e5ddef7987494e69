/** The embedded PostgreSQL as commands see it. */

import {locate} from '../server/location.ts'
import {stopServer} from '../server/stop.ts'
import type {Environment} from './environment.ts'

/** The libpq URL of the data directory's server, whether it runs or not. */
export function embeddedUrl({dataDir}: Environment): string {
  return locate(dataDir.value).url
}

export function stopEmbedded({dataDir}: Environment): Promise<'stopped' | 'not running'> {
  return stopServer(locate(dataDir.value))
}
