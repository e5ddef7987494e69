/** The directories of the embedded server: made one by one, owned by whom the server runs as. */

import {chmodSync, chownSync, lstatSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {canReach, type Identity, serverIdentity} from './identity.ts'
import {locationAt, POINTER_FILE, pathDigest, type ServerLocation} from './location.ts'
import {makeDirectories} from './make-directories.ts'
import {unusableDirectory} from './unavailable.ts'

/** Where root's servers live when root's own directories are closed to the server's user. */
const SHARED_BASE = '/var/lib/fleks'

export interface Prepared {
  readonly location: ServerLocation
  readonly identity: Identity | null
}

/** Makes what is missing. Refused (DATABASE_UNAVAILABLE): a place that cannot be written, or that is another user's. */
export function prepareDirectories(wanted: ServerLocation): Prepared {
  try {
    makeDirectories(wanted.dataDir, 0o700)
    const identity = serverIdentity(wanted.clusterDir)
    const location = reachable(wanted, identity)
    if (identity !== null) openPassage(location.baseDir)
    makeOwned(location.socketDir, identity)
    return {location, identity}
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? unusableDirectory(wanted.dataDir, error) : error
  }
}

/** The wanted place, or one under /var/lib with a pointer to it in the data directory. */
function reachable(wanted: ServerLocation, identity: Identity | null): ServerLocation {
  if (canReach(wanted.baseDir, identity)) return wanted
  const baseDir = join(SHARED_BASE, pathDigest(wanted.dataDir))
  makeDirectories(SHARED_BASE, 0o711)
  makeDirectories(baseDir, 0o711)
  writeFileSync(join(wanted.dataDir, POINTER_FILE), `${baseDir}\n`, {mode: 0o644})
  return locationAt(wanted.dataDir, baseDir)
}

/** The server's user may pass through the base (not list it) to its own directories inside. */
function openPassage(baseDir: string): void {
  const {mode} = statSync(baseDir)
  if ((mode & 0o011) !== 0o011) chmodSync(baseDir, (mode & 0o777) | 0o011)
}

function makeOwned(directory: string, identity: Identity | null): void {
  if (lstatSync(directory, {throwIfNoEntry: false}) === undefined) makeDirectories(directory, 0o700)
  if (identity !== null) chownSync(directory, identity.uid, identity.gid)
  chmodSync(directory, 0o700)
}
