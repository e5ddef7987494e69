/** What there is to know about the configured database, without starting or changing it. */

import {databaseRefusal} from '../data/failure.ts'
import {migrationStates, readMigrations} from '../data/migrate.ts'
import {openPool} from '../data/pool.ts'
import {readServerVersion} from '../data/server-version.ts'
import {locate} from '../server/location.ts'
import {serverStatus} from '../server/status.ts'
import {migrationsFolder} from './connect.ts'
import {type Environment, redactedUrl} from './environment.ts'

/** The shape of `fleks db status --json`. */
export async function databaseState(environment: Environment) {
  const {value: url, source} = environment.databaseUrl
  if (url !== null) {
    const whereabouts = {dataDir: null, pid: null, logFile: null}
    return {kind: 'external' as const, url: redactedUrl(url), source, ...whereabouts, ...(await ask(url))}
  }
  const location = locate(environment.dataDir.value)
  const {running, pid, dataDir, logFile} = await serverStatus(location)
  const answer = running ? await ask(location.superuserUrl) : SILENT
  return {
    kind: 'embedded' as const,
    url: location.url,
    source: environment.dataDir.source,
    dataDir,
    pid,
    logFile,
    ...answer,
  }
}

interface Answer {
  readonly running: boolean
  readonly serverVersion: string | null
  readonly migrations: readonly {readonly name: string; readonly appliedAt: string | null}[]
}

const SILENT: Answer = {running: false, serverVersion: null, migrations: []}

async function ask(url: string): Promise<Answer> {
  try {
    const states = await migrationStates(url, await readMigrations(migrationsFolder()))
    const migrations = states.map(({migration, appliedAt}) => ({name: migration.name, appliedAt}))
    const current = migrations.every(({appliedAt}) => appliedAt !== null)
    return {running: true, serverVersion: current ? await versionOf(url) : null, migrations}
  } catch (error) {
    if (databaseRefusal(error)?.code !== 'DATABASE_UNAVAILABLE') throw error
    return SILENT
  }
}

async function versionOf(url: string): Promise<string> {
  const pool = await openPool(url)
  try {
    return await readServerVersion(pool)
  } finally {
    await pool.end()
  }
}
