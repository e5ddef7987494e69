/** The embedded database's schema and rights: brought up to date where these files were not applied to it yet. */

import {createHash} from 'node:crypto'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {bringUpToDate} from '../data/migrate.ts'
import type {ServerLocation} from '../server/location.ts'

/** Holds the digest of the migrations that were applied last. Where it is wrong, the schema's version tells. */
const APPLIED_FILE = 'applied-migrations'

/** After a start. To look into the database whether all is there, and to set every right anew, takes as long as half of the start. */
export async function migrateOnceEach(location: ServerLocation, folder: string): Promise<void> {
  if (appliedTo(location) !== digestOf(folder)) await migrateNow(location, folder)
}

export async function migrateNow(location: ServerLocation, folder: string): Promise<void> {
  // Before, so that files that change meanwhile are applied next time.
  const digest = digestOf(folder)
  await bringUpToDate(location.superuserUrl, folder)
  try {
    writeFileSync(join(location.baseDir, APPLIED_FILE), `${digest}\n`, {mode: 0o600})
  } catch {
    // Then the next start does it again.
  }
}

function appliedTo({baseDir}: ServerLocation): string | null {
  try {
    return readFileSync(join(baseDir, APPLIED_FILE), 'utf8').trim()
  } catch {
    return null
  }
}

function digestOf(folder: string): string {
  const digest = createHash('sha256')
  for (const name of readdirSync(folder).sort()) digest.update(`${name}\0`).update(readFileSync(join(folder, name)))
  return digest.digest('hex')
}
