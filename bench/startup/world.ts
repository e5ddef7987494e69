/** What the start-up benchmarks share: an embedded server with a client, and how the program is run on it. */

import {spawnSync} from 'node:child_process'
import {chmodSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {locate, type ServerLocation} from '../../src/server/location.ts'
import type {Subject} from '../interleave.ts'

export const ROUNDS = Number(process.env.ROUNDS ?? 21)
/** For what takes a second or more. */
export const SLOW_ROUNDS = Number(process.env.SLOW_ROUNDS ?? 15)
export const NODE = process.execPath

export interface World {
  readonly folder: string
  readonly location: ServerLocation
  readonly env: NodeJS.ProcessEnv
}

/** A ledger with clients 1 to 8 who can pay, and Ina who serves them. */
export async function withWorld(work: (world: World) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fleks-bench-'))
  chmodSync(folder, 0o711)
  const dataDir = join(folder, 'data')
  const env = {FLEKS_DATA_DIR: dataDir, XDG_CACHE_HOME: join(folder, 'cache'), FLEKS_DATABASE_URL: ''}
  try {
    for (const name of ['Anna Petrova', 'Bela', 'Cem', 'Dana', 'Elif', 'Farid', 'Gunel', 'Hana']) {
      fleks(env, 'client', 'add', name)
    }
    fleks(env, 'staff', 'add', 'Ina')
    for (let client = 1; client <= 8; client++) fleks(env, 'topup', String(client), '100000')
    await work({folder, location: locate(dataDir), env})
  } finally {
    fleks(env, 'db', 'stop')
    rmSync(folder, {recursive: true, force: true})
  }
}

export function fleks(env: NodeJS.ProcessEnv, ...args: readonly string[]): void {
  const {status, stderr} = spawnSync(NODE, ['bin/run.js', ...args], {
    env: {...process.env, ...env},
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (status !== 0) throw new Error(`fleks ${args.join(' ')}: ${stderr}`)
}

/** The program as a process. */
export function program({env}: World, ...args: readonly string[]): Subject {
  return {name: `fleks ${args.join(' ')}`, command: NODE, args: ['bin/run.js', ...args], env}
}

export const PAY = ['pay', '1', '0.01', '--staff', 'Ina'] as const

/** The floor: the same posting by a script of node and pg. */
export function byHand({location}: World): Subject {
  return {
    name: 'node + pg by hand',
    command: NODE,
    args: ['bench/floor.cjs', '1', '1', 'Ina'],
    env: {FLEKS_DATABASE_URL: location.url},
  }
}

/** Says what is left out on this machine, and why: never in silence. */
export function tellSkipped(what: string, why: string): void {
  process.stdout.write(`${what}\n  NOT MEASURED: ${why}\n\n`)
}
