/** Reads the whole bank again and again while the load runs: in every picture of it the money is all there. */

import {setTimeout as sleep} from 'node:timers/promises'
import pg from 'pg'
import {connectionConfig} from '../../../src/data/driver.ts'
import {type Finding, finding} from './finding.ts'
import type {Recorder} from './records.ts'

const PAUSE_MS = 150

/** One statement, so one snapshot: transfers move nothing in all, and the rest is exactly what balances hold. */
const PICTURE = `
  with line as (
    select client_id, kind, case direction when 'IN' then amount else -amount end as moved, note from entry
  )
  select
    (select coalesce(sum(balance), 0)::text from account) as held,
    (select coalesce(sum(moved), 0)::text from line where kind <> 'transfer') as known,
    (select coalesce(sum(moved), 0)::text from line where kind = 'transfer') as transferred,
    (select count(*)::integer from account where balance < 0) as negative,
    (select count(*)::integer from account a
      where balance <> (select coalesce(sum(moved), 0) from line where line.client_id = a.client_id)) as torn,
    (select coalesce(json_agg(name), '[]') from unnest($1::text[]) name
      where not exists (select from line where note = name)) as missing`

export interface Watch {
  /** How many pictures were taken. */
  readonly taken: () => number
  readonly end: () => Promise<readonly Finding[]>
}

export function watchBank(url: string, recorder: Recorder): Watch {
  const findings: Finding[] = []
  let over = false
  let taken = 0
  let seen = 0

  async function take(db: pg.Client): Promise<void> {
    // Everything acknowledged before the picture is taken must be in it.
    const until = recorder.acknowledged.length
    const names = recorder.acknowledged.slice(seen, until)
    const {rows} = await db.query(PICTURE, [names])
    seen = until
    taken++
    const {held, known, transferred, negative, torn, missing} = rows[0]
    if (held !== known || transferred !== '0')
      findings.push(finding('lost', `balances hold ${held}, known are ${known}`))
    if (negative > 0) findings.push(finding('unsound', `${negative} balances are below zero`))
    if (torn > 0) findings.push(finding('partial', `${torn} balances are not the sum of their entries`))
    for (const name of missing) findings.push(finding('lost', `${name} was acknowledged and is not in a later picture`))
  }

  async function watch(): Promise<void> {
    while (!over) {
      const db = new pg.Client({...connectionConfig(url), connectionTimeoutMillis: 5_000, query_timeout: 60_000})
      db.on('error', () => {})
      try {
        await db.connect()
        while (!over) {
          await take(db)
          await sleep(PAUSE_MS)
        }
      } catch {
        // The server is away; there is nothing to see.
        await sleep(PAUSE_MS)
      } finally {
        void db.end().catch(() => {})
      }
    }
  }

  const watching = watch()
  return {
    taken: () => taken,
    end: async () => {
      over = true
      await watching
      return findings
    },
  }
}
