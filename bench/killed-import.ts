/**
 * Imports a file that is killed (SIGKILL) at random moments and begun again, and compares the ledger with that of one
 * clean run: `IMPORT_LINES=500000 KILLS=20 node bench/killed-import.ts`. Exits 1 where they differ.
 */

import {spawn} from 'node:child_process'
import {createWriteStream} from 'node:fs'
import {join} from 'node:path'
import {Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {setTimeout as sleep} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {benchServer, runSql} from './servers.ts'

const LINES = Number(process.env.IMPORT_LINES ?? 20_000)
const KILLS = Number(process.env.KILLS ?? 20)
const CLIENTS = Math.min(5_000, Math.max(10, Math.round(LINES / 20)))
const PROGRAM = fileURLToPath(new URL('../bin/run.js', import.meta.url))

interface Variant {
  readonly name: string
  readonly references: boolean
  readonly creates: boolean
}
const VARIANTS: readonly Variant[] = [
  {name: 'with references', references: true, creates: false},
  {name: 'without references', references: false, creates: false},
  {name: 'with --create-clients', references: false, creates: true},
]

let seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
function random(below: number): number {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
  return (seed >>> 8) % below
}

/** A third of the lines put money in; some of the others ask for more than there is, which only their order decides. */
function* linesOf({references, creates}: Variant): Generator<string> {
  yield `client,date,amount,staff${references ? ',reference' : ''}\n`
  for (let at = 0; at < LINES; at++) {
    const client = 1 + (at < CLIENTS ? at : random(CLIENTS))
    const isIn = at < CLIENTS || random(3) === 0
    const day = String(1 + random(28)).padStart(2, '0')
    const staff = isIn ? '' : 'Ina'
    const amount = `${isIn ? '' : '-'}${1 + random(60)}.${random(2) === 0 ? '50' : '05'}`
    yield `${creates ? `Client ${client}x` : client},2026-01-${day},${amount},${staff}${references ? `,r-${at}` : ''}\n`
  }
}

const server = await benchServer()

interface Ended {
  /** Null where it was killed. */
  readonly code: number | null
  readonly stdout: string
  readonly ms: number
}

/** `kill` is told when the process has begun, and gives the signal when it resolves. */
function run(url: string, args: readonly string[], kill: ((ended: () => boolean) => Promise<void>) | null = null) {
  return new Promise<Ended>((resolve, reject) => {
    const started = performance.now()
    const env = {...process.env, HOME: server.folder, FLEKS_DATABASE_URL: url, FLEKS_OPERATOR: 'bench'}
    const child = spawn(process.execPath, [PROGRAM, ...args], {env, stdio: ['ignore', 'pipe', 'inherit']})
    let stdout = ''
    let hasEnded = false
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.on('error', reject)
    child.on('close', (code) => {
      hasEnded = true
      resolve({code, stdout, ms: performance.now() - started})
    })
    kill?.(() => hasEnded).then(() => child.kill('SIGKILL'), reject)
  })
}

async function entryCount(url: string): Promise<number> {
  const [row] = await runSql(url, 'select coalesce(sum(last_seq), 0)::int as n from account')
  return Number(row?.n)
}

/** Every fourth kill comes at any time of a run, also while it still reads; the others are spread over what is written. */
function moment(url: string, at: number, clean: Ended, entries: number): (ended: () => boolean) => Promise<void> {
  if (at % 4 === 0) return () => sleep(random(Math.round((clean.ms * (at + 2)) / KILLS)))
  const target = Math.round((entries * (at + random(1_000) / 1_000)) / KILLS)
  return async (ended) => {
    while (!ended() && (await entryCount(url)) < target) await sleep(5)
    await sleep(random(100))
  }
}

async function prepared(name: string, {creates}: Variant): Promise<string> {
  const url = await server.database(name)
  await run(url, ['staff', 'add', 'Ina', '--json'])
  if (!creates) {
    const people = join(server.folder, 'people.csv')
    const names = Array.from({length: CLIENTS}, (_, at) => `Client ${at + 1}x\n`).join('')
    await pipeline(Readable.from(['name\n', names]), createWriteStream(people))
    const {code} = await run(url, ['import', people, '--kind', 'client', '--json'])
    if (code !== 0) throw new Error('The clients could not be added')
  }
  return url
}

/** Digests of all that an import writes, the times of recording and the number of the run aside. */
async function digests(url: string): Promise<Readonly<Record<string, unknown>>> {
  const [row] = await runSql(
    url,
    `select
       (select count(*)::int from entry) as "entryCount",
       (select md5(string_agg(md5(row(client_id, unit, seq, kind, direction, amount, balance_before, balance_after, staff_id,
          method, note, reference, reverses, occurred_at, operator, hash)::text), '' order by client_id, unit, seq)) from entry) as entries,
       (select md5(string_agg(row(client_id, unit, balance, last_seq)::text, '' order by client_id, unit)) from account) as accounts,
       (select md5(string_agg(row(id, name, search_key, phone)::text, '' order by id)) from client) as clients`,
  )
  return row ?? {}
}

let isSame = true
try {
  console.log(`${LINES} lines, ${CLIENTS} clients, ${KILLS} kills, seed ${seed}`)
  for (const [at, variant] of VARIANTS.entries()) {
    const file = join(server.folder, `lines-${at}.csv`)
    await pipeline(Readable.from(linesOf(variant)), createWriteStream(file))
    const args = ['import', file, '--json', ...(variant.creates ? ['--create-clients'] : [])]
    const cleanUrl = await prepared(`clean_${at}`, variant)
    const clean = await run(cleanUrl, args)

    const url = await prepared(`killed_${at}`, variant)
    const whole = await entryCount(cleanUrl)
    const stops: number[] = []
    for (let begun = 0; stops.length < KILLS && begun < KILLS * 2; begun++) {
      const {code} = await run(url, args, moment(url, stops.length, clean, whole))
      if (code === null) stops.push(await entryCount(url))
      // The next one would wait until this one has been silent for long enough.
      await runSql(url, 'update import_run set alive_until = null')
    }
    const last = await run(url, args)

    const [a, b] = [await digests(cleanUrl), await digests(url)]
    const verified = await run(url, ['verify', '--json'])
    const counts = (stdout: string) => {
      const {read, applied, replayed, refused, files} = JSON.parse(stdout)
      return {read, applied, replayed, refused, after: files[0].balances}
    }
    const [once, resumed] = [counts(clean.stdout), counts(last.stdout)]
    const same =
      JSON.stringify(a) === JSON.stringify(b) &&
      verified.code === 0 &&
      once.refused === resumed.refused &&
      once.applied === resumed.applied + resumed.replayed
    isSame &&= same
    console.log(
      `${variant.name}: ${same ? 'the same' : 'DIFFERENT'}; clean ${Math.round(clean.ms)} ms; ${stops.length} kills`,
    )
    console.log(`  entries at each kill: ${stops.join(' ')}`)
    console.log(`  clean   ${JSON.stringify(once)}\n  resumed ${JSON.stringify(resumed)}`)
    console.log(`  ${JSON.stringify(a)}`)
    if (!same) console.log(`  ${JSON.stringify(b)} verify ${verified.code}`)
  }
} finally {
  await server.stop()
}
if (!isSame) process.exitCode = 1
