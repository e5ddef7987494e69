/** Brings a command to its ledger: the database that is configured, or the embedded one, started when needed. */

import {randomBytes} from 'node:crypto'
import {join} from 'node:path'
import {Refusal} from '../core/refusal.ts'
import {codeOf, isConnectionLoss, isUnreachable} from '../data/failure.ts'
import type {Ledger, RetryReason} from '../data/ledger.ts'
import {openPool} from '../data/pool.ts'
import {locate, type ServerLocation} from '../server/location.ts'
import {type Environment, readEnvironment} from './environment.ts'
import {packageRoot} from './package-root.ts'

export interface ConnectOptions {
  /** Whether a standby may answer where there is no primary; what it tells may be old. */
  readonly staleOk?: boolean
  /** How many connections the work needs at once. */
  readonly connections?: number
  /** How long one that is not used is kept; left out, to the end. */
  readonly idleMs?: number
  /** Whether the ledger has a lookout. */
  readonly lookout?: boolean
}

/** Runs `work` on the ledger; a client that is not found is answered with the nearest ones. */
export async function withLedger<T>(
  work: (ledger: Ledger) => Promise<T>,
  environment: Environment = readEnvironment(),
  options: ConnectOptions = {},
): Promise<T> {
  const url = environment.databaseUrl.value
  if (url === null) return withEmbedded(environment, work, {...options, staleOk: false})
  return run(url, environment, work, options)
}

/** The same on a database that is there for sure. */
export async function withLedgerAt<T>(url: string, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  return run(url, readEnvironment(), work)
}

/** The same with every right: to rebuild a ledger is to say when things were recorded. */
export async function withOwnedLedger<T>(work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const environment = readEnvironment()
  const url = environment.databaseUrl.value ?? (await startEmbedded(environment)).superuserUrl
  return run(url, environment, work)
}

export function migrationsFolder(): string {
  return join(packageRoot(), 'migrations')
}

/**
 * First as if the server ran and its schema were current, because nearly always both are true; what is missing is
 * mended and the work begun anew. Neither failure can have written anything.
 */
async function withEmbedded<T>(
  environment: Environment,
  work: (ledger: Ledger) => Promise<T>,
  options: ConnectOptions,
): Promise<T> {
  let location = locate(environment.dataDir.value)
  for (let attempt = 0; ; attempt++) {
    try {
      return await run(location.url, environment, work, {...options, beforeReconnecting: () => revive(environment)})
    } catch (error) {
      // Started, then migrated.
      if (attempt > 1) throw error
      if (isNotRunning(error)) location = await startAgain(environment)
      else if (isOldSchema(error)) await (await embeddedSchema()).migrateNow(location, migrationsFolder())
      else throw error
    }
  }
}

/** Starts the server of the data directory unless it runs, and brings its schema and rights up to date. */
export async function startEmbedded(environment: Environment): Promise<ServerLocation> {
  const location = await startServer(environment)
  await (await embeddedSchema()).migrateNow(location, migrationsFolder())
  return location
}

/** The same in less time where these migrations were applied before. */
async function startAgain(environment: Environment): Promise<ServerLocation> {
  const location = await startServer(environment)
  await (await embeddedSchema()).migrateOnceEach(location, migrationsFolder())
  return location
}

async function startServer(environment: Environment): Promise<ServerLocation> {
  const {ensureServer} = await import('../server/start.ts')
  return ensureServer(locate(environment.dataDir.value), {onProgress: process.stderr.isTTY ? tell : () => {}})
}

function embeddedSchema() {
  return import('./embedded-schema.ts')
}

/** A server that died under a command is started by that command: nobody else may come by while it waits. */
async function revive(environment: Environment): Promise<void> {
  const {ensureServer} = await import('../server/start.ts')
  // Where that fails, the next try tells why.
  await ensureServer(locate(environment.dataDir.value)).catch(() => {})
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** There is no socket, or nobody behind it, or a server that is starting or stopping at this moment. */
function isNotRunning(error: unknown): boolean {
  const code = codeOf(error)
  if (isUnreachable(error)) return true
  return isConnectionLoss(error) && (code === null || ['ECONNRESET', '57P03', '57P01'].includes(code))
}

function isOldSchema(error: unknown): boolean {
  if (!(error instanceof Refusal) || error.code !== 'SCHEMA_OUTDATED') return false
  const {found, needed} = error.details ?? {}
  return found === null || Number(found) < Number(needed)
}

const LOOKOUT_IDLE_MS = 1_000

interface RunOptions extends ConnectOptions {
  readonly beforeReconnecting?: () => Promise<void>
}

async function run<T>(
  url: string,
  environment: Environment,
  work: (ledger: Ledger) => Promise<T>,
  {staleOk = false, beforeReconnecting = async () => {}, lookout = false, ...options}: RunOptions = {},
): Promise<T> {
  const pool = await openPool(url, staleOk ? {...options, onStale: tellStale} : options)
  const beside = lookout ? await openPool(url, {idleMs: LOOKOUT_IDLE_MS}) : null
  const ledger: Ledger = {
    pool,
    ...(beside === null ? {} : {lookout: beside}),
    operator: environment.operator.value,
    now: () => new Date(),
    randomBytes: (count) => randomBytes(count),
    onRetry: async (attempt, waitMs, reason) => {
      if (process.stderr.isTTY) tellRetry(attempt, waitMs, reason)
      if (reason === 'lost') await beforeReconnecting()
    },
  }
  try {
    return await work(ledger)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'CLIENT_NOT_FOUND') throw await withNearest(ledger, error)
    throw error
  } finally {
    await pool.end()
    await beside?.end()
  }
}

function tellStale(): void {
  tell('No primary server answers; this is from a standby, which may lack the newest entries')
}

function tellRetry(attempt: number, waitMs: number, reason: RetryReason): void {
  const what = reason === 'lost' ? 'The database went away' : 'Another command was in the way'
  tell(`${what}; trying again in ${waitMs / 1000} s (attempt ${attempt})`)
}

async function withNearest(ledger: Ledger, refusal: Refusal): Promise<Refusal> {
  const {nearestClients} = await import('../data/nearest-clients.ts')
  return nearestClients(ledger, refusal)
}
