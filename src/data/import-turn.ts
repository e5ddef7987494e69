/** Imports that could meet take turns. */

import {setTimeout as sleep} from 'node:timers/promises'
import {type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import type {Ledger} from './ledger.ts'

const LOOK_FIRST_MS = 100
/** Many may wait, and none should keep the server busy by it. */
const LOOK_MAX_MS = 1_000

/**
 * Runs `work` while no other import of the same `key` runs. The turn is a lock of a transaction that does nothing else:
 * it goes when the process or its connection does, whatever happens, and without a change of its own it holds back no
 * clean-up. Should the connection be lost, what is posted stays right all the same: the references see to that.
 */
export async function inTurn<T>({pool}: Ledger, key: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  const mine = Promise.withResolvers<void>()
  const done = Promise.withResolvers<void>()
  // Beside the work and not around it: Slonik lets nothing else be asked from inside a transaction.
  const turn = pool.transaction(async (tx) => {
    await tx.query(sql.unsafe`set local idle_in_transaction_session_timeout = 0`)
    for (let tried = 0; !(await isMine(tx, key)); tried++) {
      if (tried === 0) onWait()
      await sleep(Math.min(LOOK_MAX_MS, LOOK_FIRST_MS * 2 ** Math.min(tried, 4)))
    }
    mine.resolve()
    await done.promise
  }, 0)
  turn.catch(mine.reject)
  await mine.promise
  try {
    return await work()
  } finally {
    done.resolve()
    // The work has an outcome of its own, whatever became of the lock.
    await turn.catch(() => {})
  }
}

/** Asked again and again: a statement that waits would hold a snapshot, and with it every old row. */
async function isMine(tx: DatabaseTransactionConnection, key: string): Promise<boolean> {
  const {mine} = await tx.one(sql.type(z.object({mine: z.boolean()}))`
    select pg_try_advisory_xact_lock(hashtextextended(${`fleks import ${key}`}, 0)) as mine`)
  return mine
}
