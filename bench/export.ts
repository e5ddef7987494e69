/** What files out cost: each form against psql's own COPY of the same entries, and a backup and its restore in rows per second. */

import {spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {chmodSync, createWriteStream, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {locate} from '../src/server/location.ts'
import {interleaved, quantile} from './interleave.ts'
import {atMost, report} from './report.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 5)
const ENTRIES = Number(process.env.ENTRIES ?? 1_000_000)
const node = process.execPath
const folder = mkdtempSync(join(tmpdir(), 'fleks-bench-'))
chmodSync(folder, 0o711)
const file = join(folder, 'ledger.jsonl')
const packed = join(folder, 'ledger.backup')
const dataDir = join(folder, 'data')
const env = {XDG_CACHE_HOME: join(folder, 'cache'), FLEKS_DATABASE_URL: ''}

function fleks(args: readonly string[], more: NodeJS.ProcessEnv = {FLEKS_DATA_DIR: dataDir}): number {
  const started = performance.now()
  const {status, stderr} = spawnSync(node, ['bin/run.js', ...args], {
    env: {...process.env, ...env, ...more},
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (status !== 0) throw new Error(`fleks ${args.join(' ')}: ${stderr}`)
  return performance.now() - started
}

function rate(name: string, timesMs: readonly number[]): void {
  const median = quantile(timesMs, 0.5)
  process.stdout.write(
    `${name.padEnd(24)} ${(median / 1000).toFixed(1).padStart(7)} s   ${Math.round(ENTRIES / (median / 1000))} entries/s\n`,
  )
}

try {
  const made = spawn(node, ['bench/ledger-file.ts', String(ENTRIES)], {stdio: ['ignore', 'pipe', 'inherit']})
  made.stdout.pipe(createWriteStream(file))
  await once(made, 'close')
  const restores = Array.from({length: Math.min(ROUNDS, 3)}, (_, round) => {
    const own = {FLEKS_DATA_DIR: round === 0 ? dataDir : join(folder, `data-${round}`)}
    const took = fleks(['restore', file], own)
    if (round > 0) {
      fleks(['db', 'stop'], own)
      rmSync(own.FLEKS_DATA_DIR, {recursive: true, force: true})
    }
    return took
  })
  const exporting = (...args: readonly string[]) => ({
    name: `fleks ${args.join(' ')}`,
    command: node,
    args: ['bin/run.js', ...args],
    env: {...env, FLEKS_DATA_DIR: dataDir},
  })
  const copy = 'copy (select row_to_json(e) from entry e) to stdout'
  const timings = await interleaved(
    [
      {name: 'psql row_to_json', command: 'psql', args: [locate(dataDir).superuserUrl, '-c', copy]},
      exporting('export', '--format', 'jsonl'),
      exporting('export', '--format', 'csv'),
      exporting('export', '--format', 'hledger'),
      exporting('backup', packed, '--force'),
      exporting('backup', 'verify', file),
    ],
    ROUNDS,
  )
  // Half of the baseline's rows per second.
  report(timings, {title: `${ENTRIES} entries to files`, limits: {'fleks export --format jsonl': atMost(2)}})
  rate('fleks restore', restores)
} finally {
  fleks(['db', 'stop'])
  rmSync(folder, {recursive: true, force: true})
}
