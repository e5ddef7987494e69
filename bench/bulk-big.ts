/** What a line costs, and how much memory is needed, from ten thousand lines to five million: `BIG=1 npm run bench:bulk`. */

import {join} from 'node:path'
import {type BulkServer, writeCsv, writeOperations} from './bulk-ledger.ts'
import type {Cost} from './measured.ts'

const SIZES = (process.env.SIZES ?? '10000,100000,1000000,5000000').split(',').map(Number)
const PER_CLIENT = 10
const PEAK_MB = 400
/** The dearest line may cost so much more than the cheapest. */
const SPREAD_MAX = 1.2
/** The memory of all kinds of work is measured from here on. */
const LARGE = 1_000_000

export async function bigRows(server: BulkServer): Promise<readonly string[]> {
  const {folder} = server
  const csv = join(folder, 'big.csv')
  const operations = join(folder, 'big.jsonl')
  const backup = join(folder, 'big.backup')

  // A file of one line: what every import costs, however long its file.
  await writeCsv(csv, 1, 1)
  await server.fresh('big', 1)
  const start = server.run('big', ['import', csv, '--json'])
  const rows: string[] = []
  const perLine: number[] = []
  const tell = (what: string, lines: number, cost: Cost, fixed: Pick<Cost, 'programCpu' | 'serverCpu'>) => {
    const micros = ((cost.programCpu + cost.serverCpu - fixed.programCpu - fixed.serverCpu) / lines) * 1e6
    rows.push(
      `${String(lines).padStart(8)} lines  ${what.padEnd(8)} ${cost.seconds.toFixed(1).padStart(7)} s  ${micros.toFixed(1).padStart(6)} µs CPU per line` +
        `  ${cost.peakMb.toFixed(0)} MB${cost.peakMb < PEAK_MB ? '' : ' MISSED'}`,
    )
    process.stdout.write(`${rows.at(-1)}\n`)
    return micros
  }
  const nothing = {programCpu: 0, serverCpu: 0}
  for (const lines of SIZES) {
    const clients = lines / PER_CLIENT
    await writeCsv(csv, lines, clients)
    await server.fresh('big', clients)
    perLine.push(tell('import', lines, server.run('big', ['import', csv, '--json']), start))
    if (lines < LARGE) continue
    tell('again', lines, server.run('big', ['import', csv, '--json']), nothing)
    tell('export', lines, server.run('big', ['export', '--format', 'jsonl'], {output: '/dev/null'}), nothing)
    tell('backup', lines, server.run('big', ['backup', backup, '--force', '--json']), nothing)
    await server.empty('big')
    tell('restore', lines, server.run('big', ['restore', backup, '--json']), nothing)
    await writeOperations(operations, lines, clients)
    await server.fresh('big', clients)
    tell('batch', lines, server.run('big', ['batch'], {input: operations, output: '/dev/null'}), nothing)
  }
  const spread = Math.max(...perLine) / Math.min(...perLine)
  return [
    ...rows,
    `a line of an import costs at most × ${spread.toFixed(2)} from ${SIZES[0]} to ${SIZES.at(-1)} lines (at most ${SPREAD_MAX}: ${spread <= SPREAD_MAX ? 'kept' : 'MISSED'})`,
  ]
}
