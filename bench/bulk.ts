/**
 * What bringing a file in costs, beside COPY of the finished rows into the same table with the same indexes and
 * triggers: each in a fresh ledger, in turn, medians. `npm run bench:bulk -- --lines 1000000 --clients 100000`.
 */

import {spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {chmodSync, closeSync, createWriteStream, mkdtempSync, openSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import pg from 'pg'
import {connectionConfig} from '../src/data/driver.ts'
import {migrate, readMigrations} from '../src/data/migrate.ts'
import {locate, serverUrl} from '../src/server/location.ts'
import {ensureServer} from '../src/server/start.ts'
import {stopServer} from '../src/server/stop.ts'
import {copyFile} from './copy.ts'
import {quantile} from './interleave.ts'

const {values: flags} = parseArgs({
  options: {
    lines: {type: 'string', default: '1000000'},
    clients: {type: 'string', default: '100000'},
    rounds: {type: 'string', default: '5'},
  },
})
const LINES = Number(flags.lines)
const CLIENTS = Number(flags.clients)
const ROUNDS = Number(flags.rounds)
const STAFF = 20
const COLUMNS =
  'client_id, unit, seq, amount, balance_before, balance_after, staff_id, batch, occurred_at, recorded_at, kind, direction, method, note, reference, operator, hash'

const folder = mkdtempSync(join(tmpdir(), 'fleks-bench-'))
chmodSync(folder, 0o711)
const location = await ensureServer(locate(join(folder, 'data')))
const migrations = await readMigrations(join(import.meta.dirname, '..', 'migrations'))

async function connected<T>(name: string, work: (db: pg.Client) => Promise<T>): Promise<T> {
  const db = new pg.Client(connectionConfig(serverUrl(location, 'fleks', name)))
  await db.connect()
  try {
    return await work(db)
  } finally {
    await db.end()
  }
}

/** A ledger with clients, accounts and staff, and nothing posted. */
async function fresh(name: string): Promise<string> {
  await connected('postgres', async (db) => {
    await db.query(`drop database if exists ${name} with (force)`)
    await db.query(`create database ${name} template template0`)
  })
  await migrate(serverUrl(location, 'fleks', name), migrations)
  await connected(name, async (db) => {
    await db.query(`
      insert into staff (name, search_key) select 'Staff' || n, 'staff' || n from generate_series(1, ${STAFF}) n;
      insert into client (name, search_key, loose_key)
        select 'Client ' || n, 'client ' || n, 'client ' || n from generate_series(1, ${CLIENTS}) n;
      insert into account (client_id, unit) select n, 'AZN' from generate_series(1, ${CLIENTS}) n;
      analyze`)
    await db.query('checkpoint')
  })
  return serverUrl(location, 'fleks', name)
}

/** Every client first brings money in; then half of the lines, at random, charge it. */
async function writeLines(path: string): Promise<void> {
  let seed = 42
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return Math.floor((seed / 0x80000000) * below)
  }
  const file = createWriteStream(path)
  let text = 'reference,date,client,amount,staff,method,note\n'
  for (let line = 0; line < LINES; line++) {
    const isIn = line < CLIENTS || random(2) === 0
    const client = 1 + (line < CLIENTS ? line : random(CLIENTS))
    const date = new Date(Date.UTC(2020, 0, 1) + line * 60_000).toISOString().slice(0, 16).replace('T', ' ')
    const amount = isIn ? `${50 + random(100)}.00` : `-${10 + random(10)}.50`
    const note = random(10) === 0 ? `note for visit ${line}` : ''
    text += `IMP-${line.toString(36)},${date},${client},${amount},${isIn ? '' : `Staff${1 + random(STAFF)}`},${isIn ? 'cash' : ''},${note}\n`
    if (text.length > PIECE_CHARACTERS) {
      if (!file.write(text)) await once(file, 'drain')
      text = ''
    }
  }
  file.end(text)
  await once(file, 'finish')
}
const PIECE_CHARACTERS = 1_000_000

function imported(path: string, url: string): {readonly seconds: number; readonly peakMb: number} {
  const started = performance.now()
  const env = {...process.env, FLEKS_DATABASE_URL: url, FLEKS_OPERATOR: 'bench', XDG_CACHE_HOME: folder, HOME: folder}
  const told =
    "process.on('exit', () => process.getBuiltinModule('fs').writeSync(2, 'peak ' + process.resourceUsage().maxRSS))"
  const hook = `data:text/javascript,${encodeURIComponent(told)}`
  const {stdout, stderr} = spawnSync(process.execPath, ['--import', hook, 'bin/run.js', 'import', path, '--json'], {
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const seconds = (performance.now() - started) / 1000
  const {read, applied, replayed, refused} = JSON.parse(stdout)
  if (read !== LINES || applied + replayed + refused !== LINES) throw new Error(`The import lost lines: ${stdout}`)
  return {seconds, peakMb: Number(/peak (\d+)/.exec(stderr)?.[1] ?? 0) / 1024}
}

async function copied(rows: string): Promise<number> {
  await fresh('copied')
  return connected('copied', async (db) => {
    const file = openSync(rows, 'r')
    const started = performance.now()
    await copyFile(db, `copy entry (${COLUMNS}) from stdin`, file)
    const seconds = (performance.now() - started) / 1000
    closeSync(file)
    return seconds
  })
}

try {
  const csv = join(folder, 'lines.csv')
  const rows = `/tmp/fleks-bench-rows-${process.pid}`
  await writeLines(csv)
  const times = {copy: [] as number[], first: [] as number[], again: [] as number[]}
  let peakMb = 0
  let written = 0
  for (let round = 0; round < ROUNDS; round++) {
    const url = await fresh('imported')
    const first = imported(csv, url)
    const again = imported(csv, url)
    times.first.push(first.seconds)
    times.again.push(again.seconds)
    peakMb = Math.max(peakMb, first.peakMb, again.peakMb)
    if (round === 0) {
      written = await connected('imported', async (db) => {
        // In the order of the file, as a program without rules would send them.
        const {rowCount} = await db.query(`copy (select ${COLUMNS} from entry order by occurred_at, seq) to '${rows}'`)
        return rowCount ?? 0
      })
    }
    times.copy.push(await copied(rows))
    process.stdout.write(
      `round ${round + 1}: copy ${times.copy.at(-1)?.toFixed(1)} s, import ${first.seconds.toFixed(1)} s, again ${again.seconds.toFixed(1)} s, peak ${peakMb.toFixed(0)} MB\n`,
    )
  }
  const ratio = (over: readonly number[], under: readonly number[]) =>
    quantile(
      over.map((value, at) => value / (under[at] ?? Number.NaN)),
      0.5,
    )
  const speed = ratio(times.copy, times.first) * (LINES / written)
  const lines = [
    `${LINES} lines, ${CLIENTS} clients, ${ROUNDS} rounds, medians`,
    `raw COPY of the rows  ${quantile(times.copy, 0.5).toFixed(1)} s  ${Math.round(written / quantile(times.copy, 0.5))} rows/s`,
    `import                ${quantile(times.first, 0.5).toFixed(1)} s  ${Math.round(LINES / quantile(times.first, 0.5))} lines/s  × ${speed.toFixed(2)} of COPY (at least 0.50: ${speed >= 0.5 ? 'kept' : 'MISSED'})`,
    `the same file again   ${quantile(times.again, 0.5).toFixed(1)} s  ${ratio(times.first, times.again).toFixed(2)} × faster (at least 2: ${ratio(times.first, times.again) >= 2 ? 'kept' : 'MISSED'})`,
    `peak memory           ${peakMb.toFixed(0)} MB (under 400: ${peakMb < 400 ? 'kept' : 'MISSED'})`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  rmSync(rows, {force: true})
} finally {
  await stopServer(location)
  rmSync(folder, {recursive: true, force: true})
}
