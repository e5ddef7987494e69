/** What the scripts share that run the suites of test/data and test/cli on a server of their choice. */

import {type SpawnOptions, spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {chmodSync, chownSync, existsSync, globSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {connect} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {serverIdentity} from '../src/server/identity.ts'

export const SUITES = ['test/data/**/*.test.ts', 'test/cli/**/*.test.ts']
const TRIES = 1_000

/** The servers and poolers do not run as root; null where we are nobody special. */
export const identity = serverIdentity('/nowhere')

/** A folder of the user that the servers run as; removed at the end. */
export async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fleks-suites-'))
  // Long and busy paths fit badly into a socket's name, so what runs lives right below.
  if (identity !== null) chownSync(folder, identity.uid, identity.gid)
  chmodSync(folder, 0o711)
  try {
    await work(folder)
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

export function ownDirectory(path: string): string {
  mkdirSync(path, {mode: 0o700})
  if (identity !== null) chownSync(path, identity.uid, identity.gid)
  return path
}

/** How a program is run as that user. */
export function asServerUser(): SpawnOptions {
  return {cwd: '/', env: {LC_ALL: 'C', PATH: process.env.PATH, TZ: 'UTC'}, ...(identity ?? {})}
}

/** Runs `work` while a program runs that listens on `.s.PGSQL.5432` in `socketDir`. */
export async function whileRunning(
  program: string,
  args: readonly string[],
  socketDir: string,
  work: () => Promise<void>,
): Promise<void> {
  const child = spawn(program, args, {...asServerUser(), stdio: ['ignore', 'ignore', 'ignore']})
  const gone = once(child, 'exit')
  try {
    await untilListening(join(socketDir, '.s.PGSQL.5432'))
    await work()
  } finally {
    child.kill('SIGINT')
    await gone
  }
}

async function untilListening(path: string): Promise<void> {
  for (let tried = 0; tried < TRIES; tried++) {
    if (existsSync(path) && (await answers(path))) return
    await sleep(10)
  }
  throw new Error(`Nothing listens on ${path}`)
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** A libpq URL of a socket's directory. */
export function socketUrl(user: string, socketDir: string, database = 'postgres'): string {
  return `postgresql://${user}@${encodeURIComponent(socketDir)}:5432/${database}`
}

/** Runs mocha on these suites, or of them on the files that were named; a red one makes our exit code 1. */
export async function runSuites(env: Readonly<Record<string, string>>, suites: readonly string[] = SUITES) {
  const named = process.argv.slice(2).flatMap((pattern) => globSync(pattern))
  const all = suites.flatMap((pattern) => globSync(pattern))
  const files = named.length === 0 ? all : all.filter((file) => named.includes(file))
  if (files.length === 0) return
  const child = spawn('mocha', files, {stdio: 'inherit', env: {...process.env, ...env}})
  const [code] = await once(child, 'exit')
  if (code !== 0) process.exitCode = 1
}

/** Ends the script where a program is missing; CI installs it. */
export function need(program: string, hint: string): void {
  if (spawnSync(program, ['--version'], {stdio: 'ignore'}).status === 0) return
  process.stderr.write(`${program} is not installed. ${hint}\n`)
  process.exit(1)
}
