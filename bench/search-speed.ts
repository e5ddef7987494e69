/** How long searches take on a warm server through the data layer, over a look-up by primary key in the same run. */

import {randomBytes} from 'node:crypto'
import {type DatabasePool, sql} from 'slonik'
import * as z from 'zod/mini'
import {clientListColumns, clientListRow, ownAccount} from '../src/data/client-rows.ts'
import type {Ledger} from '../src/data/ledger.ts'
import {openPool} from '../src/data/pool.ts'
import {searchClients} from '../src/data/search.ts'
import {quantile} from './interleave.ts'
import {makeCrowd} from './search-data/crowd.ts'
import {type Rng, rng} from './search-data/rng.ts'
import {benchServer, runSql} from './servers.ts'

const CLIENTS = Number(process.env.CLIENTS ?? 200_000)
const ROUNDS = Number(process.env.ROUNDS ?? 1_000)
const SEED = Number(process.env.SEED ?? 20261123)
/** Shows the plans of the slowest query of each kind. */
const EXPLAIN = process.env.EXPLAIN === '1'
const WARM_UP = 100
/** Every page is read once, so that it is not the disk that is measured. */
const WARM = `
  create extension if not exists pg_prewarm;
  select sum(pg_prewarm(oid)) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'i')`
const QUICK = {p50: 3, p99: 20}
const TYPO = {p50: 20, p99: 60}

interface Kind {
  readonly name: string
  readonly limit: {readonly p50: number; readonly p99: number}
  readonly text: (words: readonly string[], phone: string, random: Rng) => string
}

const slowest = new Map<string, string>()

const longest = (words: readonly string[]) =>
  words.reduce((best, word) => (word.length > best.length ? word : best), '')
const cut = (word: string, random: Rng) => {
  const at = 1 + random.below(Math.max(1, word.length - 2))
  return word.slice(0, at) + word.slice(at + 1)
}

const KINDS: readonly Kind[] = [
  {name: 'exact', limit: QUICK, text: (words) => words.join(' ')},
  {
    name: 'prefix of 1 to 6 letters',
    limit: QUICK,
    text: (words, _, random) => random.pick(words).slice(0, 1 + random.below(6)),
  },
  {
    name: 'substring',
    limit: QUICK,
    text: (words, _, random) => longest(words).slice(1 + random.below(2), 5 + random.below(3)),
  },
  {
    name: 'two words, any order',
    limit: QUICK,
    text: ([a = '', b = ''], _, random) => (random.next() < 0.5 ? `${b} ${a}` : `${a} ${b}`),
  },
  {
    name: 'beginnings of two words',
    limit: QUICK,
    text: ([a = '', b = ''], _, random) => `${b.slice(0, 2 + random.below(3))} ${a.slice(0, 2 + random.below(3))}`,
  },
  {name: 'phone part', limit: QUICK, text: (_, phone, random) => phone.slice(-5 - random.below(3))},
  {name: 'one typo', limit: TYPO, text: (words, _, random) => cut(longest(words), random)},
  {name: 'typo in the second word', limit: TYPO, text: ([a = '', b = ''], _, random) => `${a} ${cut(b, random)}`},
]

/** A database that was filled before, by `makeCrowd`. */
const given = process.env.CROWD_URL
const server = given === undefined ? await benchServer() : null
try {
  const url = given ?? (await server?.database('speed')) ?? ''
  const pool = await openPool(url, {transactionLimitMs: 0})
  if (given === undefined) {
    const started = performance.now()
    await makeCrowd(pool, CLIENTS)
    process.stdout.write(
      `${CLIENTS} clients made in ${((performance.now() - started) / 1000).toFixed(0)} s, seed ${SEED}\n`,
    )
  }
  await runSql(url, WARM)
  await measure(pool)
  if (EXPLAIN) await explainSlowest(url)
  await pool.end()
} finally {
  await server?.stop()
}

interface Measured {
  readonly ms: number
  readonly text: string
}

async function measure(pool: DatabasePool): Promise<void> {
  const random = rng(SEED)
  const ledger: Ledger = {pool, operator: 'bench', now: () => new Date(), randomBytes: (length) => randomBytes(length)}
  const lookUp: Measured[] = []
  const times = KINDS.map((): Measured[] => [])
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const id = BigInt(1 + random.below(CLIENTS))
    const {ms, value} = await timed(() => client(pool, id))
    if (round >= 0) lookUp.push({ms, text: String(id)})
    for (const [at, kind] of KINDS.entries()) {
      const text = kind.text(value.name.split(' '), value.phone ?? '', random)
      const search = await timed(() => searchClients(ledger, text, {limit: 20, archived: false}))
      if (round >= 0) times[at]?.push({ms: search.ms, text})
    }
  }
  const base = {p50: quantileOf(lookUp, 0.5), p99: quantileOf(lookUp, 0.99)}
  process.stdout.write(
    `${'look-up by primary key'.padEnd(26)} p50 ${base.p50.toFixed(2)} ms, p99 ${base.p99.toFixed(2)} ms\n`,
  )
  for (const [at, {name, limit}] of KINDS.entries()) {
    const own = times[at] ?? []
    const [p50, p99] = [quantileOf(own, 0.5), quantileOf(own, 0.99)]
    slowest.set(name, own.toSorted((a, b) => b.ms - a.ms)[Math.floor(own.length / 100)]?.text ?? '')
    process.stdout.write(
      `${name.padEnd(26)} p50 ${p50.toFixed(2)} ms ${ratio(p50 / base.p50, limit.p50)}, p99 ${p99.toFixed(2)} ms ${ratio(p99 / base.p99, limit.p99)}; slow: ${slowest.get(name)}\n`,
    )
  }
}

async function client(pool: DatabasePool, id: bigint): Promise<z.infer<typeof clientListRow>> {
  return pool.one(sql.type(clientListRow)`
    select ${clientListColumns} from client c ${ownAccount} where c.id = ${id}`)
}

async function timed<T>(work: () => Promise<T>): Promise<{readonly ms: number; readonly value: T}> {
  const started = performance.now()
  const value = await work()
  return {ms: performance.now() - started, value}
}

function quantileOf(measured: readonly Measured[], part: number): number {
  return quantile(
    measured.map(({ms}) => ms),
    part,
  )
}

function ratio(value: number, limit: number): string {
  return `× ${value.toFixed(1)} (at most ${limit}: ${value <= limit ? 'kept' : 'MISSED'})`
}

async function explainSlowest(url: string): Promise<void> {
  const sent: {readonly sql: string; readonly values: readonly unknown[]}[] = []
  const pool = await openPool(url, {
    interceptors: [
      {
        name: 'recorder',
        transformQuery: (_, query) => {
          sent.push(query)
          return query
        },
      },
    ],
  })
  const ledger: Ledger = {pool, operator: 'bench', now: () => new Date(), randomBytes: (length) => randomBytes(length)}
  for (const [name, text] of slowest) {
    sent.length = 0
    await searchClients(ledger, text, {limit: 20, archived: false})
    for (const query of [...sent]) {
      const plan = await pool.any({
        ...sql.type(z.object({'QUERY PLAN': z.string()}))`select 1`,
        sql: `explain (analyze, buffers) ${query.sql}`,
        values: query.values as never,
      })
      process.stdout.write(`\n${name}: ${text}\n${plan.map((line) => line['QUERY PLAN']).join('\n')}\n`)
    }
  }
  await pool.end()
}
