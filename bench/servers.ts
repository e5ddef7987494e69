/** An embedded server in a temporary folder for the length of a benchmark, and databases on it. */

import {chmodSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import pg from 'pg'
import {connectionConfig} from '../src/data/driver.ts'
import {migrate, readMigrations} from '../src/data/migrate.ts'
import {locate, serverUrl} from '../src/server/location.ts'
import {ensureServer} from '../src/server/start.ts'
import {stopServer} from '../src/server/stop.ts'

export interface BenchServer {
  readonly folder: string
  /** Makes a migrated database and gives its URL. */
  readonly database: (name: string) => Promise<string>
  readonly stop: () => Promise<void>
}

export async function benchServer(): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'fleks-bench-'))
  chmodSync(folder, 0o711)
  const location = await ensureServer(locate(join(folder, 'data')))
  return {
    folder,
    database: async (name) => {
      await runSql(serverUrl(location, 'fleks', 'postgres'), `create database ${name}`)
      const url = serverUrl(location, 'fleks', name)
      await migrate(url, await readMigrations('migrations'))
      return url
    },
    stop: async () => {
      await stopServer(location)
      rmSync(folder, {recursive: true, force: true})
    },
  }
}

/** Runs statements on a connection of their own. */
export async function runSql(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(connectionConfig(url))
  await client.connect()
  try {
    const result: pg.QueryResult | pg.QueryResult[] = await client.query(text)
    return Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows
  } finally {
    await client.end()
  }
}
