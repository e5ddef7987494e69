/** Whom the server runs as: ourselves, or for root somebody without rights, because PostgreSQL refuses root. */

import {lstatSync, readFileSync, statSync} from 'node:fs'
import {dirname} from 'node:path'
import {unavailable} from './unavailable.ts'

export interface Identity {
  readonly uid: number
  readonly gid: number
}

/** Who takes root's place, the first that exists; initdb wants a user with a name. */
const STAND_INS = ['postgres', 'nobody']

/** Null: as ourselves. `clusterDir` keeps the user it was made with. */
export function serverIdentity(clusterDir: string): Identity | null {
  if (process.getuid?.() !== 0) return null
  const owner = lstatSync(clusterDir, {throwIfNoEntry: false})
  if (owner !== undefined && owner.uid !== 0) return {uid: owner.uid, gid: owner.gid}
  const passwd = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of STAND_INS) {
    const [, , uid, gid] = passwd.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (uid !== undefined && gid !== undefined) return {uid: Number(uid), gid: Number(gid)}
  }
  throw unavailable(
    'PostgreSQL does not run as root, and this system has no user postgres or nobody to run it as',
    'Add one with: useradd --system postgres',
  )
}

/** Whether that user can pass through every directory above `path`. */
export function canReach(path: string, identity: Identity | null): boolean {
  if (identity === null) return true
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    if (!canPass(directory, identity)) return false
    if (directory === dirname(directory)) return true
  }
}

function canPass(directory: string, {uid, gid}: Identity): boolean {
  const found = statSync(directory, {throwIfNoEntry: false})
  if (found === undefined) return false
  if (found.uid === uid) return (found.mode & 0o100) !== 0
  if (found.gid === gid) return (found.mode & 0o010) !== 0
  return (found.mode & 0o001) !== 0
}
