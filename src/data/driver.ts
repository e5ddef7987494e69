/** Slonik's driver over pg: no catalogue query at the start, and statements that can go together go together. */

import type pg from 'pg'
import {createDriverFactory, type DriverCommand, type DriverFactory} from 'slonik'
import {Refusal} from '../core/refusal.ts'
import {abandon} from './connection.ts'
import {splitUrls} from './connection-url.ts'
import {copyOut} from './copy-out.ts'
import {schemaRefusal} from './schema-version.ts'
import {ServerSearch} from './server-search.ts'
import {columnParser} from './types.ts'

export {connectionConfig} from './connection-url.ts'

export interface DriverOptions {
  /** A libpq connection URL, or several with commas between them: the servers of one database, one of them its primary. */
  readonly url: string
  /** The longest that one statement, or the pause between two of a transaction, may take, in milliseconds. */
  readonly transactionLimitMs: number
  /** How long to wait for the server to answer a connection, in milliseconds. */
  readonly connectLimitMs: number
  /** Called where no primary answers and a standby may be read instead; null: then it is refused. */
  readonly onStale: (() => void) | null
}

const LOOK_QUERY = 'select max(version) as version, pg_is_in_recovery() as standby from migration'

/**
 * The SQLSTATE of the warning with which COMMIT gives up waiting for a synchronous standby, when somebody cancels it:
 * the entry is on the primary and would be lost with it. The text is translated, so only this tells it.
 */
const UNCONFIRMED = '01000'

/**
 * The server ends what takes too long and says so; only where not even that arrives, the connection is taken for dead.
 * Otherwise a wire that swallows everything would hold a command for the quarter of an hour that TCP allows it.
 */
const SILENCE_MS = 2_000

/** Some transactions may take their time, and take the server's limit off; then there is none here either. */
const TAKES_LIMIT_OFF = "set_config('statement_timeout', '0'"

/** What a connection has to be told once, before its first answer counts. */
interface Look {
  readonly refusal: Refusal | null
  readonly standby: boolean
}

/**
 * Round trips are what a posting costs on a distant server. Slonik awaits each statement, so two are sent ahead of
 * the one that follows them, in the same flight: a look at the server (once per connection: is the schema ours, is it
 * the primary) and START TRANSACTION. Limits are set with `set local`, the only kind that PgBouncer's transaction mode
 * keeps apart.
 */
