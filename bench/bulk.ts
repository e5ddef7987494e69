/**
 * What bringing files in and out costs, beside COPY of the finished rows into the same table with the same indexes and
 * triggers: each in a fresh ledger, in turn, medians. `npm run bench:bulk -- --lines 1000000 --clients 100000`.
 */

import {closeSync, openSync} from 'node:fs'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {bigRows} from './bulk-big.ts'
import {deskWaits} from './bulk-desk.ts'
import {BulkServer, writeCsv, writeOperations} from './bulk-ledger.ts'
import {copyFile} from './copy.ts'
import {quantile} from './interleave.ts'
import {type Cost, type Ran, serverCpuSeconds} from './measured.ts'

const {values: flags} = parseArgs({
  options: {
    lines: {type: 'string', default: process.env.LINES ?? '1000000'},
    operations: {type: 'string'},
    clients: {type: 'string'},
    rounds: {type: 'string', default: process.env.ROUNDS ?? '5'},
    /** Some of them. */
    only: {type: 'string', default: 'copy,import,again,batch,backup,restore,desk'},
  },
})
const LINES = Number(flags.lines)
const CLIENTS = Number(flags.clients ?? LINES / 10)
const OPERATIONS = Number(flags.operations ?? LINES / 5)
const ROUNDS = Number(flags.rounds)
const PEAK_MB = 400
const COLUMNS =
  'client_id, unit, seq, amount, balance_before, balance_after, staff_id, batch, occurred_at, recorded_at, kind, direction, method, note, reference, operator, hash'

const WORKS = ['copy', 'import', 'again', 'batch', 'backup', 'restore'] as const
type Work = (typeof WORKS)[number]

interface Told {
  readonly title: string
  readonly lines: number
  /** The rate over that of another work, at least. */
  readonly atLeast?: {readonly ratio: number; readonly of: Work}
}

const TOLD: {readonly [work in Work]: Told} = {
  copy: {title: 'raw COPY of the rows', lines: LINES},
  import: {title: 'import', lines: LINES, atLeast: {ratio: 0.5, of: 'copy'}},
  again: {title: 'the same file again', lines: LINES, atLeast: {ratio: 2, of: 'import'}},
  batch: {title: 'batch', lines: OPERATIONS, atLeast: {ratio: 0.5, of: 'import'}},
  backup: {title: 'backup', lines: LINES, atLeast: {ratio: 0.7, of: 'import'}},
  restore: {title: 'restore', lines: LINES, atLeast: {ratio: 0.7, of: 'import'}},
}
const works = WORKS.filter((work) => flags.only.split(',').includes(work))

const server = await BulkServer.start()
const {location, folder} = server
const csv = join(folder, 'lines.csv')
const operations = join(folder, 'operations.jsonl')
// Written by the server's own user.
const rows = `/tmp/fleks-bench-rows-${process.pid}`
const backup = join(folder, 'ledger.backup')

const RUN: {readonly [work in Work]: () => Promise<Cost>} = {
  copy: async () => {
    await server.fresh('copied', CLIENTS)
    return server.connected('copied', async (db) => {
      const file = openSync(rows, 'r')
      const before = {wall: performance.now(), cpu: process.cpuUsage(), server: serverCpuSeconds(location)}
      await copyFile(db, `copy entry (${COLUMNS}) from stdin`, file)
      const seconds = (performance.now() - before.wall) / 1000
      const {user, system} = process.cpuUsage(before.cpu)
      closeSync(file)
      return {
        seconds,
        programCpu: (user + system) / 1e6,
        serverCpu: serverCpuSeconds(location) - before.server,
        peakMb: 0,
      }
    })
  },
  import: async () => {
    await server.fresh('imported', CLIENTS)
    return imported()
  },
  again: async () => imported(),
  batch: async () => {
    await server.fresh('batched', CLIENTS)
    return server.run('batched', ['batch'], {input: operations, output: join(folder, 'answers.jsonl')})
  },
  backup: async () => server.run('imported', ['backup', backup, '--force', '--json']),
  restore: async () => {
    await server.empty('restored')
    return server.run('restored', ['restore', backup, '--json'])
  },
}

