/** One moment of the whole database, held for as long as reading it takes, and rows of any number read from it. */

import {type DatabaseTransactionConnection, type FragmentSqlToken, sql} from 'slonik'
import * as z from 'zod/mini'
import {copyRows} from './copy-out.ts'
import type {Ledger} from './ledger.ts'

/**
 * Runs `work` in a read-only transaction that sees the database as it was at its first query, whatever is posted
 * meanwhile. Without the time limits of a posting, and never replayed: what was read may already be shown.
 */
export async function inSnapshot<T>(
  {pool}: Pick<Ledger, 'pool'>,
  work: (tx: DatabaseTransactionConnection) => Promise<T>,
): Promise<T> {
  return pool.transaction(async (tx) => {
    await tx.query(sql.unsafe`set transaction isolation level repeatable read, read only`)
    // COPY writes values as the session shows them.
    await tx.query(sql.unsafe`
      select set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true),
        set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true)`)
    return work(tx)
  }, 0)
}

const batchRow = z.object({lines: z.instanceof(Buffer)})

/** A row's columns as PostgreSQL writes them; null where they are null. */
export type TextRow = readonly (string | null)[]

/**
 * Gives every row of a query to `onBatch`, some hundreds at a time, which is awaited before more than a few further
 * ones are read. COPY takes no parameters: a value in `select` must be written with `sql.literalValue`.
 * When `onBatch` throws, the connection is given up, and its error is thrown here.
 */
export async function streamRows(
  tx: DatabaseTransactionConnection,
  select: FragmentSqlToken,
  onBatch: (rows: Iterable<TextRow>) => void | Promise<void>,
): Promise<void> {
  return streamLines(tx, select, (lines) => onBatch(copyRows(lines.toString())))
}

/** As `streamRows`, with the lines as COPY writes them in its text format, in UTF-8. */
export async function streamLines(
  tx: DatabaseTransactionConnection,
  select: FragmentSqlToken,
  onBatch: (lines: Buffer) => void | Promise<void>,
): Promise<void> {
  let reading: Promise<void> | undefined
  let ownError: unknown
  const read = async (stream: AsyncIterable<{readonly data: z.infer<typeof batchRow>}>) => {
    for await (const {data} of stream) {
      try {
        await onBatch(data.lines)
      } catch (error) {
        ownError = error
        throw error
      }
    }
  }
  try {
    await tx.stream(sql.type(batchRow)`copy (${select}) to stdout`, (stream) => {
      reading = read(stream)
      // It fails together with the stream, which is awaited first.
      reading.catch(() => {})
    })
    await reading
  } catch (error) {
    // Of a reader that throws, the stream only knows that it went away.
    throw ownError ?? error
  }
}
