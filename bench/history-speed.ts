/** How long pages of history take on a long ledger through the data layer, over a look-up of 50 by primary key in the same run. */

import {randomBytes} from 'node:crypto'
import {type DatabasePool, sql} from 'slonik'
import * as z from 'zod/mini'
import {cursorText} from '../src/core/cursor.ts'
import type {Entry} from '../src/core/entry.ts'
import {entryColumns, entryRow} from '../src/data/entries.ts'
import {type HistoryRequest, history} from '../src/data/history.ts'
import type {Ledger} from '../src/data/ledger.ts'
import {openPool} from '../src/data/pool.ts'
import {BEGAN, fillLongLedger, MONTHS, STAFF} from './history-ledger.ts'
import {quantile} from './interleave.ts'
import {type Rng, rng} from './search-data/rng.ts'
import {benchServer} from './servers.ts'

const ENTRIES = Number(process.env.ENTRIES ?? 1_000_000)
const CLIENTS = Number(process.env.CLIENTS ?? ENTRIES / 10)
const ROUNDS = Number(process.env.ROUNDS ?? 300)
const SEED = Number(process.env.SEED ?? 20261123)
const WARM_UP = 30
const PAGE = 50
const DEEP = 1_000 * PAGE
const LIMIT = {p50: 3, p99: 15}
/** Its 50 entries belong to 50 clients, and are what is looked up by key. */
const SCATTERED = 'of staff and month'
const ALL = {client: null, staff: null, kind: null, direction: null, from: null, to: null, limit: PAGE, cursor: null}

const placeRow = z.object({at: z.string(), client: z.bigint(), unit: z.string(), seq: z.bigint()})

/** A ledger that was filled before, by `fillLongLedger` with the same numbers. */
const given = process.env.LEDGER_URL
const server = given === undefined ? await benchServer() : null
try {
  const url = given ?? (await server?.database('history')) ?? ''
  if (given === undefined) await fillLongLedger(url, {clients: CLIENTS, entries: ENTRIES})
  const pool = await openPool(url, {transactionLimitMs: 0})
  process.stdout.write(`${ENTRIES} entries of ${CLIENTS} clients, seed ${SEED}\n`)
  await measure(pool)
  await pool.end()
} finally {
  await server?.stop()
}

async function measure(pool: DatabasePool): Promise<void> {
  const random = rng(SEED)
  const ledger: Ledger = {pool, operator: 'bench', now: () => new Date(), randomBytes: (length) => randomBytes(length)}
  const deepOfAll = await cursorAt(pool, sql.fragment`true`)
  const deepOfOne = await cursorAt(pool, sql.fragment`client_id = 1`)
  const kinds: readonly (readonly [name: string, request: (random: Rng) => Partial<HistoryRequest> | null])[] = [
    ['newest 50', () => ({})],
    ['of a client', () => ({client: String(1 + random.below(CLIENTS))})],
    ['of a client with many', () => ({client: '1'})],
    [SCATTERED, () => ({staff: String(1 + random.below(STAFF)), ...monthOf(random.below(MONTHS))})],
    ['1,000 pages deep', () => (deepOfAll === null ? null : {cursor: deepOfAll})],
    ['of a client, 1,000 pages deep', () => (deepOfOne === null ? null : {client: '1', cursor: deepOfOne})],
  ]
  const lookUp: number[] = []
  const times = kinds.map((): number[] => [])
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const [at, [name, request]] of kinds.entries()) {
      const asked = request(random)
      if (asked === null) continue
      // Everything once before, so that it is not the disk that is measured.
      const {entries} = await history(ledger, {...ALL, ...asked})
      const own = await timed(() => history(ledger, {...ALL, ...asked}))
      if (round >= 0) times[at]?.push(own)
      if (name !== SCATTERED) continue
      await byKey(pool, entries)
      const byOwnKey = await timed(() => byKey(pool, entries))
      if (round >= 0) lookUp.push(byOwnKey)
    }
  }
  const base = {p50: quantile(lookUp, 0.5), p99: quantile(lookUp, 0.99)}
  process.stdout.write(
    `${'50 entries by primary key'.padEnd(32)} p50 ${base.p50.toFixed(2)} ms, p99 ${base.p99.toFixed(2)} ms\n`,
  )
  for (const [at, [name]] of kinds.entries()) {
    const own = times[at] ?? []
    if (own.length === 0) continue
    const [p50, p99] = [quantile(own, 0.5), quantile(own, 0.99)]
    process.stdout.write(
      `${name.padEnd(32)} p50 ${p50.toFixed(2)} ms ${ratio(p50 / base.p50, LIMIT.p50)}, p99 ${p99.toFixed(2)} ms ${ratio(p99 / base.p99, LIMIT.p99)}\n`,
    )
  }
}

/** As the history shows them: with names, and what reverses them. Each by the key, whatever the planner thinks of a scan. */
async function byKey(pool: DatabasePool, entries: readonly Entry[]): Promise<unknown> {
  const array = (numbers: readonly bigint[]) => sql.array([...numbers], 'int8')
  return pool.many(sql.type(entryRow)`
    select ${entryColumns}
    from unnest(${array(entries.map(({client}) => client.id))}, ${array(entries.map(({seq}) => seq))}) as key (id, seq)
    cross join lateral (select * from entry e where e.client_id = key.id and e.unit = 'AZN' and e.seq = key.seq limit 1) e
    join client c on c.id = e.client_id
    left join staff s on s.id = e.staff_id`)
}

/** Where 1,000 pages have been read; null where there are not so many. */
async function cursorAt(pool: DatabasePool, condition: ReturnType<typeof sql.fragment>): Promise<string | null> {
  const place = await pool.maybeOne(sql.type(placeRow)`
    select occurred_at as at, client_id as client, unit, seq from entry where ${condition}
    order by occurred_at desc, client_id desc, unit desc, seq desc offset ${DEEP} limit 1`)
  return place === null ? null : cursorText([place.at, Number(place.client), place.unit, Number(place.seq)])
}

/** A month of 30 days of the ledger. */
function monthOf(n: number): {readonly from: string; readonly to: string} {
  const day = (days: number) =>
    new Date(Date.parse(`${BEGAN}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
  return {from: day(30 * n), to: day(30 * n + 29)}
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function ratio(value: number, limit: number): string {
  return `× ${value.toFixed(1)} (at most ${limit}: ${value <= limit ? 'kept' : 'MISSED'})`
}