function imported(): Ran {
  const ran = server.run('imported', ['import', csv, '--json'])
  const {read, applied, replayed, refused} = JSON.parse(ran.stdout)
  if (read !== LINES || applied + replayed + refused !== LINES) throw new Error(`The import lost lines: ${ran.stdout}`)
  return ran
}

try {
  await writeCsv(csv, LINES, CLIENTS)
  await writeOperations(operations, OPERATIONS, CLIENTS)
  await server.fresh('imported', CLIENTS)
  imported()
  // In the order of the file, as a program without rules would send them.
  const written = await server.connected('imported', async (db) => {
    const {rowCount} = await db.query(`copy (select ${COLUMNS} from entry order by occurred_at, seq) to '${rows}'`)
    return rowCount ?? 0
  })
  server.run('imported', ['backup', backup, '--force', '--json'])
  const costs = new Map(works.map((work) => [work, [] as Cost[]]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const work of works) costs.get(work)?.push(await RUN[work]())
    process.stdout.write(
      `round ${round + 1}: ${works.map((work) => `${work} ${costs.get(work)?.at(-1)?.seconds.toFixed(1)} s`).join(', ')}\n`,
    )
  }
  process.stdout.write(
    `${LINES} lines (${written} entries), ${CLIENTS} clients, ${ROUNDS} rounds, medians; CPU per line\n`,
  )
  for (const work of works) process.stdout.write(`${rowOf(work, costs, written)}\n`)
  if (flags.only.includes('desk')) process.stdout.write(`${await deskWaits(server, {clients: CLIENTS, csv})}\n`)
  if (process.env.BIG === '1') process.stdout.write(`${(await bigRows(server)).at(-1)}\n`)
} finally {
  await server.connected('postgres', (db) => db.query(`copy (select) to program 'rm -f ${rows}'`)).catch(() => {})
  await server.stop()
}

/** The rate of one run; COPY has only the lines that became entries. */
function rateOf(work: Work, cost: Cost | undefined, written: number): number {
  return (work === 'copy' ? written : TOLD[work].lines) / (cost?.seconds ?? Number.NaN)
}

function rowOf(work: Work, costs: ReadonlyMap<Work, readonly Cost[]>, written: number): string {
  const {title, lines, atLeast} = TOLD[work]
  const own = costs.get(work) ?? []
  const median = (value: (cost: Cost) => number) => quantile(own.map(value), 0.5)
  const micros = (seconds: number) => `${((seconds / lines) * 1e6).toFixed(1).padStart(5)} µs`
  const peak = Math.max(...own.map(({peakMb}) => peakMb))
  const row =
    `${title.padEnd(22)}${median(({seconds}) => seconds)
      .toFixed(1)
      .padStart(7)} s` +
    `${Math.round(median((cost) => rateOf(work, cost, written)))
      .toString()
      .padStart(9)}/s` +
    `  server ${micros(median(({serverCpu}) => serverCpu))}  program ${micros(median(({programCpu}) => programCpu))}` +
    (peak === 0 ? '' : `  ${peak.toFixed(0)} MB${peak < PEAK_MB ? '' : ' MISSED'}`)
  const under = atLeast === undefined ? undefined : costs.get(atLeast.of)
  if (atLeast === undefined || under === undefined) return row
  const ratio = quantile(
    own.map((cost, at) => rateOf(work, cost, written) / rateOf(atLeast.of, under[at], written)),
    0.5,
  )
  return `${row}  × ${ratio.toFixed(2)} of ${atLeast.of} (at least ${atLeast.ratio}: ${ratio >= atLeast.ratio ? 'kept' : 'MISSED'})`
}
