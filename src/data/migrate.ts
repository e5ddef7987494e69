/** Brings a database to the schema of this program: plain SQL files, forward only, checksummed, one transaction each. */

import {createHash} from 'node:crypto'
import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
// Plain pg, not Slonik: Slonik refuses a query of several statements, and a migration is one.
import pg from 'pg'
import {Refusal} from '../core/refusal.ts'
import {connectionConfig} from './driver.ts'
import {schemaRefusal} from './schema-version.ts'

export interface Migration {
  readonly version: number
  readonly name: string
  readonly text: string
  /** SHA-256 of the text with Unix line ends, so that a checkout on Windows is the same migration. */
  readonly checksum: string
}

/** Any fixed number: two migrators on one database take turns on it. */
const MIGRATOR_LOCK = 7_305_191

/** The migrations in a folder, oldest first. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file)).sort()
  return Promise.all(
    files.map(async (file) => {
      const text = (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n')
      const checksum = createHash('sha256').update(text).digest('hex')
      return {version: Number(file.slice(0, 4)), name: file.slice(0, -'.sql'.length), text, checksum}
    }),
  )
}

/**
 * Applies what is missing and returns it. Safe to run from several places at once. Refused (SCHEMA_OUTDATED): a
 * migration that was edited after it was applied, and a database that a newer program has migrated.
 */
export async function migrate(url: string, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  return withClient(url, async (client) => {
    const applied: Migration[] = []
    for (const migration of migrations) {
      if (await applyOne(client, migration, migrations)) applied.push(migration)
    }
    return applied
  })
}

export interface MigrationState {
  readonly migration: Pick<Migration, 'version' | 'name'>
  /** RFC 3339; null while it is not applied. */
  readonly appliedAt: string | null
}

/** What is applied and what is missing; refused as in `migrate`. */
export async function migrationStates(
  url: string,
  migrations: readonly Migration[],
): Promise<readonly MigrationState[]> {
  return withClient(url, async (client) => {
    const known = await client.query("select to_regclass('migration') is not null as known")
    const rows = known.rows[0].known === true ? await appliedRows(client) : []
    refuseForeign(rows, migrations)
    return migrations.map((migration) => ({
      migration: {version: migration.version, name: migration.name},
      appliedAt: rows.find(({version}) => version === migration.version)?.appliedAt.toISOString() ?? null,
    }))
  })
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    ...connectionConfig(url),
    application_name: 'fleks migrate',
    connectionTimeoutMillis: 10_000,
  })
  // A connection that is lost rejects the query that runs; without a listener it would also end the process.
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Looks again under the lock: another migrator may have been quicker. */
async function applyOne(client: pg.Client, migration: Migration, all: readonly Migration[]): Promise<boolean> {
  await client.query('begin')
  try {
    await client.query(`select pg_advisory_xact_lock(${MIGRATOR_LOCK})`)
    await client.query(`
      create table if not exists migration (
        version integer primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null default now()
      )`)
    const rows = await appliedRows(client)
    refuseForeign(rows, all)
    const missing = !rows.some(({version}) => version === migration.version)
    if (missing) {
      await client.query(migration.text)
      await client.query('insert into migration (version, name, checksum) values ($1, $2, $3)', [
        migration.version,
        migration.name,
        migration.checksum,
      ])
    }
    await client.query('commit')
    return missing
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

interface AppliedRow {
  readonly version: number
  readonly name: string
  readonly checksum: string
  readonly appliedAt: Date
}

async function appliedRows(client: pg.Client): Promise<readonly AppliedRow[]> {
  const {rows} = await client.query<AppliedRow>(
    'select version, name, checksum, applied_at as "appliedAt" from migration order by version',
  )
  return rows
}

function refuseForeign(rows: readonly AppliedRow[], migrations: readonly Migration[]): void {
  for (const row of rows) {
    const ours = migrations.find(({version}) => version === row.version)
    if (ours === undefined) {
      const refusal = schemaRefusal(row.version)
      if (refusal !== null) throw refusal
    } else if (ours.checksum !== row.checksum) {
      throw new Refusal(
        'SCHEMA_OUTDATED',
        `The migration ${ours.name} is not the one that made this database: it was edited`,
        {
          hint: 'Install an unchanged fleks: npm install -g fleks',
          details: {migration: ours.name, applied: row.checksum, found: ours.checksum},
        },
      )
    }
  }
}
