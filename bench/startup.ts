/** What starting the program costs, as ratios to a hand-written script and to an empty Node process. */

import {spawnSync} from 'node:child_process'
import {chmodSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {locate} from '../src/server/location.ts'
import {interleaved, timingTable} from './interleave.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 21)
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

try {
  fleks('client', 'add', 'Anna Petrova')
  fleks('staff', 'add', 'Ina')
  fleks('topup', '1', '100000')
  const server = {FLEKS_DATABASE_URL: locate(dataDir).url}
  const posting = interleaved(
    [
      {name: 'node + pg by hand', command: node, args: ['bench/floor.cjs', '1', '1', 'Ina'], env: server},
      {
        name: 'fleks pay --json',
        command: node,
        args: ['bin/run.js', 'pay', '1', '0.01', '--staff', 'Ina', '--json'],
        env,
      },
      {name: 'fleks topup --json', command: node, args: ['bin/run.js', 'topup', '1', '0.01', '--json'], env},
      {name: 'fleks balance --json', command: node, args: ['bin/run.js', 'balance', '1', '--json'], env},
      {
        name: 'fleks client search --json',
        command: node,
        args: ['bin/run.js', 'client', 'search', 'petr', '--json'],
        env,
      },
      {
        name: 'fleks pay',
        command: node,
        args: ['bin/run.js', 'pay', '1', '0.01', '--staff', 'Ina'],
        env: {...env, FORCE_COLOR: '1'},
      },
    ],
    ROUNDS,
  )
  process.stdout.write(
    timingTable(posting, {
      'fleks pay --json': 1.6,
      'fleks topup --json': 1.6,
      'fleks balance --json': 1.6,
      'fleks client search --json': 1.6,
      'fleks pay': 1.8,
    }),
  )
  const starting = interleaved(
    [
      {name: 'empty Node process', command: node, args: ['-e', '']},
      {name: 'fleks --version', command: node, args: ['bin/run.js', '--version'], env},
      {name: 'fleks --help', command: node, args: ['bin/run.js', '--help'], env},
    ],
    ROUNDS,
  )
  process.stdout.write(timingTable(starting, {'fleks --version': 1.7, 'fleks --help': 1.7}))
} finally {
  fleks('db', 'stop')
  rmSync(folder, {recursive: true, force: true})
}
