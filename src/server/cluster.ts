/** Makes the database cluster: initdb beside its place, moved there when it is whole and on the disk. */

import {spawnSync} from 'node:child_process'
import {
  appendFileSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {basename, join} from 'node:path'
import {ROLE_NAMES} from '../core/role.ts'
import type {Binaries} from './binaries.ts'
import type {Identity} from './identity.ts'
import {DATABASE, type ServerLocation} from './location.ts'
import {serverFailed, unavailable} from './unavailable.ts'

/** Durability is PostgreSQL's default and stays on; the rest suits a small machine that does other work too. */
const SETTINGS = `
# Written by fleks.
listen_addresses = ''
fsync = on
synchronous_commit = on
full_page_writes = on
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
max_connections = 100
jit = off
`

const {superuser, owner, desk, reader} = ROLE_NAMES

/** Whoever gets into the socket's directory (mode 0700) is the owner of the data or root; nobody else asks. */
const ADMISSION = `# Written by fleks.
# TYPE  DATABASE  USER  METHOD
local   all       ${[superuser, owner, desk, reader].join(',')}  trust
`

const INITDB_LIMIT_MS = 60_000

/** Makes the cluster unless it is there. Refused: one that another major version of PostgreSQL has made. */
export function ensureCluster(location: ServerLocation, binaries: Binaries, identity: Identity | null): void {
  if (!existsSync(join(location.clusterDir, 'PG_VERSION'))) {
    makeCluster(location, binaries, identity)
    return
  }
  const made = readFileSync(join(location.clusterDir, 'PG_VERSION'), 'utf8').trim()
  if (made === binaries.majorVersion) return
  throw unavailable(
    `The data directory ${location.dataDir} was made by PostgreSQL ${made}, this fleks brings ${binaries.majorVersion}`,
    'Use the fleks that made it, and move the data with its backup',
  )
}

function makeCluster(location: ServerLocation, binaries: Binaries, identity: Identity | null): void {
  removeUnfinished(location)
  const unfinished = `${location.clusterDir}.${process.pid}.new`
  mkdirSync(unfinished, {mode: 0o700})
  if (identity !== null) chownSync(unfinished, identity.uid, identity.gid)
  const run = (program: string, args: readonly string[], input = '') =>
    runProgram(join(binaries.folder, 'bin', program), args, input, location, identity)
  run('initdb', [
    `--pgdata=${unfinished}`,
    `--username=${superuser}`,
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ])
  appendFileSync(join(unfinished, 'postgresql.conf'), SETTINGS)
  writeFileSync(join(unfinished, 'pg_hba.conf'), ADMISSION)
  // Before anyone can see the server, so that nobody finds it without the database or a role.
  const logins = [owner, desk, reader].map((role) => `create role ${role} login\n`)
  // Without fsync (-F): what it writes is synced with the rest, one line below.
  run('postgres', ['--single', '-F', '-D', unfinished, 'postgres'], `create database ${DATABASE}\n${logins.join('')}`)
  run('initdb', [`--pgdata=${unfinished}`, '--sync-only'])
  renameSync(unfinished, location.clusterDir)
  syncDirectory(location.baseDir)
}

/**
 * What a killed command left. Nobody else makes a cluster meanwhile: the caller has the turn. Its initdb may have
 * outlived it and still be writing, hence the retries. A whole cluster was renamed into place, so a directory there
 * that is none is not ours to remove.
 */
function removeUnfinished({baseDir, clusterDir}: ServerLocation): void {
  for (const name of readdirSync(baseDir)) {
    if (name.startsWith(`${basename(clusterDir)}.`) && name.endsWith('.new'))
      rmSync(join(baseDir, name), {recursive: true, force: true, maxRetries: 10, retryDelay: 100})
  }
  if (!existsSync(clusterDir)) return
  if (readdirSync(clusterDir).length > 0) {
    throw unavailable(
      `${clusterDir} holds something that is not a PostgreSQL cluster`,
      'Look what it is, and move it away; fleks never deletes data',
    )
  }
  rmdirSync(clusterDir)
}

function runProgram(
  program: string,
  args: readonly string[],
  input: string,
  location: ServerLocation,
  identity: Identity | null,
): void {
  const {status, error, stdout, stderr} = spawnSync(program, args, {
    cwd: '/',
    env: serverEnvironment(location),
    input,
    timeout: INITDB_LIMIT_MS,
    ...(identity ?? {}),
  })
  if (status === 0) return
  appendFileSync(location.logFile, `${stdout ?? ''}${stderr ?? ''}`)
  throw serverFailed(`could not be set up (${basename(program)})`, location, error)
}

/** Nothing of the user's environment reaches the server. */
export function serverEnvironment({baseDir}: ServerLocation): NodeJS.ProcessEnv {
  return {HOME: baseDir, LC_ALL: 'C', PATH: '/usr/bin:/bin', TZ: 'UTC'}
}

function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
