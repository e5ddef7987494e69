/** How long a desk's payments take while a file is imported, beside what they take otherwise. */

import {spawn} from 'node:child_process'
import {once} from 'node:events'
import type {Ledger} from '../src/data/ledger.ts'
import {openPool} from '../src/data/pool.ts'
import {pay} from '../src/data/posting.ts'
import type {BulkServer} from './bulk-ledger.ts'
import {quantile} from './interleave.ts'

/** What a payment may take at most beyond what it takes otherwise, 99 of 100 times. */
const WAIT_MAX_MS = 250
const QUIET = 500

export interface DeskOptions {
  readonly clients: number
  readonly csv: string
}

/** One desk that pays for clients at random, in a ledger in which all of them have money; a table of its waits. */
export async function deskWaits(server: BulkServer, {clients, csv}: DeskOptions): Promise<string> {
  const url = await server.fresh('desk', clients)
  await server.connected('desk', (db) =>
    db.query(`
      insert into entry (client_id, unit, seq, kind, direction, amount, balance_before, balance_after, reference, operator, hash, occurred_at)
      select id, 'AZN', 1, 'topup', 'IN', 100000, 0, 100000, 'begin', 'bench', sha256(id::text::bytea), now() from client`),
  )
  const pool = await openPool(url)
  const ledger: Ledger = {
    pool,
    operator: 'desk',
    now: () => new Date(),
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  }
  try {
    const payment = async () => {
      const client = String(1 + Math.floor(Math.random() * clients))
      const started = performance.now()
      await pay(ledger, {
        client,
        amount: {digits: 1n, scale: 2},
        unit: null,
        staff: 'Staff1',
        method: null,
        note: null,
        reference: null,
        at: null,
        dryRun: false,
      })
      return performance.now() - started
    }
    const quiet: number[] = []
    while (quiet.length < QUIET) quiet.push(await payment())
    const env = {
      ...process.env,
      FLEKS_DATABASE_URL: url,
      FLEKS_OPERATOR: 'bench',
      HOME: server.folder,
      XDG_CACHE_HOME: server.folder,
    }
    const importing = spawn(process.execPath, ['bin/run.js', 'import', csv, '--json'], {env, stdio: 'ignore'})
    let over = false
    const end = once(importing, 'exit').then(() => {
      over = true
    })
    const waits: number[] = []
    while (!over) waits.push(await payment())
    await end
    const told = (values: readonly number[]) =>
      `${quantile(values, 0.5).toFixed(1)} ms, 99 of 100 within ${quantile(values, 0.99).toFixed(0)} ms`
    const beyond = quantile(waits, 0.99) - quantile(quiet, 0.5)
    return (
      `a desk's pay, otherwise    ${told(quiet)}\n` +
      `a desk's pay, meanwhile    ${told(waits)}  (${waits.length} payments)\n` +
      `                           ${beyond.toFixed(0)} ms beyond (at most ${WAIT_MAX_MS}: ${beyond <= WAIT_MAX_MS ? 'kept' : 'MISSED'})`
    )
  } finally {
    await pool.end()
  }
}
