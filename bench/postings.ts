/** Postings a second of one long-lived process on the data layer, as ratios to pgbench with SQL of the same effect. */

import {spawnSync} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {existsSync, readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {openPool} from '../src/data/pool.ts'
import {type PostingRequest, topup} from '../src/data/posting.ts'
import {quantile} from './interleave.ts'
import {benchServer, runSql} from './servers.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 3)
const SECONDS = Number(process.env.SECONDS ?? 4)
const CLIENTS = 10_000

const CLIENTS_SQL = `
  insert into staff (name, search_key) values ('Ina', 'ina');
  insert into client (name, search_key) select n::text, n::text from generate_series(1, ${CLIENTS}) n;
  insert into account (client_id, unit) select id, 'AZN' from client;
  analyze`

/** What a top-up does, by hand: look, lock, look the reference up, insert. */
const pgbenchScript = (client: string) => `
\\set client ${client}
\\set unique random(1, 9000000000000000)
begin;
select s.unit, s.time_zone, c.id, c.name, c.archived_at, c.default_price, m.id from settings s, client c, staff m where c.id = :client and m.search_key = 'ina';
select balance, last_seq from account where client_id = :client and unit = 'AZN' for update \\gset
select seq from entry where client_id = :client and reference = 'r-' || :unique;
insert into entry (client_id, unit, seq, kind, direction, amount, balance_before, balance_after, staff_id, reference, occurred_at, operator, hash)
values (:client, 'AZN', :last_seq + 1, 'topup', 'IN', 100, :balance, :balance + 100, 1, 'r-' || :unique, now(), 'bench', sha256(convert_to(:unique::text, 'UTF8')));
commit;
`

interface Load {
  readonly name: string
  readonly connections: number
  readonly hot: boolean
  readonly atLeast: number
}

const LOADS: readonly Load[] = [
  {name: 'uniform, 1 connection', connections: 1, hot: false, atLeast: 0.5},
  {name: 'uniform, 8 connections', connections: 8, hot: false, atLeast: 0.5},
  {name: 'uniform, 32 connections', connections: 32, hot: false, atLeast: 0.5},
  {name: 'one hot client, 8 connections', connections: 8, hot: true, atLeast: 0.6},
]

function request(client: string): PostingRequest {
  const open = {unit: null, method: null, note: null, reference: null, at: null}
  return {...open, client, amount: {digits: 1n, scale: 0}, staff: 'Ina', dryRun: false}
}

/** Postings a second through the data layer. */
async function ours(url: string, {connections, hot}: Load): Promise<number> {
  const pool = await openPool(url, {connections})
  const ledger = {pool, operator: 'bench', now: () => new Date(), randomBytes: (count: number) => randomBytes(count)}
  let posted = 0
  const started = performance.now()
  const end = started + SECONDS * 1000
  try {
    await Promise.all(
      Array.from({length: connections}, async () => {
        while (performance.now() < end) {
          await topup(ledger, request(hot ? '1' : String(1 + Math.floor(Math.random() * CLIENTS))))
          posted++
        }
      }),
    )
    return posted / ((performance.now() - started) / 1000)
  } finally {
    await pool.end()
  }
}

function pgbench(program: string, url: string, script: string, {connections}: Load): number {
  const {status, stdout, stderr} = spawnSync(
    program,
    ['-n', '-f', script, '-c', String(connections), '-j', '1', '-T', String(SECONDS), '-M', 'extended', url],
    {encoding: 'utf8'},
  )
  const rate = /tps = ([\d.]+)/.exec(stdout)?.[1]
  if (status !== 0 || rate === undefined) throw new Error(`pgbench: ${stderr}`)
  return Number(rate)
}

function findPgbench(): string {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort() : []
  const found = versions.map((version) => join(debian, version, 'bin', 'pgbench')).filter((path) => existsSync(path))
  const last = found.at(-1)
  if (last === undefined) throw new Error('This needs pgbench: apt-get install postgresql')
  return last
}

const program = findPgbench()
const server = await benchServer()
try {
  const url = await server.database('postings')
  await runSql(url, CLIENTS_SQL)
  for (const load of LOADS) {
    const script = join(server.folder, 'script.sql')
    writeFileSync(script, pgbenchScript(load.hot ? '1' : `random(1, ${CLIENTS})`))
    const rates: {readonly base: number; readonly own: number}[] = []
    for (let round = 0; round < ROUNDS; round++) {
      rates.push({base: pgbench(program, url, script, load), own: await ours(url, load)})
    }
    const ratio = quantile(
      rates.map(({base, own}) => own / base),
      0.5,
    )
    const median = (values: readonly number[]) => quantile(values, 0.5).toFixed(0).padStart(6)
    const verdict = ratio >= load.atLeast ? 'kept' : 'MISSED'
    process.stdout.write(
      `${load.name.padEnd(30)} pgbench ${median(rates.map(({base}) => base))}/s  fleks ${median(rates.map(({own}) => own))}/s  × ${ratio.toFixed(2)}  at least ${load.atLeast.toFixed(2)}: ${verdict}\n`,
    )
  }
} finally {
  await server.stop()
}
