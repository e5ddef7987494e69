/**
 * Whether commands stay as quick with many clients as with few: whole processes, interleaved, as ratios. With ENTRIES the
 * same with a long ledger, over one of 10,000 clients and as many entries; LEDGER_URL is one that was filled before.
 */

import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {crowdSql} from '../test/support/crowd.ts'
import {fillLongLedger} from './history-ledger.ts'
import {interleaved} from './interleave.ts'
import {atMost, report} from './report.ts'
import {type BenchServer, benchServer, runSql} from './servers.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 21)
const ENTRIES = Number(process.env.ENTRIES ?? 0)
const CLIENTS = Number(process.env.CLIENTS ?? (ENTRIES === 0 ? 100_000 : ENTRIES / 10))
const LIMIT = 1.15

interface Ledgers {
  readonly few: {readonly name: string; readonly url: string}
  readonly many: {readonly name: string; readonly url: string}
  readonly work: readonly (readonly string[])[]
}

const POSTING = ['pay', '43', '0.01', '--staff', '1', '--json']
const READING = [
  ['balance', '43', '--json'],
  ['history', '43', '--json'],
]

async function crowds({database}: BenchServer): Promise<Ledgers> {
  const [few, many] = [await database('few'), await database('many')]
  await runSql(few, crowdSql(100))
  await runSql(many, crowdSql(CLIENTS))
  const searches = ['fba', 'fbana1 l', 'fbnaa', '0000042'].map((text) => ['client', 'search', text, '--json'])
  return {
    few: {name: '100 clients', url: few},
    many: {name: `${CLIENTS} clients`, url: many},
    work: [...searches, POSTING, ...READING],
  }
}

async function longLedgers({database}: BenchServer): Promise<Ledgers> {
  const few = await database('few')
  await fillLongLedger(few, {clients: 10_000, entries: 10_000})
  const given = process.env.LEDGER_URL
  const many = given ?? (await database('many'))
  if (given === undefined) await fillLongLedger(many, {clients: CLIENTS, entries: ENTRIES})
  return {
    few: {name: '10000 entries', url: few},
    many: {name: `${ENTRIES} entries`, url: many},
    work: [POSTING, ...READING, ['history', '--json']],
  }
}

const server = await benchServer()
try {
  const {few, many, work} = ENTRIES === 0 ? await crowds(server) : await longLedgers(server)
  const environment = (url: string) => ({FLEKS_DATABASE_URL: url, XDG_CACHE_HOME: join(server.folder, 'cache')})
  for (const {url} of [few, many]) {
    const args = ['bin/run.js', 'topup', '43', '100']
    const {status, stderr} = spawnSync(process.execPath, args, {env: {...process.env, ...environment(url)}})
    if (status !== 0) throw new Error(stderr.toString())
  }
  for (const args of work) {
    const run = ({name, url}: {readonly name: string; readonly url: string}) => ({
      name,
      command: process.execPath,
      args: ['bin/run.js', ...args],
      env: environment(url),
    })
    const timings = await interleaved([run(few), run(many)], ROUNDS)
    report(timings, {title: `fleks ${args.join(' ')}`, limits: {[many.name]: atMost(LIMIT)}})
  }
} finally {
  await server.stop()
}
