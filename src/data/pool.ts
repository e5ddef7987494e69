/** The connections to one database, with every row checked against its schema. */

import {createPool, type DatabasePool, type Interceptor, type QueryResultRow, SchemaValidationError} from 'slonik'
import {driverFactory} from './driver.ts'

export interface PoolOptions {
  /** How many connections at most; a command needs one. */
  readonly connections?: number
  /** A connection that was not used for so long is given back; left out, it is kept. */
  readonly idleMs?: number
  readonly transactionLimitMs?: number
  readonly connectLimitMs?: number
  /** Called where no primary answers and a standby is read instead; left out, that is refused (READ_ONLY_STANDBY). */
  readonly onStale?: () => void
  /** Beside ours. */
  readonly interceptors?: readonly Interceptor[]
}

/**
 * Opens a pool on a libpq URL, or a list of them; the first query connects. Nothing here outlives a transaction on the server (no
 * session settings, no reset), so it works through PgBouncer in transaction mode.
 */
export async function openPool(url: string, options: PoolOptions = {}): Promise<DatabasePool> {
  return createPool('postgresql://driver-has-the-url', {
    connectionRetryLimit: 0,
    driverFactory: driverFactory({
      url,
      transactionLimitMs: options.transactionLimitMs ?? 60_000,
      connectLimitMs: options.connectLimitMs ?? 10_000,
      onStale: options.onStale ?? null,
    }),
    gracefulTerminationTimeout: 1_000,
    idleInTransactionSessionTimeout: 'DISABLE_TIMEOUT',
    idleTimeout: options.idleMs ?? 'DISABLE_TIMEOUT',
    interceptors: [rowCheck, ...(options.interceptors ?? [])],
    maximumConnectionAge: 'DISABLE_TIMEOUT',
    maxPoolSize: options.connections ?? 1,
    resetConnection: async () => {},
    statementTimeout: 'DISABLE_TIMEOUT',
    typeParsers: [],
  })
}

/** Slonik hands a query's schema over and leaves applying it to us. */
const rowCheck: Interceptor = {
  name: 'row-check',
  transformRow: ({resultParser}, query, row) => {
    if (resultParser === undefined) return row
    const result = resultParser['~standard'].validate(row)
    if (result instanceof Promise) throw new TypeError('A row schema must not be asynchronous')
    if (result.issues !== undefined) throw new SchemaValidationError(query, row, result.issues)
    return result.value as QueryResultRow
  },
}
