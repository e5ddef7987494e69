/** Who is at work on an import says so again and again, by the server's clock, and holds nothing for it. */

import {type CommonQueryMethods, sql} from 'slonik'
import {type Counts, leaseEnd, type MoneyByUnit, moneyJson} from './import-runs.ts'
import type {Ledger} from './ledger.ts'

const BEAT_MS = 2_000

/** How far an import is. */
export interface Progress {
  readonly counts: Counts
  readonly money: MoneyByUnit
}

/**
 * Renews the lease of a run, and writes down how far it is, while `work` runs. When the process is killed the lease runs
 * out. Should it run out by a long stall, another import goes on beside this one: the references keep the money right.
 */
export async function whileAtWork<T>(
  {pool}: Ledger,
  id: bigint,
  progress: (() => Progress) | null,
  work: () => Promise<T>,
): Promise<T> {
  let beat: Promise<void> | null = null
  const timer = setInterval(() => {
    // A transaction, for its limits. Where the database is away the next beat may find it again.
    beat ??= pool
      .transaction((tx) => renew(tx, id, progress?.() ?? null), 0)
      .catch(() => {})
      .finally(() => {
        beat = null
      })
  }, BEAT_MS)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    await beat
  }
}

/** Not where it has ended: a beat may have waited for a connection meanwhile. */
async function renew(tx: CommonQueryMethods, id: bigint, progress: Progress | null): Promise<void> {
  if (progress === null) {
    await tx.query(sql.unsafe`
      update import_run set alive_until = ${leaseEnd} where id = ${id} and alive_until is not null`)
    return
  }
  const {counts, money} = progress
  await tx.query(sql.unsafe`
    update import_run
    set alive_until = ${leaseEnd}, lines_read = ${counts.read}, lines_applied = ${counts.applied},
      lines_replayed = ${counts.replayed}, lines_refused = ${counts.refused}, money = ${moneyJson(money)}::jsonb
    where id = ${id} and alive_until is not null`)
}

/** Somebody else than its import works on a run: nobody begins what could meet it. */
export async function lease(tx: CommonQueryMethods, id: bigint): Promise<void> {
  await tx.query(sql.unsafe`update import_run set alive_until = ${leaseEnd} where id = ${id}`)
}

export async function endLease(db: CommonQueryMethods, id: bigint): Promise<void> {
  await db.query(sql.unsafe`update import_run set alive_until = null where id = ${id}`)
}
