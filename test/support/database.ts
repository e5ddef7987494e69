/** A fresh database per test: a copy of a template that was migrated once per run. */

import {randomBytes} from 'node:crypto'
import {fileURLToPath} from 'node:url'
import pg from 'pg'
import type {DatabasePool} from 'slonik'
import {connectionConfig} from '../../src/data/driver.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {migrate, readMigrations} from '../../src/data/migrate.ts'
import {openPool} from '../../src/data/pool.ts'
import {testServer} from './server.ts'

export const MIGRATIONS = fileURLToPath(new URL('../../migrations/', import.meta.url))

const TEMPLATE = `fleks_template_${process.pid}`
let template: Promise<void> | null = null
const prepared: string[] = []
let count = 0

export interface TestDatabase {
  readonly url: string
  readonly pool: DatabasePool
  readonly ledger: Ledger
  /** Plain SQL by a superuser on a connection of its own, as an intruder would. */
  readonly sql: (text: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>
}

/** Runs `work` on a migrated database of its own; `connections` is how many the program may open. */
export async function withTestDatabase<T>(work: (database: TestDatabase) => Promise<T>, connections = 4): Promise<T> {
  template ??= buildTemplate()
  await template
  return withDatabaseFrom(TEMPLATE, work, connections)
}

/** Runs work on copies of a database that was migrated and then prepared once. */
export function databasesLike(prepare: (database: TestDatabase) => Promise<void>) {
  let ready: Promise<string> | null = null
  return async <T>(work: (database: TestDatabase) => Promise<T>): Promise<T> => {
    ready ??= buildPrepared(prepare)
    return withDatabaseFrom(await ready, work, 4)
  }
}

async function buildPrepared(prepare: (database: TestDatabase) => Promise<void>): Promise<string> {
  const name = `${TEMPLATE}_${prepared.length + 1}`
  prepared.push(name)
  await withTestDatabase(async (database) => {
    await prepare(database)
    await database.pool.end()
    await administer(`create database ${name} template ${new URL(database.url).pathname.slice(1)}`)
  })
  return name
}

/** Runs `work` on a database with nothing in it. */
export async function withEmptyDatabase<T>(work: (database: TestDatabase) => Promise<T>): Promise<T> {
  return withDatabaseFrom('template0', work, 4)
}

async function withDatabaseFrom<T>(
  source: string,
  work: (database: TestDatabase) => Promise<T>,
  connections: number,
): Promise<T> {
  const name = `fleks_test_${process.pid}_${++count}`
  await administer(`create database ${name} template ${source}`)
  const url = (await testServer()).databaseUrl(name)
  const pool = await openPool(url, {connections})
  const ledger = {pool, operator: 'tester', now: () => new Date(), randomBytes: (length: number) => randomBytes(length)}
  try {
    return await work({url, pool, ledger, sql: (text, values = []) => plainSql(url, text, values)})
  } finally {
    await pool.end()
    await administer(`drop database ${name} with (force)`)
  }
}

async function buildTemplate(): Promise<void> {
  await administer(`create database ${TEMPLATE} template template0`)
  await migrate((await testServer()).databaseUrl(TEMPLATE), await readMigrations(MIGRATIONS))
}

export async function dropTemplate(): Promise<void> {
  for (const name of prepared) await administer(`drop database if exists ${name}`)
  if (template !== null) await administer(`drop database if exists ${TEMPLATE}`)
}

async function administer(text: string): Promise<void> {
  await plainSql((await testServer()).databaseUrl('postgres'), text, [])
}

/** One statement on a connection of its own. */
export async function plainSql(
  url: string,
  text: string,
  values: readonly unknown[],
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
