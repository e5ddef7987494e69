/** Races that happen every time. */

import {setTimeout as sleep} from 'node:timers/promises'
import pg from 'pg'
import {connectionConfig} from '../../src/data/driver.ts'
import {asSuperuser} from './server.ts'

const TRIES = 500

/**
 * Holds rows with `hold`, starts the contenders, waits until every one of them waits for a lock (or what `isEnough` says),
 * and lets go. Two bare promises almost never meet.
 */
export async function contend<T>(
  url: string,
  hold: string,
  contenders: readonly (() => Promise<T>)[],
  isEnough = (waiting: number) => waiting >= Math.min(contenders.length, connectionsAtOnce()),
): Promise<readonly PromiseSettledResult<T>[]> {
  const holder = new pg.Client(connectionConfig(asSuperuser(url)))
  await holder.connect()
  try {
    await holder.query('begin')
    await holder.query(hold)
    const outcomes = Promise.allSettled(contenders.map((start) => start()))
    await untilWaiting(holder, isEnough)
    await holder.query('commit')
    return await outcomes
  } finally {
    await holder.end()
  }
}

/** A pooler lets no more contenders through at once; the others wait for a connection instead of a lock. */
function connectionsAtOnce(): number {
  return Number(process.env.FLEKS_TEST_POOL_SIZE || Number.POSITIVE_INFINITY)
}

async function untilWaiting(db: pg.Client, isEnough: (waiting: number) => boolean): Promise<void> {
  for (let tried = 0; tried < TRIES; tried++) {
    // Inside a transaction the statistics are a frozen picture.
    await db.query('select pg_stat_clear_snapshot()')
    const {rows} = await db.query(
      "select count(*)::integer as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
    if (isEnough(rows[0].n)) return
    await sleep(10)
  }
  throw new Error('Not all contenders wait for a lock; the code under test takes none')
}
