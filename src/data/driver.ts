/** Slonik's driver over pg: no catalogue query at the start, and statements that can go together go together. */

import pg from 'pg'
import {parse} from 'pg-connection-string'
import {createDriverFactory, type DriverCommand, type DriverFactory} from 'slonik'
import {Refusal} from '../core/refusal.ts'
import {copyOut} from './copy-out.ts'
import {schemaRefusal} from './schema-version.ts'
import {columnParser} from './types.ts'

export interface DriverOptions {
  /** A libpq connection URL. */
  readonly url: string
  /** The longest that one statement, or the pause between two of a transaction, may take, in milliseconds. */
  readonly transactionLimitMs: number
  /** How long to wait for the server to answer a connection, in milliseconds. */
  readonly connectLimitMs: number
}

const VERSION_QUERY = 'select max(version) as version from migration'

/**
 * Round trips are what a posting costs on a distant server. Slonik awaits each statement, so two are sent ahead of
 * the one that follows them, in the same flight: the look at the schema's version (once per connection) and
 * START TRANSACTION. Limits are set with `set local`, the only kind that PgBouncer's transaction mode keeps apart.
 */
export function driverFactory(options: DriverOptions): DriverFactory {
  return createDriverFactory(async () => ({
    createPoolClient: async ({clientEventEmitter}) => {
      const client = new pg.Client(clientConfig(options))
      const begin = beginText(options.transactionLimitMs)
      let version: Promise<Refusal | null> | null = null
      let beginPending = false
      let broken = false
      let active = 0

      client.on('error', (error) => {
        broken = true
        // While a query runs, pg rejects that query itself; the pool only needs to hear of a loss in between, and
        // once it has let the connection go it does not listen any more.
        if (active === 0 && clientEventEmitter.listenerCount('error') > 0) clientEventEmitter.emit('error', error)
      })
      client.on('notice', ({message}) => {
        if (message !== undefined) clientEventEmitter.emit('notice', {message})
      })

      async function send(text: string, values: unknown[] | undefined) {
        version ??= client.query(VERSION_QUERY).then(
          (result) => schemaRefusal(result.rows[0]?.version ?? null),
          (error) => schemaRefusalOf(error),
        )
        if (beginPending) {
          beginPending = false
          client.query(begin).catch(() => {})
        }
        const sent = client.query(values === undefined || values.length === 0 ? {text} : {text, values})
        const [refusal, outcome] = await Promise.all([version, settle(sent)])
        if (refusal !== null) throw refusal
        if ('error' in outcome) throw outcome.error
        const {value} = outcome
        if (text === 'COMMIT' && value.command !== 'COMMIT')
          throw new Error('The transaction was rolled back at COMMIT')
        return value
      }

      return {
        connect: () => client.connect().then(() => {}),
        end: async () => {
          // The server notices by itself; nobody should wait for its goodbye.
          void client.end().catch(() => {})
        },
        query: async (text, values) => {
          if (text === 'START TRANSACTION') {
            beginPending = true
            return nothing('SELECT')
          }
          if (beginPending && (text === 'COMMIT' || text === 'ROLLBACK')) {
            beginPending = false
            return nothing('SELECT')
          }
          // Rolling back on a lost connection would hide the error that lost it.
          if (broken && text === 'ROLLBACK') return nothing('SELECT')
          active++
          try {
            const {command, fields, rowCount, rows} = await send(text, values)
            return {
              command: command as DriverCommand,
              fields: fields.map(({dataTypeID, name}) => ({dataTypeId: dataTypeID, name})),
              rowCount,
              rows,
            }
          } finally {
            active--
          }
        },
        // Only inside a transaction and after its first statement, which the schema's version was looked at with.
        stream: (text) => {
          if (beginPending) throw new Error('A stream cannot be the first of a transaction')
          return copyOut(client, text, () => {
            broken = true
          })
        },
      }
    },
  }))
}

function clientConfig({url, connectLimitMs}: DriverOptions): pg.ClientConfig {
  return {
    ...connectionConfig(url),
    application_name: 'fleks',
    connectionTimeoutMillis: connectLimitMs,
    keepAlive: true,
    pipeline: true,
    types: {getTypeParser: columnParser as typeof pg.types.getTypeParser},
  } as pg.ClientConfig
}

/** What pg needs of a libpq URL, with `sslmode` read as libpq documents it. */
export function connectionConfig(url: string): pg.ClientConfig {
  try {
    return parse(url, {useLibpqCompat: true}) as object as pg.ClientConfig
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal('INVALID_CONFIG', 'The database URL cannot be read', {
      hint: 'It looks like: postgresql://user:password@host:5432/database',
    })
  }
}

function beginText(limitMs: number): string {
  return `begin; set local statement_timeout = ${limitMs}; set local idle_in_transaction_session_timeout = ${limitMs}`
}

function schemaRefusalOf(error: unknown): Refusal | null {
  // 42P01: there is no table `migration`, so this database was never migrated. Anything else the query itself meets too.
  return error instanceof Error && 'code' in error && error.code === '42P01' ? schemaRefusal(null) : null
}

async function settle<T>(promise: Promise<T>): Promise<{value: T} | {error: unknown}> {
  try {
    return {value: await promise}
  } catch (error) {
    return {error}
  }
}

function nothing(command: DriverCommand) {
  return {command, fields: [], rowCount: 0, rows: []}
}
