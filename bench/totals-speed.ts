/** What the totals of one month take in a ledger of three years, over a ledger that has that month alone. */

import {randomBytes} from 'node:crypto'
import type {DatabasePool} from 'slonik'
import type {Ledger} from '../src/data/ledger.ts'
import {openPool} from '../src/data/pool.ts'
import {totalsOf} from '../src/data/reports.ts'
import {BEGAN, fillLongLedger, MONTHS} from './history-ledger.ts'
import {inTurns} from './interleave.ts'
import {atMost, report} from './report.ts'
import {rng} from './search-data/rng.ts'
import {type BenchServer, benchServer} from './servers.ts'

const ENTRIES = Number(process.env.ENTRIES ?? 5_000_000)
const CLIENTS = Number(process.env.CLIENTS ?? ENTRIES / 25)
const ROUNDS = Number(process.env.ROUNDS ?? 21)
const SEED = Number(process.env.SEED ?? 20261123)
const DAY_MS = 86_400_000

/** A ledger that was filled before, by `fillLongLedger` with as many entries. */
const given = process.env.LEDGER_URL
const server = await benchServer()
try {
  const long = given === undefined ? await filled(server, 'long', ENTRIES, MONTHS) : await opened(given)
  const alone = await filled(server, 'alone', Math.floor(ENTRIES / MONTHS), 1)
  const random = rng(SEED)
  const name = `of one month of ${MONTHS}, ${ENTRIES} entries`
  const measured = await inTurns(
    [
      {name: 'of a ledger of one month', measure: () => timed(alone, 0)},
      {name, measure: () => timed(long, random.below(MONTHS))},
    ],
    ROUNDS,
  )
  report(measured, {title: 'Totals by kind, staff and day', limits: {[name]: atMost(1.3)}})
  await Promise.all([long.end(), alone.end()])
} finally {
  await server.stop()
}

async function filled({database}: BenchServer, name: string, entries: number, months: number): Promise<DatabasePool> {
  const url = await database(name)
  await fillLongLedger(url, {clients: Math.min(CLIENTS, entries), entries, months})
  return opened(url)
}

function opened(url: string): Promise<DatabasePool> {
  return openPool(url, {transactionLimitMs: 0})
}

/** Of a month of 30 days, counted from the ledger's first. Everything once before, so that it is not the disk that is measured. */
async function timed(pool: DatabasePool, month: number): Promise<number> {
  const day = (days: number) => new Date(Date.parse(`${BEGAN}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
  const period = {from: day(30 * month), to: day(30 * month + 29)}
  const ledger: Ledger = {pool, operator: 'bench', now: () => new Date(), randomBytes: (length) => randomBytes(length)}
  await totalsOf(ledger, period)
  const started = performance.now()
  const {totals} = await totalsOf(ledger, period)
  const ms = performance.now() - started
  const counted = totals.reduce((all, {count}) => all + Number(count), 0)
  if (Math.abs(counted / (ENTRIES / MONTHS) - 1) > 0.01)
    throw new Error(`${counted} entries in the month from ${period.from}`)
  return ms
}
