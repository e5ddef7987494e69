/** Imports that could meet take turns: one begins, and the others wait without holding a connection. */

import {setTimeout as sleep} from 'node:timers/promises'
import {type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import {atWork} from './import-runs.ts'

const LOOK_FIRST_MS = 100
/** Many may wait, and none should keep the server busy by it. */
const LOOK_MAX_MS = 4_000

/** What an import could meet another one on. */
export interface Turn {
  /** SHA-256 of the file, 64 hex digits. */
  readonly digest: string
  /** Files without references are told apart by their lines, so all of them could meet. */
  readonly ofLines: boolean
}

/** Answered by `attempt`: somebody else is at work. */
export const TAKEN = Symbol('taken')

/** Tries until it is our turn, ever more rarely: what lasts long is noticed a little later. */
export async function inTurn<T>(onWait: () => void, attempt: () => Promise<T | typeof TAKEN>): Promise<T> {
  const begun = performance.now()
  for (let tried = 0; ; tried++) {
    const outcome = await attempt()
    if (outcome !== TAKEN) return outcome
    if (tried === 0) onWait()
    const waited = performance.now() - begun
    const pause = Math.min(LOOK_MAX_MS, Math.max(LOOK_FIRST_MS, waited / 4))
    // Those that began at the same moment do not look at the same moment.
    await sleep(pause * (0.75 + Math.random() / 2))
  }
}

/**
 * Whether nobody is at work that could be met; then nobody begins until the transaction ends. The locks are tried and not
 * waited for, so that who waits holds nothing, and taken by an import of one transaction until it ends.
 */
export async function isOurTurn(tx: DatabaseTransactionConnection, {digest, ofLines}: Turn): Promise<boolean> {
  const keys = ofLines ? [digest, 'of lines'] : [digest]
  const {free} = await tx.one(sql.type(z.object({free: z.boolean()}))`
    select bool_and(pg_try_advisory_xact_lock(hashtextextended('fleks import ' || key, 0))) as free
    from unnest(${sql.array(keys, 'text')}) as q (key)`)
  if (!free) return false
  // A statement of its own, so that it sees who has begun before the locks were ours.
  const {taken} = await tx.one(sql.type(z.object({taken: z.boolean()}))`
    select exists (
      select from import_run r
      where ${atWork} and (r.file_digest = decode(${digest}, 'hex')
        or ${ofLines}::boolean and exists (select from import_lines l where l.run_id = r.id))) as taken`)
  return !taken
}
