/** Where the embedded PostgreSQL of a data directory lives. Light: every command asks. */

import {createHash} from 'node:crypto'
import {lstatSync, readFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {Refusal} from '../core/refusal.ts'
import {ROLE_NAMES} from '../core/role.ts'

export const DATABASE = 'fleks'
const PORT = 5432

/** Written into the data directory when the server had to be put elsewhere; holds that path. */
export const POINTER_FILE = 'server-is-at'

/** The kernel keeps 108 bytes for a socket's path, the last one a NUL (unix(7)). */
const SOCKET_PATH_MAX = 107

export interface ServerLocation {
  /** What the user named. */
  readonly dataDir: string
  /** Where the server's files are: the data directory, unless it cannot be reached by the server's user. */
  readonly baseDir: string
  readonly clusterDir: string
  readonly socketDir: string
  readonly logFile: string
  /** A libpq connection URL for commands, with the rights of the desk. */
  readonly url: string
  /** For what changes the schema. */
  readonly superuserUrl: string
}

/** Refused (DATABASE_UNAVAILABLE): a socket directory in /tmp that somebody else has made. */
export function locate(dataDir: string): ServerLocation {
  const absolute = resolve(dataDir)
  return locationAt(absolute, pointedTo(absolute) ?? absolute)
}

export function locationAt(dataDir: string, baseDir: string): ServerLocation {
  const socketDir = socketDirOf(baseDir)
  const location = {
    dataDir,
    baseDir,
    clusterDir: join(baseDir, 'cluster'),
    socketDir,
    logFile: join(baseDir, 'server.log'),
  }
  return {
    ...location,
    url: serverUrl(location, ROLE_NAMES.desk),
    superuserUrl: serverUrl(location, ROLE_NAMES.superuser),
  }
}

/** A libpq URL for any user and database of the server; the socket's directory stands for the host. */
export function serverUrl({socketDir}: Pick<ServerLocation, 'socketDir'>, user: string, database = DATABASE): string {
  return `postgresql://${encodeURIComponent(user)}@${encodeURIComponent(socketDir)}:${PORT}/${encodeURIComponent(database)}`
}

export function socketPath({socketDir}: Pick<ServerLocation, 'socketDir'>): string {
  return join(socketDir, `.s.PGSQL.${PORT}`)
}

/** A short name for a path. */
export function pathDigest(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16)
}

function pointedTo(dataDir: string): string | null {
  try {
    const text = readFileSync(join(dataDir, POINTER_FILE), 'utf8').trim()
    return text.startsWith('/') ? text : null
  } catch {
    return null
  }
}

function socketDirOf(baseDir: string): string {
  const inside = join(baseDir, 'run')
  if (Buffer.byteLength(socketPath({socketDir: inside})) <= SOCKET_PATH_MAX) return inside
  // /tmp and not TMPDIR: every command must come to the same place, whatever its environment.
  const outside = `/tmp/fleks-${process.getuid?.() ?? 0}-${pathDigest(baseDir)}`
  refuseForeignDirectory(outside, baseDir)
  return outside
}

/** In /tmp anyone can make a directory of that name and wait for us there. */
function refuseForeignDirectory(directory: string, baseDir: string): void {
  const found = lstatSync(directory, {throwIfNoEntry: false})
  if (found === undefined) return
  const owners = [process.getuid?.(), lstatSync(join(baseDir, 'cluster'), {throwIfNoEntry: false})?.uid]
  if (found.isDirectory() && owners.includes(found.uid) && (found.mode & 0o077) === 0) return
  throw new Refusal('DATABASE_UNAVAILABLE', `The directory ${directory} was made by somebody else`, {
    hint: 'Remove it, or choose a shorter data directory with: FLEKS_DATA_DIR',
  })
}
