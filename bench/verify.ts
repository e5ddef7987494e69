/** What verifying a ledger costs, as a ratio to psql reading the same table out, and how much memory it takes. */

import {spawn, spawnSync} from 'node:child_process'
import {chmodSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {locate} from '../src/server/location.ts'
import {fillLedger} from './big-ledger.ts'
import {interleaved} from './interleave.ts'
import {atMost, report} from './report.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 5)
const ENTRIES = Number(process.env.ENTRIES ?? 1_000_000)
const CLIENTS = Number(process.env.CLIENTS ?? ENTRIES / 10)
const MEMORY_MAX_MB = 300

if (spawnSync('psql', ['--version']).status !== 0) {
  process.stderr.write('Skipped: the baseline is psql, which this machine does not have\n')
  process.exit(0)
}

const node = process.execPath
const folder = mkdtempSync(join(tmpdir(), 'fleks-bench-'))
chmodSync(folder, 0o711)
const dataDir = join(folder, 'data')
const env = {FLEKS_DATA_DIR: dataDir, XDG_CACHE_HOME: join(folder, 'cache'), FLEKS_DATABASE_URL: ''}

function fleks(...args: readonly string[]): void {
  const {status, stderr} = spawnSync(node, ['bin/run.js', ...args], {
    env: {...process.env, ...env},
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (status !== 0) throw new Error(`fleks ${args.join(' ')}: ${stderr}`)
}

/** The most memory that a run of fleks held, in MB; null where there is no /proc. */
async function peakMemoryMb(...args: readonly string[]): Promise<number | null> {
  const child = spawn(node, ['bin/run.js', ...args], {env: {...process.env, ...env}, stdio: 'ignore'})
  let peakKb: number | null = null
  const watch = setInterval(() => {
    try {
      const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))
      if (found !== null) peakKb = Number(found[1])
    } catch {
      // It has just ended, or this is no Linux.
    }
  }, 20)
  await new Promise((done) => child.once('close', done))
  clearInterval(watch)
  return peakKb === null ? null : Math.round(peakKb / 1000)
}

try {
  fleks('db', 'start')
  await fillLedger(locate(dataDir).url, {entries: ENTRIES, clients: CLIENTS})
  const {url} = locate(dataDir)
  const timings = await interleaved(
    [
      {name: 'psql copy entry to stdout', command: 'psql', args: ['-q', url, '-c', 'copy entry to stdout']},
      {name: 'fleks verify', command: node, args: ['bin/run.js', 'verify'], env},
    ],
    ROUNDS,
  )
  report(timings, {title: `${ENTRIES} entries verified`, limits: {'fleks verify': atMost(3)}})
  for (const args of [['verify'], ['verify', '--checkpoint', '--json']]) {
    const peak = await peakMemoryMb(...args)
    const verdict =
      peak === null
        ? 'not measured'
        : `${peak} MB, at most ${MEMORY_MAX_MB}: ${peak <= MEMORY_MAX_MB ? 'kept' : 'MISSED'}`
    process.stdout.write(`fleks ${args.join(' ')}: ${verdict}\n`)
  }
} finally {
  fleks('db', 'stop')
  rmSync(folder, {recursive: true, force: true})
}
