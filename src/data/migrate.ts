/** Brings a database to the schema of this program: plain SQL files, forward only, checksummed. */

import {createHash} from 'node:crypto'
import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
// Plain pg, not Slonik: Slonik refuses a query of several statements, and a migration is one.
import type pg from 'pg'
import {Refusal} from '../core/refusal.ts'
import {codeOf} from './failure.ts'
import {schemaRefusal} from './schema-version.ts'
import {openPrimary} from './server-search.ts'

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

export interface Migrated {
  readonly applied: readonly Migration[]
  /** What the server did not let us do about the roles, as sentences; everything else is done. */
  readonly notDone: readonly string[]
}

/** Applies the migrations of a folder and sets the rights of the roles (its roles.sql). Refused as `migrate`. */
export async function bringUpToDate(url: string, folder: string): Promise<Migrated> {
  const [migrations, roles] = await Promise.all([readMigrations(folder), readFile(join(folder, 'roles.sql'), 'utf8')])
  const notDone: string[] = []
  const applied = await migrate(url, migrations, {roles, onWarning: (text) => notDone.push(text)})
  return {applied, notDone}
}

/** SQL that sets the rights anew each time, after the migrations. */
interface Rights {
  readonly roles: string
  readonly onWarning: (text: string) => void
}

/**
 * Applies what is missing and returns it: all of it with the rights on it, or nothing, so that nobody finds a table
 * that its role may not read yet. Safe to run from several places at once. Refused (SCHEMA_OUTDATED): a migration that
 * was edited after it was applied, and a database that a newer program has migrated.
 */
export async function migrate(
  url: string,
  migrations: readonly Migration[],
  rights: Rights | null = null,
): Promise<readonly Migration[]> {
  return withClient(url, async (client) => {
    if (await isCurrentAndForeign(client, migrations)) {
      rights?.onWarning('this database user may not change the schema, so the rights stay as they are')
      return []
    }
    await client.query('begin')
    try {
      const applied = await applyMissing(client, migrations)
      if (rights !== null) await setRights(client, rights)
      await client.query('commit')
      return applied
    } catch (error) {
      await client.query('rollback').catch(() => {})
      // 3F000: without a right to any schema there is none to make a table in.
      throw ['42501', '3F000'].includes(codeOf(error) ?? '') ? notAllowed(error) : error
    }
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
  const client = await openPrimary(url, {application_name: 'fleks migrate', connectionTimeoutMillis: 10_000})
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Nothing is missing, and this user could not mend it: a desk that runs `db migrate` to be sure is not refused. */
async function isCurrentAndForeign(client: pg.Client, migrations: readonly Migration[]): Promise<boolean> {
  const {rows} = await client.query<{foreign: boolean}>(`
    select to_regclass('migration') is not null and not has_schema_privilege(current_schema(), 'create') as foreign`)
  if (rows[0]?.foreign !== true) return false
  const applied = await appliedRows(client)
  refuseForeign(applied, migrations)
  return migrations.every(({version}) => applied.some((row) => row.version === version))
}

function notAllowed(cause: unknown): Refusal {
  return new Refusal('DATABASE_UNAVAILABLE', 'The database user may not change the schema', {
    hint: 'Run it as the owner of the database',
    cause,
  })
}

/** Looks under the lock, which goes with the transaction: another migrator may have been quicker. */
async function applyMissing(client: pg.Client, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  await client.query(`select pg_advisory_xact_lock(${MIGRATOR_LOCK})`)
  await client.query(`
    create table if not exists migration (
      version integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`)
  const rows = await appliedRows(client)
  refuseForeign(rows, migrations)
  const missing = migrations.filter((migration) => !rows.some(({version}) => version === migration.version))
  for (const {version, name, checksum, text} of missing) {
    await client.query(text)
    await client.query('insert into migration (version, name, checksum) values ($1, $2, $3)', [version, name, checksum])
  }
  return missing
}

async function setRights(client: pg.Client, {roles, onWarning}: Rights): Promise<void> {
  const listen = ({
    severity,
    message,
  }: {
    readonly severity?: string | undefined
    readonly message?: string | undefined
  }) => {
    if (severity === 'WARNING' && message !== undefined) onWarning(message)
  }
  client.on('notice', listen)
  await client.query(roles)
  client.off('notice', listen)
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
