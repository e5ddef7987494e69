/** Writes entries as they were once written, with the times at which they were recorded. */

import {type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import type {FiledEntry} from '../core/ledger-file-lines.ts'
import {hexColumn, int8Column, momentColumn, textColumn} from './binary-arrays.ts'

export interface BatchedEntry extends FiledEntry {
  /** The import that it came with. */
  readonly batch: bigint | null
}

const HASH_BYTES = 32

/**
 * The database moves the accounts, or refuses them all. Both sides of a transfer are among them. The values are taken at
 * once, while the statement `before` still runs, so that the server need not wait for them.
 */
export async function writeEntries(
  tx: DatabaseTransactionConnection,
  entries: readonly BatchedEntry[],
  before: Promise<void>,
): Promise<void> {
  const insertion = entries.length === 0 ? null : insertionOf(entries)
  await before
  if (insertion === null) return
  const {written} = await tx.one(insertion)
  if (written !== entries.length) throw new Error(`${entries.length} entries were to be written and ${written} were`)
}

function insertionOf(entries: readonly BatchedEntry[]) {
  const ids = (value: (entry: BatchedEntry) => string | null) =>
    sql.binary(
      int8Column(entries, (entry) => {
        const digits = value(entry)
        return digits === null ? null : BigInt(digits)
      }),
    )
  const texts = (value: (entry: BatchedEntry) => string | null) => sql.binary(textColumn(entries, value))
  const moments = (value: (entry: BatchedEntry) => string) => sql.binary(momentColumn(entries, value))
  const hashes = sql.binary(hexColumn(entries, HASH_BYTES, ({hash}) => hash))
  const batches = sql.binary(int8Column(entries, ({batch}) => batch))
  return sql.type(z.object({written: z.int()}))`
    with written as (
      insert into entry (
        client_id, unit, seq, kind, direction, amount, balance_before, balance_after, staff_id, method, note,
        reference, reverses, counter_client_id, counter_seq, occurred_at, recorded_at, operator, hash, batch)
      select *
      from unnest(
        ${ids(({clientId}) => clientId)}::bigint[], ${texts(({unit}) => unit)}::text[],
        ${ids(({seq}) => seq)}::bigint[], ${texts(({kind}) => kind)}::text[],
        ${texts(({direction}) => direction)}::text[], ${ids(({amount}) => amount)}::bigint[],
        ${ids(({balanceBefore}) => balanceBefore)}::bigint[], ${ids(({balanceAfter}) => balanceAfter)}::bigint[],
        ${ids(({staffId}) => staffId)}::bigint[], ${texts(({method}) => method)}::text[],
        ${texts(({note}) => note)}::text[], ${texts(({reference}) => reference)}::text[],
        ${ids(({reversesSeq}) => reversesSeq)}::bigint[], ${ids(({counterClientId}) => counterClientId)}::bigint[],
        ${ids(({counterSeq}) => counterSeq)}::bigint[], ${moments(({occurredAt}) => occurredAt)}::timestamptz[],
        ${moments(({recordedAt}) => recordedAt)}::timestamptz[], ${texts(({operator}) => operator)}::text[],
        ${hashes}::bytea[], ${batches}::bigint[]
      )
      returning 1
    )
    select count(*)::integer as written from written`
}
