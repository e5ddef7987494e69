/** A fresh database per test: a copy of a template that was migrated once per run. */

import {randomBytes} from 'node:crypto'
import {fileURLToPath} from 'node:url'
import pg from 'pg'
import type {DatabasePool} from 'slonik'
import {ROLE_NAMES} from '../../src/core/role.ts'
import {connectionConfig} from '../../src/data/driver.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {bringUpToDate} from '../../src/data/migrate.ts'
import {openPool} from '../../src/data/pool.ts'
import {asSuperuser, testServer} from './server.ts'

export const MIGRATIONS = fileURLToPath(new URL('../../migrations/', import.meta.url))

const TEMPLATE = `fleks_template_${process.pid}`
let template: Promise<void> | null = null
const prepared: string[] = []
let count = 0

export interface TestDatabase {
  /** For the desk, as commands connect. */
  readonly url: string
  readonly superuserUrl: string
  readonly pool: DatabasePool
  readonly ledger: Ledger
  /** Plain SQL by a superuser on a connection of its own, as an intruder would. */
  readonly sql: (text: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>
}

/** Runs `work` on a migrated database of its own; `connections` is how many the program may open. */
export async function withTestDatabase<T>(work: (database: TestDatabase) => Promise<T>, connections = 4): Promise<T> {
  template ??= buildTemplate()
  await template
  return withDatabaseFrom(TEMPLATE, (await testServer()).deskUrl, work, connections)
}

/** Runs work on copies of a database that was migrated and then prepared once. */
export function databasesLike(prepare: (database: TestDatabase) => Promise<void>) {
  let ready: Promise<string> | null = null
  return async <T>(work: (database: TestDatabase) => Promise<T>): Promise<T> => {
    ready ??= buildPrepared(prepare)
    return withDatabaseFrom(await ready, (await testServer()).deskUrl, work, 4)
  }
}

async function buildPrepared(prepare: (database: TestDatabase) => Promise<void>): Promise<string> {
  const name = `${TEMPLATE}_${prepared.length + 1}`
  prepared.push(name)
  await withTestDatabase(async (database) => {
    await prepare(database)
    await database.pool.end()
    const source = new URL(database.url).pathname.slice(1)
    // A pooler keeps its connections, and a database in use cannot be copied.
    await administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${source}'`)
    await administer(`create database ${name} template ${source}`)
  })
  return name
}

/** Runs `work` on a database with nothing in it, as the superuser. */
export async function withEmptyDatabase<T>(work: (database: TestDatabase) => Promise<T>): Promise<T> {
  return withDatabaseFrom('template0', (await testServer()).superuserUrl, work, 4)
}

async function withDatabaseFrom<T>(
  source: string,
  urlOf: (name: string) => string,
  work: (database: TestDatabase) => Promise<T>,
  connections: number,
): Promise<T> {
  const name = `fleks_test_${process.pid}_${++count}`
  await administer(`create database ${name} template ${source}`)
  const url = urlOf(name)
  const superuserUrl = asSuperuser(url)
  const pool = await openPool(url, {connections})
  const ledger = {pool, operator: 'tester', now: () => new Date(), randomBytes: (length: number) => randomBytes(length)}
  try {
    return await work({url, superuserUrl, pool, ledger, sql: (text, values = []) => plainSql(url, text, values)})
  } finally {
    await pool.end()
    await administer(`drop database ${name} with (force)`)
  }
}

async function buildTemplate(): Promise<void> {
  await administer(`create database ${TEMPLATE} template template0`)
  const {notDone} = await bringUpToDate((await testServer()).superuserUrl(TEMPLATE), MIGRATIONS)
  if (notDone.length > 0) throw new Error(notDone.join('; '))
  await administer(
    `alter role ${ROLE_NAMES.owner} login; alter role ${ROLE_NAMES.desk} login; alter role ${ROLE_NAMES.reader} login`,
  )
}

export async function dropTemplate(): Promise<void> {
  for (const name of prepared) await administer(`drop database if exists ${name}`)
  if (template !== null) await administer(`drop database if exists ${TEMPLATE}`)
}

async function administer(text: string): Promise<void> {
  await plainSql((await testServer()).superuserUrl('postgres'), text, [])
}

/** One statement on a connection of its own, as the superuser whoever the URL is for. */
export async function plainSql(
  url: string,
  text: string,
  values: readonly unknown[],
): Promise<readonly Record<string, unknown>[]> {
  return sqlAs(asSuperuser(url), text, values)
}

/** As `plainSql`, with the rights of the user that the URL names. */
export async function sqlAs(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(connectionConfig(url))
  await client.connect()
  try {
    // Without values it may be several statements, and then there are several results.
    const result: pg.QueryResult | pg.QueryResult[] = await client.query(
      text,
      values.length === 0 ? undefined : [...values],
    )
    return Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows
  } finally {
    await client.end()
  }
}