export function driverFactory(options: DriverOptions): DriverFactory {
  const urls = splitUrls(options.url)
  const preferred = {at: 0}
  return createDriverFactory(async () => ({
    createPoolClient: async ({clientEventEmitter}) => {
      const search = new ServerSearch(urls, preferred, clientConfig(options, urls.length > 1))
      const begin = beginText(options.transactionLimitMs)
      let look: Promise<Look> | null = null
      let beginPending = false
      let broken = false
      let active = 0
      let committing = false
      /** How long an answer is waited for; null: as long as it takes. */
      let answerLimitMs: number | null = null
      let unconfirmed = false

      function watch(client: pg.Client): void {
        client.on('error', (error) => {
          if (client !== search.client) return
          broken = true
          // While a query runs, pg rejects that query itself; the pool only needs to hear of a loss in between, and
          // once it has let the connection go it does not listen any more.
          if (active === 0 && clientEventEmitter.listenerCount('error') > 0) clientEventEmitter.emit('error', error)
        })
        client.on('notice', ({message, severity, code}) => {
          if (committing && severity === 'WARNING' && code === UNCONFIRMED) unconfirmed = true
          if (message !== undefined) clientEventEmitter.emit('notice', {message})
        })
      }

      async function connect(): Promise<void> {
        watch(await search.first())
      }

      /** The server that answered is a standby: another one may be the primary, and this one all there is to read. */
      async function moveOn(): Promise<void> {
        const client = (await search.next()) ?? (options.onStale === null ? null : await search.standby())
        if (client === null) {
          broken = true
          throw standbyOnly()
        }
        look = null
        watch(client)
        if (search.isStale) options.onStale?.()
      }

      async function flight(text: string, values: unknown[] | undefined, begins: boolean) {
        const {client} = search
        look ??= client.query(LOOK_QUERY).then(
          ({rows: [row]}) => ({refusal: schemaRefusal(row?.version ?? null), standby: row?.standby === true}),
          (error) => ({refusal: schemaRefusalOf(error), standby: false}),
        )
        if (begins) client.query(begin).catch(() => {})
        const sent = client.query(values === undefined || values.length === 0 ? {text} : {text, values})
        return Promise.all([look, settle(answerInTime(client, sent))])
      }

      async function answerInTime<T>(client: pg.Client, sent: Promise<T>): Promise<T> {
        // No statement_timeout counts while COMMIT waits for a synchronous standby, and that can be for ever.
        const limitMs = committing ? options.transactionLimitMs : answerLimitMs
        if (limitMs === null) return sent
        const limit = setTimeout(() => abandon(client), limitMs)
        return sent.finally(() => clearTimeout(limit))
      }

      async function send(text: string, values: unknown[] | undefined) {
        const begins = beginPending
        beginPending = false
        committing = text === 'COMMIT'
        if (begins) answerLimitMs = options.transactionLimitMs + SILENCE_MS
        if (text.includes(TAKES_LIMIT_OFF)) answerLimitMs = null
        let [{refusal, standby}, outcome] = await flight(text, values, begins)
        // What a standby answered was the first thing it was asked, so nothing is lost by asking another server.
        while (standby && !search.isStale) {
          await moveOn()
          ;[{refusal, standby}, outcome] = await flight(text, values, begins)
        }
        if (refusal !== null) throw refusal
        if (committing || text === 'ROLLBACK') answerLimitMs = null
        if ('error' in outcome) throw outcome.error
        const {value} = outcome
        if (text === 'COMMIT' && value.command !== 'COMMIT')
          throw new Error('The transaction was rolled back at COMMIT')
        if (unconfirmed) throw notReplicated()
        return value
      }

      return {
        connect,
        end: async () => {
          // The server notices by itself; nobody should wait for its goodbye.
          search.close()
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
          return copyOut(search.client, text, () => {
            broken = true
          })
        },
      }
    },
  }))
}

/** With other servers to try, one that does not answer is not waited for as long. */
const ONE_OF_SEVERAL_LIMIT_MS = 3_000

function clientConfig({connectLimitMs}: DriverOptions, oneOfSeveral: boolean): pg.ClientConfig {
  return {
    application_name: 'fleks',
    connectionTimeoutMillis: oneOfSeveral ? Math.min(connectLimitMs, ONE_OF_SEVERAL_LIMIT_MS) : connectLimitMs,
    keepAlive: true,
    // The system's own delay is two hours.
    keepAliveInitialDelayMillis: 10_000,
    pipeline: true,
    types: {getTypeParser: columnParser as typeof pg.types.getTypeParser},
  } as pg.ClientConfig
}

function beginText(limitMs: number): string {
  return `begin; set local statement_timeout = ${limitMs}; set local idle_in_transaction_session_timeout = ${limitMs}`
}

function schemaRefusalOf(error: unknown): Refusal | null {
  // 42P01: there is no table `migration`, so this database was never migrated. Anything else the query itself meets too.
  return error instanceof Error && 'code' in error && error.code === '42P01' ? schemaRefusal(null) : null
}

function standbyOnly(): Refusal {
  return new Refusal('READ_ONLY_STANDBY', 'No primary server answers, only a standby, which cannot write', {
    hint: 'Try again when there is a primary; what only reads can be asked of the standby with: --stale-ok',
  })
}

function notReplicated(): Refusal {
  return new Refusal(
    'OUTCOME_UNKNOWN',
    'The standby did not confirm in time, so what was written may be lost with the primary',
    {
      hint: 'Look whether the standby runs, then run the same again',
    },
  )
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
